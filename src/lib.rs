#![doc = include_str!("../README.md")]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod auth;
mod client;
mod error;
mod events;
mod execute;
#[cfg(feature = "mock")]
pub mod mock;
mod operations;
mod request;
mod retry;
mod value;
pub mod webhook;

pub use auth::token_cache::{BoxError, REFRESH_AHEAD, Token, TokenSource};
pub use client::builder::{ClientBuilder, DEFAULT_ATTEMPT_TIMEOUT, DEFAULT_CONNECT_TIMEOUT, DEFAULT_TIMEOUT};
pub use client::custom_request::CustomRequest;
pub use client::{Client, Environment};
pub use error::api_error::{ApiError, ApiErrorDetail};
pub use error::{Error, ErrorKind};
pub use events::{DomainEvent, UnknownEvent};
pub use execute::body::{KEPT_BODY_BYTES, MAX_ANSWER_BYTES};
/// Why a text or number is no id, no value of an enum, or a body is incomplete: what to give instead.
pub use operations::types::error::ConversionError;
pub use operations::{builder, types};
/// What an operation answers: the value, by `Deref` or [`into_inner`](ResponseValue::into_inner), with the status and the
/// headers that it came with.
pub use progenitor_client::{ByteStream, ResponseValue};
pub use request::input::Optional;
pub use request::operation::{Auth, Operation};
/// The HTTP library below, for [`ClientBuilder::http`] and [`Client::request`].
pub use reqwest;
pub use retry::{DEFAULT_BASE_DELAY, DEFAULT_MAX_ATTEMPTS, DEFAULT_MAX_DELAY, Outcome, RetryClass, RetryPolicy};
/// The UUIDs that a [`UserId`] is made from.
pub use uuid::Uuid;
pub use value::ids::{LockId, UserId};
pub use value::secret::Secret;
pub use value::sensitive_json::OpaqueJson;

/// Which call is for which endpoint of the service, made from the contract.
///
/// The last column says what may be done after an attempt that may have acted: see [`RetryClass`].
pub mod endpoints {
    #![doc = include_str!(concat!(env!("OUT_DIR"), "/operations.md"))]
}
