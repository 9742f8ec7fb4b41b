#![doc = include_str!("../README.md")]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod answer;
mod api_error;
mod attempts;
mod budget;
mod call;
mod client;
mod config;
mod credentials;
mod custom_request;
mod error;
mod events;
mod fields;
mod generated;
mod hooks;
mod ids;
#[cfg(feature = "mock")]
pub mod mock;
mod opaque;
mod operation;
mod optional;
mod redact;
mod request;
mod retry;
mod retry_after;
mod secret;
mod token;
mod trace;
pub mod webhook;

pub use answer::{KEPT_BODY_BYTES, MAX_ANSWER_BYTES};
pub use api_error::{ApiError, ApiErrorDetail};
pub use client::{Client, Environment};
pub use config::{ClientBuilder, DEFAULT_ATTEMPT_TIMEOUT, DEFAULT_CONNECT_TIMEOUT, DEFAULT_TIMEOUT};
pub use custom_request::CustomRequest;
pub use error::{Error, ErrorKind};
pub use events::{DomainEvent, UnknownEvent};
/// Why a text or number is no id, no value of an enum, or a body is incomplete: what to give instead.
pub use generated::types::error::ConversionError;
pub use generated::{builder, types};
pub use ids::{LockId, UserId};
pub use opaque::OpaqueJson;
pub use operation::{Auth, Operation};
pub use optional::Optional;
/// What an operation answers: the value, by `Deref` or [`into_inner`](ResponseValue::into_inner), with the status and the
/// headers that it came with.
pub use progenitor_client::{ByteStream, ResponseValue};
/// The HTTP library below, for [`ClientBuilder::http`] and [`Client::request`].
pub use reqwest;
pub use retry::{DEFAULT_BASE_DELAY, DEFAULT_MAX_ATTEMPTS, DEFAULT_MAX_DELAY, Outcome, RetryClass, RetryPolicy};
pub use secret::Secret;
pub use token::{BoxError, REFRESH_AHEAD, Token, TokenSource};
/// The UUIDs that a [`UserId`] is made from.
pub use uuid::Uuid;

/// Which call is for which endpoint of the service, made from the contract.
///
/// The last column says what may be done after an attempt that may have acted: see [`RetryClass`].
pub mod endpoints {
    #![doc = include_str!(concat!(env!("OUT_DIR"), "/operations.md"))]
}
