#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod auth;
mod client;
mod confirm;
mod error;
mod events;
mod execute;
pub mod matter;
#[cfg(feature = "mock")]
pub mod mock;
pub mod operations;
pub mod pages;
mod request;
mod retry;
pub mod types;
mod value;
pub mod webhook;

pub use auth::token_cache::{REFRESH_AHEAD, REJECTED_REFRESH_INTERVAL};
pub use auth::token_source::{BoxError, Token, TokenFuture, TokenSource};
pub use client::Client;
pub use client::builder::{ClientBuilder, DEFAULT_ATTEMPT_TIMEOUT, DEFAULT_CONNECT_TIMEOUT, DEFAULT_TIMEOUT};
pub use client::custom_request::CustomRequest;
pub use client::environment::Environment;
pub use client::operation_call::OperationCall;
pub use confirm::confirmation::{Confirmation, Evidence, Unknowable};
pub use confirm::pending_confirmation::{DEFAULT_SETTLE, PendingConfirmation};
pub use error::Error;
pub use error::api_error::{ApiError, ApiErrorDetail};
pub use error::attempt_error::KEPT_BODY_BYTES;
pub use error::kind::ErrorKind;
pub use error::ticket::Ticket;
pub use events::{DomainEvent, UnknownEvent};
pub use execute::body::MAX_RESPONSE_BYTES;
pub use execute::response::Response;
pub use request::endpoint::Endpoint;
pub use request::operation::{Auth, Input, InputLocation, Operation};
/// The HTTP library below, for [`ClientBuilder::http`] and [`Client::request`].
pub use reqwest;
pub use retry::class::RetryClass;
pub use retry::outcome::Outcome;
pub use retry::policy::{DEFAULT_BASE_DELAY, DEFAULT_MAX_ATTEMPTS, DEFAULT_MAX_DELAY, RetryPolicy};
/// The UUIDs that a [`UserId`] is made from.
pub use uuid::Uuid;
pub use value::conversion_error::ConversionError;
pub use value::date_time::DateTime;
pub use value::into_input::IntoInput;
pub use value::lock_id::LockId;
pub use value::number::Number;
pub use value::secret::Secret;
pub use value::sensitive_json::SensitiveJson;
pub use value::shape::{FieldShape, ScalarKind, Shape};
pub use value::user_id::UserId;

/// Which call is for which endpoint of the service.
///
/// The last column says what may be done after an attempt that may have acted: see [`RetryClass`].
pub mod endpoints {
    #![doc = include_str!(concat!(env!("OUT_DIR"), "/endpoints.md"))]
}
