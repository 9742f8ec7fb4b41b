pub(crate) mod api_error;
pub(crate) mod redact;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};

use crate::error::api_error::ApiError;
use crate::execute::body::{KEPT_BODY_BYTES, headers_of};
use crate::request::operation::Operation;
use crate::retry::retry_after;
use crate::retry::retry_loop::History;
use crate::retry::{Failed, Outcome, RetryClass, Seen};

/// Why a call did not succeed, and what became of the command.
///
/// What to do next hangs on [`outcome`](Self::outcome) first, then on [`kind`](Self::kind) and [`status`](Self::status):
///
/// ```
/// use spkey::{Error, Outcome};
///
/// fn advice(error: &Error) -> &'static str {
///     match (error.outcome(), error.status()) {
///         (Outcome::Applied, _) => "done; only the answer was lost",
///         (Outcome::Unknown, _) => "look whether it was done before doing it again",
///         (Outcome::NotApplied, Some(404)) => "check the ids",
///         (Outcome::NotApplied, _) => "not done; mend the cause and try again",
///     }
/// }
/// ```
///
/// `Display` is one line without credentials, header, URL, or value that was sent. [`source`](std::error::Error::source)
/// has the cause.
pub struct Error(pub(crate) Box<Fault>);

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built as it is configured.
    Config,
    /// The request is incomplete or cannot be sent as it is. Nothing was sent.
    Request,
    /// A credential is missing, or the token source gave none.
    Credentials,
    /// No connection: name, network, TLS, or the time limit for it.
    Connect,
    /// No answer within the time limit.
    Timeout,
    /// The connection broke after the request may have been sent.
    Transport,
    /// The service answered with a status that is no success.
    Api,
    /// The service answered with success, and the body is not what the contract says.
    Decode,
    /// The service answered with success, and the body is larger than
    /// [`MAX_ANSWER_BYTES`](crate::MAX_ANSWER_BYTES).
    TooLarge,
}

/// The longest request id that `Display` shows, in characters.
const LONGEST_ID: usize = 100;

impl Error {
    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What became of the command, over all attempts: an attempt that may have acted makes it unknown, whatever came after.
    pub fn outcome(&self) -> Outcome {
        self.0.history.outcome
    }

    /// The id of the operation, or none where the client could not be built.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The status of the last answer, where there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.answered.status.map(|status| status.as_u16())
    }

    /// The body of the last answer as the service's own error, where it is one.
    pub fn api(&self) -> Option<&ApiError> {
        self.0.answered.api.as_ref()
    }

    /// The headers of the last answer; empty where there was none.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.answered.headers
    }

    /// The body of the last answer as it came, up to [`KEPT_BODY_BYTES`](crate::KEPT_BODY_BYTES). It may hold personal
    /// data.
    pub fn body(&self) -> &[u8] {
        &self.0.answered.body
    }

    /// The id by which the service's operators find the request: its `cf-ray` or `x-request-id`.
    pub fn request_id(&self) -> Option<&str> {
        let header = |name| self.0.answered.headers.get(name)?.to_str().ok();
        header("x-request-id").or_else(|| header("cf-ray"))
    }

    /// How long the service asked to be left alone, in the last answer.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.failed.retry_after
    }

    /// How often the request was sent or tried to be sent.
    pub fn attempts(&self) -> u32 {
        self.0.history.attempts
    }

    /// How long the call took, with all attempts and waits.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    pub(crate) fn config(what: impl Into<Cow<'static, str>>) -> Self {
        Self(Fault::new(Seen::NotSent, ErrorKind::Config, what))
    }

    pub(crate) fn of_call(fault: Box<Fault>, operation: &Operation, history: History, elapsed: Duration) -> Self {
        let (operation, class) = (Some(operation.id), operation.retry);
        Self(Box::new(Fault { operation, class, history, elapsed, ..*fault }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = &self.0;
        write!(f, "{}: {}", fault.operation.unwrap_or("spkey client"), fault.what)?;
        if fault.history.attempts > 0 {
            write!(f, " ({} attempt{}", fault.history.attempts, if fault.history.attempts == 1 { "" } else { "s" })?;
            if let Some(id) = self.request_id() {
                write!(f, ", request id {}", id.escape_debug().take(LONGEST_ID).collect::<String>())?;
            }
            f.write_str(")")?;
        }
        match fault.advice() {
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

/// What went wrong in one attempt, or before the first; in the end, with what the whole call amounted to.
#[derive(Clone)]
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    pub(crate) what: Cow<'static, str>,
    pub(crate) failed: Failed,
    pub(crate) answered: Answered,
    pub(crate) source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    operation: Option<&'static str>,
    class: RetryClass,
    history: History,
    elapsed: Duration,
}

/// What is kept of an answer.
#[derive(Clone, Default)]
pub(crate) struct Answered {
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) api: Option<ApiError>,
}

impl Fault {
    pub(crate) fn new(seen: Seen, kind: ErrorKind, what: impl Into<Cow<'static, str>>) -> Box<Self> {
        Box::new(Self {
            kind,
            what: what.into(),
            failed: Failed { seen, timed_out: kind == ErrorKind::Timeout, retry_after: None },
            answered: Answered::default(),
            source: None,
            operation: None,
            class: RetryClass::Safe,
            history: History::NOTHING_SENT,
            elapsed: Duration::ZERO,
        })
    }

    /// With what is worth keeping of an answer.
    pub(crate) fn of_answer(mut self: Box<Self>, head: &mut Response, body: &[u8]) -> Box<Self> {
        let headers = headers_of(head);
        self.failed.retry_after = retry_after::read(&headers, SystemTime::now());
        let (status, body) = (Some(head.status()), body.get(..KEPT_BODY_BYTES).unwrap_or(body).to_vec());
        self.answered = Answered { status, headers, body, api: None };
        self
    }

    /// With a cause, whose URL is taken out: it holds ids and addresses.
    pub(crate) fn caused_by(mut self: Box<Self>, error: reqwest::Error) -> Box<Self> {
        self.failed.timed_out |= error.is_timeout();
        self.source = Some(Arc::new(error.without_url()));
        self
    }

    /// What to do next.
    fn advice(&self) -> &'static str {
        let status = self.answered.status.map_or(0, |status| status.as_u16());
        match (self.history.outcome, self.kind) {
            (_, ErrorKind::Config | ErrorKind::Request | ErrorKind::Credentials) if self.history.attempts == 0 => "",
            (Outcome::Applied, _) if self.class != RetryClass::Safe => {
                "it was carried out: do not send it again, read its result instead"
            }
            (_, ErrorKind::Decode | ErrorKind::TooLarge) => "check the base URL, and for a newer version of this crate",
            (_, ErrorKind::Api) if (300..400).contains(&status) => "redirects are not followed: check the base URL",
            (Outcome::Unknown, _) if self.class == RetryClass::Repeatable => {
                "it may have been carried out: it is harmless to send it again later"
            }
            (Outcome::Unknown, _) if self.class != RetryClass::Safe => {
                "it may have been carried out: look before sending it again"
            }
            (_, ErrorKind::Connect) => "check the network and the base URL, and send it again",
            (_, ErrorKind::Api) if (400..500).contains(&status) && status != 408 => match status {
                401 | 403 => "it was refused: check the credentials and what they may do",
                404 => "it was refused: check the ids",
                429 => "it was refused: wait before sending it again",
                _ => "it was refused: mend the request",
            },
            _ if self.class == RetryClass::Safe => "it only reads: send it again later",
            _ => "it was not carried out: send it again later",
        }
    }
}
