use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::attempts::History;
use crate::retry::{Outcome, RetryClass};
use crate::{ApiError, Operation};

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
pub struct Error(Box<Fault>);

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
        self.0.outcome
    }

    /// The id of the operation, or none where the client could not be built.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The status of the last answer, where there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// The body of the last answer as the service's own error, where it is one.
    pub fn api(&self) -> Option<&ApiError> {
        self.0.api.as_ref()
    }

    /// The headers of the last answer; empty where there was none.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body of the last answer as it came, up to [`KEPT_BODY_BYTES`](crate::KEPT_BODY_BYTES). It may hold personal
    /// data.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// The id by which the service's operators find the request: its `cf-ray` or `x-request-id`.
    pub fn request_id(&self) -> Option<&str> {
        let header = |name| self.0.headers.get(name)?.to_str().ok();
        header("x-request-id").or_else(|| header("cf-ray"))
    }

    /// How long the service asked to be left alone, in the last answer.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How often the request was sent or tried to be sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call took, with all attempts and waits.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    pub(crate) fn config(what: impl Into<Cow<'static, str>>) -> Self {
        Self::of_client(Fault::new(ErrorKind::Config, what))
    }

    /// Of a client that cannot be built.
    pub(crate) fn of_client(fault: Box<Fault>) -> Self {
        Self(fault)
    }

    pub(crate) fn of_call(mut fault: Box<Fault>, operation: &Operation, history: History, elapsed: Duration) -> Self {
        (fault.operation, fault.class, fault.elapsed) = (Some(operation.id), operation.retry, elapsed);
        History { attempts: fault.attempts, outcome: fault.outcome } = history;
        Self(fault)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = &self.0;
        match fault.operation {
            Some(operation) => write!(f, "{operation}: ")?,
            None => f.write_str("spkey client: ")?,
        }
        match (fault.kind, fault.status) {
            (ErrorKind::Api, Some(status)) => {
                write!(f, "{}", status.as_u16())?;
                if let Some(reason) = status.canonical_reason() {
                    write!(f, " {reason}")?;
                }
            }
            _ => f.write_str(&fault.what)?,
        }
        if let Some(message) = &fault.message {
            write!(f, ": {message}")?;
        }
        if fault.attempts > 0 {
            write!(f, " ({} attempt{}", fault.attempts, if fault.attempts == 1 { "" } else { "s" })?;
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
        debug.field("kind", &self.kind()).field("operation", &self.operation()).field("status", &self.status());
        debug.field("outcome", &self.outcome()).field("attempts", &self.attempts()).field("elapsed", &self.elapsed());
        debug.field("display", &self.to_string());
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
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    pub(crate) what: Cow<'static, str>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) api: Option<ApiError>,
    /// The service's message, without what was sent.
    pub(crate) message: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    operation: Option<&'static str>,
    class: RetryClass,
    attempts: u32,
    elapsed: Duration,
    outcome: Outcome,
}

impl Fault {
    pub(crate) fn new(kind: ErrorKind, what: impl Into<Cow<'static, str>>) -> Box<Self> {
        Box::new(Self {
            kind,
            what: what.into(),
            status: None,
            headers: HeaderMap::new(),
            body: Vec::new(),
            api: None,
            message: None,
            retry_after: None,
            source: None,
            operation: None,
            class: RetryClass::Safe,
            attempts: 0,
            elapsed: Duration::ZERO,
            outcome: Outcome::NotApplied,
        })
    }

    /// With a cause, whose URL is taken out: it holds ids and addresses.
    pub(crate) fn caused_by(mut self: Box<Self>, error: reqwest::Error) -> Box<Self> {
        self.source = Some(Arc::new(error.without_url()));
        self
    }

    /// What to do next.
    fn advice(&self) -> &'static str {
        let status = self.status.map_or(0, |status| status.as_u16());
        match (self.outcome, self.kind) {
            (_, ErrorKind::Config | ErrorKind::Request | ErrorKind::Credentials) if self.attempts == 0 => "",
            (Outcome::Applied, _) if self.class != RetryClass::Safe => {
                "it was carried out: do not send it again, read its result instead"
            }
            (_, ErrorKind::Decode | ErrorKind::TooLarge) => "check the base URL, and for a newer version of this crate",
            (_, ErrorKind::Api) if (300..400).contains(&status) => "redirects are not followed: check the base URL",
            (Outcome::Unknown, _) if self.class == RetryClass::Safe => "it only reads: send it again later",
            (Outcome::Unknown, _) if self.class == RetryClass::Repeatable => {
                "it may have been carried out: it is harmless to send it again later"
            }
            (Outcome::Unknown, _) => "it may have been carried out: look before sending it again",
            (_, ErrorKind::Connect) => "nothing was sent: check the network and the base URL",
            (_, ErrorKind::Api) => match status {
                401 | 403 => "it was refused: check the credentials and what they may do",
                404 => "it was refused: check the ids",
                429 => "it was refused: wait before sending it again",
                _ => "it was refused: mend the request",
            },
            _ => "it was not carried out: mend the cause and send it again",
        }
    }
}
