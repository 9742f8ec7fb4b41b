use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::error::Error;
use crate::error::api_error::ApiError;
use crate::error::attempt_error::AttemptError;
use crate::error::kind::ErrorKind;
use crate::error::response_headers::request_id;
use crate::mock::mock_response::MockResponse;
use crate::request::operation::Operation;
use crate::retry::classify::FailureClass;
use crate::retry::outcome::Outcome;
use crate::retry::retry_after;
use crate::retry::retry_loop::CallHistory;

/// Makes an [`Error`] of a call of that operation, for tests of error handling that need no server.
///
/// Without more, it is of the kind that has the outcome most often: `NotApplied` without a connection, `Unknown` without a
/// response in time, `Applied` with a response that cannot be read.
///
/// ```
/// use std::time::Duration;
///
/// use spkey::{Error, Outcome, mock};
///
/// // The code under test.
/// fn next_step(error: &Error) -> &'static str {
///     match error.outcome() {
///         Outcome::Applied => "done",
///         Outcome::Unknown => "look whether the door is open",
///         Outcome::NotApplied if error.is_rate_limited() => "wait",
///         Outcome::NotApplied => "give up",
///     }
/// }
///
/// let lost = mock::error("open_lock", Outcome::Unknown).build();
/// assert!(lost.is_timeout());
/// assert_eq!(next_step(&lost), "look whether the door is open");
///
/// let busy = mock::error("open_lock", Outcome::NotApplied).status(429, "too many calls").header("retry-after", "60");
/// let busy = busy.build();
/// assert_eq!((next_step(&busy), busy.retry_after()), ("wait", Some(Duration::from_secs(60))));
/// ```
///
/// # Panics
/// If there is no operation of that id.
#[track_caller]
#[allow(clippy::panic, reason = "a test ends with it")]
pub fn error(operation: &str, outcome: Outcome) -> MockError {
    let Some(operation) = Operation::find(operation) else {
        panic!("there is no operation {operation}: give the name of a method of the client");
    };
    let kind = match outcome {
        Outcome::NotApplied => ErrorKind::Connect,
        Outcome::Unknown => ErrorKind::Timeout,
        Outcome::Applied => ErrorKind::Decode,
    };
    MockError { operation, outcome, kind, response: None, headers: HeaderMap::new() }
}

/// An [`Error`] in the making. Made by [`error`].
#[derive(Clone, Debug)]
#[must_use]
pub struct MockError {
    operation: &'static Operation,
    outcome: Outcome,
    kind: ErrorKind,
    response: Option<(StatusCode, ApiError)>,
    headers: HeaderMap,
}

impl MockError {
    /// The service has responded with that error: a message, or a whole [`ApiError`]. The kind is [`ErrorKind::Api`].
    ///
    /// # Panics
    /// If the status is not between 400 and 599.
    #[track_caller]
    pub fn status(self, status: u16, error: impl Into<ApiError>) -> Self {
        let known = StatusCode::from_u16(status).ok().filter(|status| (400..600).contains(&status.as_u16()));
        assert!(known.is_some(), "{status} is no error status: give one from 400 to 599");
        Self { kind: ErrorKind::Api, response: known.map(|status| (status, error.into())), ..self }
    }

    /// Nothing was responded, or nothing that can be read: what went wrong instead.
    ///
    /// # Panics
    /// For [`ErrorKind::Api`], which needs a [`status`](Self::status), and for [`ErrorKind::Config`], which no call returns.
    #[track_caller]
    pub fn kind(self, kind: ErrorKind) -> Self {
        assert!(kind != ErrorKind::Api, "an error of the service has a status: give it by `status`");
        assert!(kind != ErrorKind::Config, "no call returns an error of the configuration: give another kind");
        Self { kind, response: None, ..self }
    }

    /// Adds a header of the response: `Retry-After`, for instance.
    ///
    /// # Panics
    /// If it is no header.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let header = name.parse::<HeaderName>().ok().zip(value.parse::<HeaderValue>().ok());
        assert!(header.is_some(), "{name}: a header cannot have that name or value");
        self.headers.extend(header);
        self
    }

    /// The error.
    ///
    /// # Panics
    /// If no call returns such an error: a 503 that is `NotApplied`, for instance, since the service may have acted.
    #[track_caller]
    pub fn build(self) -> Error {
        let Self { operation, outcome, kind, response, headers } = self;
        let status = response.as_ref().map(|(status, _)| *status);
        let class = class(kind, status, outcome);
        assert!(
            outcome >= class.outcome(),
            "{}: {outcome} is less than such an error says: give {} or more",
            status.map_or(kind.to_string(), |status| status.to_string()),
            class.outcome(),
        );
        let mut error = AttemptError::new(class, kind, what(kind, response.as_ref()));
        error.failed.retry_after = retry_after::read(&headers, SystemTime::now());
        let acted = class.outcome() == Outcome::Applied;
        error.received.status = status.or(acted.then_some(StatusCode::OK));
        error.received.shown_id = request_id(&headers).map(ToOwned::to_owned);
        error.received.headers = headers;
        if let Some((status, api)) = response {
            error.received.body = MockResponse::error(status.as_u16(), &api).body();
            error.received.api = ApiError::read(&error.received.body);
        }
        // What the last attempt does not say, one before it did.
        let attempts = u32::from(class != FailureClass::NotSent) + u32::from(outcome > class.outcome());
        Error::of_call(error, operation.id, operation.retry, CallHistory { attempts, outcome }, Duration::ZERO, None)
    }
}

/// What the last attempt proves.
fn class(kind: ErrorKind, status: Option<StatusCode>, outcome: Outcome) -> FailureClass {
    match kind {
        ErrorKind::Api => FailureClass::of_status(status.unwrap_or_default().as_u16(), false),
        ErrorKind::Connect => FailureClass::NotConnected,
        ErrorKind::Timeout | ErrorKind::Transport if outcome == Outcome::Applied => FailureClass::ResponseLost,
        ErrorKind::Timeout | ErrorKind::Transport => FailureClass::MayHaveActed,
        ErrorKind::Decode | ErrorKind::TooLarge => FailureClass::ResponseUnreadable,
        ErrorKind::Config | ErrorKind::Request | ErrorKind::Credentials | ErrorKind::Pages => FailureClass::NotSent,
    }
}

fn what(kind: ErrorKind, response: Option<&(StatusCode, ApiError)>) -> String {
    if let Some((status, api)) = response {
        let text = api.text().map(|text| format!(": {text}")).unwrap_or_default();
        let status = format!("{} {}", status.as_str(), status.canonical_reason().unwrap_or_default());
        return format!("{}{text}", status.trim_end());
    }
    let what = match kind {
        ErrorKind::Connect => "no connection",
        ErrorKind::Timeout => "no response in time",
        ErrorKind::Transport => "the connection broke before the response",
        ErrorKind::Decode => "the response is not what the contract says",
        ErrorKind::TooLarge => "the response is too large",
        ErrorKind::Credentials => "there is no token",
        ErrorKind::Pages => "the pages cannot be followed",
        ErrorKind::Api | ErrorKind::Config | ErrorKind::Request => "the request is invalid",
    };
    what.to_owned()
}
