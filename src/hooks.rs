//! Where generated code and this crate meet: check, authorise, attempt, settle.

use std::borrow::Cow;
use std::mem::take;
use std::time::{Duration, SystemTime};

use progenitor_client::{ByteStream, ResponseValue, encode_path};
use reqwest::header::{AUTHORIZATION, Entry, HeaderMap, HeaderName, LOCATION, SET_COOKIE};
use reqwest::{Request, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use crate::attempts::{Failure, History, Plan, run};
use crate::body::{self, Cut, KEPT_BODY_BYTES, MAX_ANSWER_BYTES, MAX_ERROR_BYTES};
use crate::client::Client;
use crate::credentials::Bearer;
use crate::error::{Error, ErrorKind, Fault};
use crate::retry::{Failed, Outcome, Seen};
use crate::token::Cached;
use crate::{ApiError, Auth, Operation, Secret, redact, retry_after, trace};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const ADMIN_KEY: HeaderName = HeaderName::from_static("x-admin-api-key");

/// Why a request could not be made. Generated builders end with it.
pub(crate) enum RequestError {
    InvalidRequest(String),
    Build(reqwest::Error),
}

impl From<reqwest::Error> for RequestError {
    fn from(error: reqwest::Error) -> Self {
        Self::Build(error)
    }
}

/// A path parameter as it stands in a URL.
pub(crate) fn path_value(value: &impl PathValue) -> String {
    value.encoded()
}

/// What can be a path parameter: whatever can be displayed, and secrets.
pub(crate) trait PathValue {
    fn encoded(&self) -> String;
}

impl<T: std::fmt::Display> PathValue for T {
    fn encoded(&self) -> String {
        encoded(&self.to_string())
    }
}

impl PathValue for Secret {
    fn encoded(&self) -> String {
        encoded(self.expose())
    }
}

/// A URL takes a backslash for a slash, which `encode_path` leaves: `a\..\b` would arrive as `b`.
fn encoded(text: &str) -> String {
    encode_path(text).replace('\\', "%5C")
}

/// Reads a list of an answer that may be null.
pub(crate) fn null_is_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Makes the call of an operation whose success has a JSON body.
pub(crate) async fn call<T: DeserializeOwned>(
    client: &Client,
    operation: &Operation,
    request: Result<Request, RequestError>,
) -> Result<ResponseValue<T>, Error> {
    let call = Call::start(client, operation);
    let (mut answer, history) = call.perform(request, Reading::Whole).await?;
    match serde_json::from_slice(&answer.body) {
        Ok(value) => Ok(ResponseValue::new(value, answer.head.status(), headers_of(&mut answer.head))),
        Err(error) => {
            let what = format!("the answer is not what the contract says ({})", position(&error));
            let fault = fault_of(ErrorKind::Decode, what, &mut answer.head, answer.body);
            Err(call.fail(fault, History { outcome: Outcome::Applied, ..history }))
        }
    }
}

/// Makes the call of an operation whose success says nothing but its status.
pub(crate) async fn call_empty(
    client: &Client,
    operation: &Operation,
    request: Result<Request, RequestError>,
) -> Result<ResponseValue<()>, Error> {
    let (mut answer, _) = Call::start(client, operation).perform(request, Reading::Whole).await?;
    Ok(ResponseValue::new((), answer.head.status(), headers_of(&mut answer.head)))
}

/// Makes the call of an operation whose success is a stream of bytes. The time limits hold until its head has arrived.
pub(crate) async fn call_stream(
    client: &Client,
    operation: &Operation,
    request: Result<Request, RequestError>,
) -> Result<ResponseValue<ByteStream>, Error> {
    let (answer, _) = Call::start(client, operation).perform(request, Reading::Head).await?;
    Ok(ResponseValue::stream(answer.head))
}

/// What an answer says of itself, with what opens something marked so that `Debug` does not show it.
fn headers_of(head: &mut Response) -> HeaderMap {
    let mut headers = take(head.headers_mut());
    for name in [SET_COOKIE, LOCATION] {
        if let Entry::Occupied(mut values) = headers.entry(name) {
            values.iter_mut().for_each(|value| value.set_sensitive(true));
        }
    }
    headers
}

/// How much of a success is read within the time limits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Head,
    Whole,
}

/// A success, with as much of its body as was read.
struct Answer {
    head: Response,
    body: Vec<u8>,
}

/// One call, with all of its attempts.
struct Call<'a> {
    client: &'a Client,
    operation: &'a Operation,
    started: Instant,
    span: tracing::Span,
}

impl<'a> Call<'a> {
    fn start(client: &'a Client, operation: &'a Operation) -> Self {
        Self { client, operation, started: Instant::now(), span: trace::call(client, operation) }
    }

    async fn perform(
        &self,
        request: Result<Request, RequestError>,
        reading: Reading,
    ) -> Result<(Answer, History), Error> {
        let request = request.map_err(RequestError::fault).and_then(|request| self.check(request));
        let request = request.map_err(|fault| self.fail(fault, History::NOTHING_SENT))?;
        let plan = Plan {
            class: self.operation.retry,
            policy: &self.client.policy,
            budget: &self.client.shared.budget,
            deadline: after(self.started, self.client.timeout),
            attempt_timeout: self.client.attempt_timeout,
        };
        let attempts = run(
            &plan,
            |end| self.attempt(&request, end, reading),
            tokio::time::sleep,
            fastrand::f64,
            |attempt, wait, fault| trace::retry(self.operation, attempt, wait, fault),
        );
        let (result, history) = attempts.instrument(self.span.clone()).await;
        match result {
            Ok(answer) => {
                trace::success(&self.span, answer.head.status(), history.attempts);
                Ok((answer, history))
            }
            Err(fault) => Err(self.fail(fault, history)),
        }
    }

    /// Refuses a path whose parameters make it another operation's.
    fn check(&self, request: Request) -> Result<Request, Box<Fault>> {
        let path = request.url().path().strip_prefix(self.client.shared.base_path.as_str());
        if path.is_some_and(|path| self.operation.matches(path)) {
            return Ok(request);
        }
        let what =
            format!("a path parameter of {} is empty, a dot or two, or holds a slash: mend it", self.operation.path);
        Err(Fault::new(ErrorKind::Request, what))
    }

    async fn attempt(&self, request: &Request, end: Instant, reading: Reading) -> Result<Answer, Failure<Box<Fault>>> {
        let Some(mut sent) = request.try_clone() else {
            let fault = Fault::new(ErrorKind::Request, "the body is a stream, which cannot be sent again: give bytes");
            return Err(failure(Seen::NotSent, false, fault));
        };
        let token =
            self.authorise(sent.headers_mut(), end).await.map_err(|fault| failure(Seen::NotSent, false, fault))?;
        let mut head = match timeout_at(end, self.client.client.execute(sent)).await {
            Ok(Ok(head)) => head,
            Ok(Err(error)) => return Err(unanswered(error)),
            Err(_) => {
                return Err(failure(Seen::MayHaveActed, true, Fault::new(ErrorKind::Timeout, "no answer in time")));
            }
        };
        let status = head.status();
        if !(status.is_success() || self.operation.redirects && status == StatusCode::SEE_OTHER) {
            return Err(self.refused(request, token.as_ref(), head, end).await);
        }
        if reading == Reading::Head {
            return Ok(Answer { head, body: Vec::new() });
        }
        let (body, cut) = if body::announced(&head) > MAX_ANSWER_BYTES {
            (Vec::new(), Some(Cut::TooLarge))
        } else {
            body::read(&mut head, MAX_ANSWER_BYTES, end).await
        };
        let Some(cut) = cut else { return Ok(Answer { head, body }) };
        let mut fault = fault_of(ErrorKind::Transport, "the answer broke off", &mut head, body);
        Err(match cut {
            Cut::TooLarge => {
                (fault.kind, fault.what) = (ErrorKind::TooLarge, "the answer is larger than 8 MiB".into());
                failure(Seen::Unreadable, false, fault)
            }
            Cut::Broken(error) => failure(Seen::AnswerLost, false, fault.caused_by(error)),
            Cut::TimedOut => {
                (fault.kind, fault.what) = (ErrorKind::Timeout, "the answer did not end in time".into());
                failure(Seen::AnswerLost, true, fault)
            }
        })
    }

    /// Puts on the credentials that the operation takes. Answers with the token, where it can be refreshed.
    async fn authorise(&self, headers: &mut HeaderMap, end: Instant) -> Result<Option<Cached>, Box<Fault>> {
        let credentials = &self.client.shared.credentials;
        if self.operation.auth == Auth::None {
            return Ok(None);
        }
        if self.operation.auth == Auth::Admin {
            let missing = || {
                Fault::new(ErrorKind::Credentials, "it takes the admin key: give it to the client builder's `admin`")
            };
            headers.insert(ADMIN_KEY, credentials.admin_key.clone().ok_or_else(missing)?);
        }
        if let Some(key) = &credentials.api_key {
            headers.insert(API_KEY, key.clone());
        }
        let (header, token) = match &credentials.bearer {
            None => return Ok(None),
            Some(Bearer::Fixed(header)) => (header.clone(), None),
            Some(Bearer::Source(cache)) => {
                let token = cache.get(end).await?;
                (token.header.clone(), Some(token))
            }
        };
        headers.insert(AUTHORIZATION, header);
        Ok(token)
    }

    /// Reads an answer that is no success. Whatever becomes of its body, its status stays.
    async fn refused(
        &self,
        request: &Request,
        token: Option<&Cached>,
        mut head: Response,
        end: Instant,
    ) -> Failure<Box<Fault>> {
        let status = head.status();
        let (body, _) = body::read(&mut head, MAX_ERROR_BYTES, end).await;
        let credentials = &self.client.shared.credentials;
        if let (StatusCode::UNAUTHORIZED, Some(Bearer::Source(cache)), Some(token)) =
            (status, &credentials.bearer, token)
        {
            cache.invalidate(token);
        }
        let api = ApiError::read(&body);
        let mut fault = fault_of(ErrorKind::Api, "", &mut head, body);
        fault.message = api.as_ref().and_then(ApiError::text).map(|text| {
            let fixed = if let Some(Bearer::Fixed(header)) = &credentials.bearer { Some(header) } else { None };
            let token = token.map(|token| &token.header);
            let keys = [fixed, token, credentials.api_key.as_ref(), credentials.admin_key.as_ref()];
            redact::message(text, self.operation, request, keys.into_iter().flatten())
        });
        fault.api = api;
        let seen = Seen::of_status(status.as_u16(), token.is_some());
        failure(seen, false, fault)
    }

    fn fail(&self, fault: Box<Fault>, history: History) -> Error {
        let error = Error::of_call(fault, self.operation, history, self.started.elapsed());
        trace::failure(&self.span, &error);
        error
    }
}

impl RequestError {
    fn fault(self) -> Box<Fault> {
        match self {
            Self::InvalidRequest(what) => Fault::new(ErrorKind::Request, what),
            Self::Build(error) => Fault::new(ErrorKind::Request, "the request cannot be encoded").caused_by(error),
        }
    }
}

fn failure(seen: Seen, timed_out: bool, fault: Box<Fault>) -> Failure<Box<Fault>> {
    Failure { failed: Failed { seen, timed_out, retry_after: fault.retry_after }, detail: fault }
}

/// What to make of a request that got no answer.
fn unanswered(error: reqwest::Error) -> Failure<Box<Fault>> {
    let timed_out = error.is_timeout();
    let (seen, kind, what) = match () {
        () if error.is_connect() => (Seen::NeverArrived, ErrorKind::Connect, "no connection"),
        () if error.is_builder() => (Seen::NotSent, ErrorKind::Request, "the request cannot be sent as it is"),
        () if timed_out => (Seen::MayHaveActed, ErrorKind::Timeout, "no answer in time"),
        () => (Seen::MayHaveActed, ErrorKind::Transport, "the connection broke before the answer"),
    };
    failure(seen, timed_out, Fault::new(kind, what).caused_by(error))
}

/// A fault with all that is worth keeping of an answer.
fn fault_of(kind: ErrorKind, what: impl Into<Cow<'static, str>>, head: &mut Response, mut body: Vec<u8>) -> Box<Fault> {
    body.truncate(KEPT_BODY_BYTES);
    body.shrink_to_fit();
    let mut fault = Fault::new(kind, what);
    fault.status = Some(head.status());
    fault.headers = headers_of(head);
    fault.retry_after = retry_after::read(&fault.headers, SystemTime::now());
    fault.body = body;
    fault
}

/// Where and how reading failed, without the value that it failed at: serde's own message may quote it.
fn position(error: &serde_json::Error) -> String {
    let how = match error.classify() {
        serde_json::error::Category::Eof => "it is empty or cut short",
        serde_json::error::Category::Syntax => "it is not JSON",
        _ => "a value is missing or of another type",
    };
    format!("{how}, at line {} column {}", error.line(), error.column())
}

fn after(start: Instant, limit: Duration) -> Instant {
    // A limit beyond what the clock can hold is as good as a century.
    start.checked_add(limit).unwrap_or_else(|| start + Duration::from_secs(60 * 60 * 24 * 36_525))
}
