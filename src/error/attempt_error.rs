use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};

use crate::error::api_error::ApiError;
use crate::error::kind::ErrorKind;
use crate::error::response_headers::take_headers;
use crate::error::ticket::Ticket;
use crate::retry::class::RetryClass;
use crate::retry::classify::FailureClass;
use crate::retry::decide::FailedAttempt;
use crate::retry::retry_after;
use crate::retry::retry_loop::CallHistory;

/// How much of the body of a response an error keeps, in bytes: 4 KiB.
pub const KEPT_BODY_BYTES: usize = 4 * 1024;

/// What went wrong in one attempt, or before the first; in the end, with what the whole call amounted to.
#[derive(Clone)]
pub(crate) struct AttemptError {
    pub(crate) kind: ErrorKind,
    pub(crate) what: Cow<'static, str>,
    pub(crate) failed: FailedAttempt,
    pub(crate) received: Received,
    pub(crate) source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    pub(crate) operation: Option<&'static str>,
    pub(crate) class: RetryClass,
    pub(crate) history: CallHistory,
    pub(crate) elapsed: Duration,
    pub(crate) ticket: Option<Box<Ticket>>,
}

/// What is kept of a response.
#[derive(Clone, Default)]
pub(crate) struct Received {
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) api: Option<ApiError>,
    /// The request id as `Display` may show it.
    pub(crate) shown_id: Option<String>,
}

impl AttemptError {
    pub(crate) fn new(class: FailureClass, kind: ErrorKind, what: impl Into<Cow<'static, str>>) -> Box<Self> {
        Box::new(Self {
            kind,
            what: what.into(),
            failed: FailedAttempt { class, timed_out: kind == ErrorKind::Timeout, retry_after: None },
            received: Received::default(),
            source: None,
            operation: None,
            class: RetryClass::Safe,
            history: CallHistory::NOTHING_SENT,
            elapsed: Duration::ZERO,
            ticket: None,
        })
    }

    /// What the retry decision needs to know of it.
    #[allow(clippy::borrowed_box, reason = "the loop has the error in its box")]
    pub(crate) fn failed(error: &Box<Self>) -> FailedAttempt {
        error.failed
    }

    /// With what is worth keeping of a response.
    pub(crate) fn of_response(mut self: Box<Self>, response: &mut Response, body: &[u8]) -> Box<Self> {
        let headers = take_headers(response);
        self.failed.retry_after = retry_after::read(&headers, SystemTime::now());
        self.received.status = Some(response.status());
        self.received.body = body.get(..KEPT_BODY_BYTES).unwrap_or(body).to_vec();
        self.received.headers = headers;
        self
    }

    /// With a cause, whose URL is removed: it holds ids and addresses.
    pub(crate) fn caused_by(mut self: Box<Self>, error: reqwest::Error) -> Box<Self> {
        self.failed.timed_out |= error.is_timeout();
        self.source = Some(Arc::new(error.without_url()));
        self
    }
}
