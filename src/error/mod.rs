//! The error of every call: what went wrong, whether the command took effect, and what to do next.

pub(crate) mod advice;
pub(crate) mod api_error;
pub(crate) mod attempt_error;
pub(crate) mod kind;
pub(crate) mod redact;
pub(crate) mod response_headers;
pub(crate) mod ticket;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::error::advice::advice;
use crate::error::api_error::ApiError;
use crate::error::attempt_error::AttemptError;
use crate::error::kind::ErrorKind;
use crate::error::response_headers::request_id;
use crate::error::ticket::Ticket;
use crate::retry::class::RetryClass;
use crate::retry::classify::FailureClass;
use crate::retry::outcome::Outcome;
use crate::retry::retry_loop::CallHistory;
use crate::value::conversion_error::ConversionError;

/// Why a call did not succeed, and whether the command took effect.
///
/// What to do next depends on [`outcome`](Self::outcome) first, then on [`kind`](Self::kind) and [`status`](Self::status):
///
/// ```
/// use spkey::{Error, Outcome};
///
/// fn next_step(error: &Error) -> &'static str {
///     match error.outcome() {
///         Outcome::Applied => "done; only the response was lost",
///         Outcome::Unknown => "check whether it took effect before repeating it",
///         Outcome::NotApplied if error.is_not_found() => "check the ids",
///         Outcome::NotApplied => "not done: fix the cause, then repeat it",
///     }
/// }
/// ```
///
/// `Display` is one line without credentials, headers, URLs or personal data. [`source`](std::error::Error::source) has the
/// cause. It is small and cheap to move; a clone copies what is kept of the response.
#[derive(Clone)]
pub struct Error(Box<AttemptError>);

impl Error {
    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the command took effect, over all attempts: an attempt that may have acted makes it unknown, whatever came
    /// after.
    pub fn outcome(&self) -> Outcome {
        self.0.history.outcome
    }

    /// The id of the operation, or none if the client could not be built.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The status of the last response, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.received.status.map(|status| status.as_u16())
    }

    /// The body of the last response as the service's own error, if it is one.
    pub fn api(&self) -> Option<&ApiError> {
        self.0.received.api.as_ref()
    }

    /// The headers of the last response; empty if there was none.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.received.headers
    }

    /// The body of the last response as it came, up to [`KEPT_BODY_BYTES`](crate::KEPT_BODY_BYTES). It may hold personal
    /// data.
    pub fn body(&self) -> &[u8] {
        &self.0.received.body
    }

    /// The id by which the service's operators find the request: its `x-request-id` or `cf-ray`.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.0.received.headers)
    }

    /// How long the service asked to wait, in the last response (`Retry-After`, RFC 9110, section 10.2.3).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.failed.retry_after
    }

    /// How many attempts were sent, or tried to be sent.
    pub fn attempts(&self) -> u32 {
        self.0.history.attempts
    }

    /// How long the call took, with all attempts and waits.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// What it takes to find out later what became of the command: [`Client::confirm`](crate::Client::confirm). Store it if the
    /// process may end before that.
    ///
    /// None if the operation only reads or is not of the contract, and if the command certainly did nothing; a 400, 404, 409 or
    /// 422 has one, since it may say that there was nothing to do.
    pub fn ticket(&self) -> Option<Ticket> {
        self.0.ticket.as_deref().cloned()
    }

    /// Status 404: the lock, the user or another thing does not exist. Check the ids.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Status 401: the credentials are missing, invalid or expired. Check the key or the token source.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(401)
    }

    /// Status 403: the credentials are valid and do not permit this. Check what the key or the user may do.
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(403)
    }

    /// Status 409: it conflicts with what is there, such as an id that is taken. Read the current state first.
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(409)
    }

    /// Status 429: too many requests. Wait for [`retry_after`](Self::retry_after), and send fewer at a time.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// No response within the time limit. A command may have taken effect: look at [`outcome`](Self::outcome).
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// No connection was made, and nothing was sent. Check the network, the base URL and the certificates.
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    pub(crate) fn config(what: impl Into<Cow<'static, str>>) -> Self {
        Self(AttemptError::new(FailureClass::NotSent, ErrorKind::Config, what))
    }

    /// Why the pages of a list cannot be followed.
    pub(crate) fn of_pages(operation: &'static str, what: String) -> Self {
        let mut error = AttemptError::new(FailureClass::NotSent, ErrorKind::Pages, what);
        error.operation = Some(operation);
        Self(error)
    }

    /// Of a request that cannot be put together.
    pub(crate) fn of_request(mut error: Box<AttemptError>, operation: &'static str) -> Self {
        error.operation = Some(operation);
        Self(error)
    }

    pub(crate) fn of_client(error: Box<AttemptError>) -> Self {
        Self(error)
    }

    pub(crate) fn of_call(
        mut error: Box<AttemptError>,
        operation: &'static str,
        class: RetryClass,
        history: CallHistory,
        elapsed: Duration,
        ticket: Option<Box<Ticket>>,
    ) -> Self {
        error.operation = Some(operation);
        error.class = class;
        error.history = history;
        error.elapsed = elapsed;
        error.ticket = ticket;
        Self(error)
    }
}

/// A value that is no valid id or enum value: nothing was sent.
impl From<ConversionError> for Error {
    fn from(error: ConversionError) -> Self {
        Self(AttemptError::new(FailureClass::NotSent, ErrorKind::Request, error.to_string()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = &self.0;
        write!(f, "{}: {}", error.operation.unwrap_or("spkey"), error.what)?;
        if error.history.attempts > 0 {
            write!(f, " ({} attempt{}", error.history.attempts, if error.history.attempts == 1 { "" } else { "s" })?;
            if let Some(id) = &error.received.shown_id {
                write!(f, ", request id {id}")?;
            }
            f.write_str(")")?;
        }
        match advice(error) {
            "" => Ok(()),
            advice => write!(f, "; {advice}"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &self.kind()).field("status", &self.status()).field("outcome", &self.outcome());
        debug.field("elapsed", &self.elapsed()).field("display", &self.to_string());
        if let (ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport, Some(source)) =
            (self.kind(), &self.0.source)
        {
            debug.field("source", source);
        }
        debug.finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
