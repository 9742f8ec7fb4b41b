//! One call: check the request, then authorise, send and settle each attempt.

use std::borrow::Cow;
use std::mem::take;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, Entry, HeaderMap, HeaderName, HeaderValue, LOCATION, SET_COOKIE};
use reqwest::{Response, StatusCode};
use tokio::time::{Instant, sleep, sleep_until};

use crate::attempts::{Failure, History, Plan, run};
use crate::body::{self, Cut, KEPT_BODY_BYTES, MAX_ANSWER_BYTES, MAX_ERROR_BYTES};
use crate::client::Client;
use crate::credentials::Bearer;
use crate::error::{Error, ErrorKind, Fault};
use crate::request::PreparedRequest;
use crate::retry::{Failed, Outcome, Seen};
use crate::timer::within;
use crate::token::Cached;
use crate::trace::{self, in_span};
use crate::{ApiError, Auth, Operation, redact, retry_after};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const ADMIN_KEY: HeaderName = HeaderName::from_static("x-admin-api-key");

/// What a success has beside its status.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Success {
    Json,
    Empty,
    /// A body that is not read within the time limits.
    Stream,
}

/// A success, with as much of its body as was read.
pub(crate) struct Answer {
    pub(crate) head: Response,
    pub(crate) body: Bytes,
}

/// One call, with all of its attempts.
pub(crate) struct Call<'a> {
    client: &'a Client,
    operation: &'a Operation,
    started: Instant,
    span: tracing::Span,
}

impl<'a> Call<'a> {
    /// Makes the call, and of its answer what the caller is given.
    #[allow(clippy::manual_async_fn, reason = "the future of an `async fn` holds its arguments twice")]
    pub(crate) fn perform<T>(
        mut request: PreparedRequest<'a>,
        success: Success,
        read: fn(Answer) -> Result<T, Box<Fault>>,
    ) -> impl Future<Output = Result<T, Error>> + Send {
        async move {
            let (client, operation) = (request.client, request.operation);
            let call = Self { client, operation, started: Instant::now(), span: trace::call(client, operation) };
            request.finish().map_err(|fault| call.fail(fault, History::NOTHING_SENT))?;
            let plan = Plan {
                class: operation.retry,
                policy: &client.policy,
                budget: &client.shared.budget,
                deadline: after(call.started, client.timeout),
                attempt_timeout: client.attempt_timeout,
            };
            let attempts = pin!(run(
                &plan,
                |end| call.attempt(&request, end, success),
                sleep,
                fastrand::f64,
                |attempt, wait, fault| trace::retry(operation, attempt, wait, fault),
            ));
            let (result, history) = in_span(&call.span, attempts).await;
            let answer = result.map_err(|fault| call.fail(fault, history))?;
            trace::success(&call.span, answer.head.status(), history.attempts);
            read(answer).map_err(|fault| call.fail(fault, History { outcome: Outcome::Applied, ..history }))
        }
    }

    async fn attempt(
        &self,
        request: &PreparedRequest<'_>,
        end: Instant,
        success: Success,
    ) -> Result<Answer, Failure<Box<Fault>>> {
        let not_sent = |fault| failure(Seen::NotSent, false, fault);
        let token = self.token(end).await.map_err(not_sent)?;
        let answer = self.send(request, token.as_ref(), success).map_err(not_sent)?;
        let mut timer = pin!(sleep_until(end));
        let mut head = match within(timer.as_mut(), pin!(answer)).await {
            Some(Ok(head)) => head,
            Some(Err(error)) => return Err(unanswered(error)),
            None => return Err(failure(Seen::MayHaveActed, true, Fault::new(ErrorKind::Timeout, "no answer in time"))),
        };
        let status = head.status();
        if !(status.is_success() || self.operation.redirects && status == StatusCode::SEE_OTHER) {
            let (body, _) = body::read(&mut head, MAX_ERROR_BYTES, timer).await;
            return Err(self.refused(request, token.as_ref(), head, &body));
        }
        let (body, cut) = match success {
            Success::Stream => (Bytes::new(), None),
            _ if body::announced(&head) > MAX_ANSWER_BYTES => (Bytes::new(), Some(Cut::TooLarge)),
            _ => body::read(&mut head, MAX_ANSWER_BYTES, timer).await,
        };
        let Some(cut) = cut else { return Ok(Answer { head, body }) };
        let mut fault = fault_of(ErrorKind::Transport, "the answer broke off", &mut head, &body);
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

    /// The token, where the operation takes one that can be refreshed. Nothing is fetched for a call that lacks its key.
    async fn token(&self, end: Instant) -> Result<Option<Cached>, Box<Fault>> {
        let credentials = &self.client.shared.credentials;
        if self.operation.auth == Auth::Admin && credentials.admin_key.is_none() {
            let what = "it takes the admin key: give it to the client builder's `admin`";
            return Err(Fault::new(ErrorKind::Credentials, what));
        }
        match &credentials.bearer {
            // Boxed, since the future of every call would have to have room for it.
            Some(Bearer::Source(cache)) if self.operation.auth != Auth::None => {
                Box::pin(cache.get(end)).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    fn send(
        &self,
        request: &PreparedRequest<'_>,
        token: Option<&Cached>,
        success: Success,
    ) -> Result<impl Future<Output = reqwest::Result<Response>> + use<>, Box<Fault>> {
        let mut request = request.to_request()?;
        if success == Success::Json {
            request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        }
        self.authorise(request.headers_mut(), token);
        Ok(self.client.client.execute(request))
    }

    /// Puts on the credentials that the operation takes.
    fn authorise(&self, headers: &mut HeaderMap, token: Option<&Cached>) {
        let credentials = &self.client.shared.credentials;
        if self.operation.auth == Auth::None {
            return;
        }
        if let Some(key) = credentials.admin_key.as_ref().filter(|_| self.operation.auth == Auth::Admin) {
            headers.insert(ADMIN_KEY, key.clone());
        }
        if let Some(key) = &credentials.api_key {
            headers.insert(API_KEY, key.clone());
        }
        let fixed = if let Some(Bearer::Fixed(header)) = &credentials.bearer { Some(header) } else { None };
        if let Some(header) = token.map(|token| &token.header).or(fixed) {
            headers.insert(AUTHORIZATION, header.clone());
        }
    }

    /// What to make of an answer that is no success. Whatever became of its body, its status stays.
    fn refused(
        &self,
        request: &PreparedRequest<'_>,
        token: Option<&Cached>,
        mut head: Response,
        body: &[u8],
    ) -> Failure<Box<Fault>> {
        let status = head.status();
        let credentials = &self.client.shared.credentials;
        if let (StatusCode::UNAUTHORIZED, Some(Bearer::Source(cache)), Some(token)) =
            (status, &credentials.bearer, token)
        {
            cache.invalidate(token);
        }
        let api = ApiError::read(body);
        let mut fault = fault_of(ErrorKind::Api, "", &mut head, body);
        fault.message = api.as_ref().and_then(ApiError::text).map(|text| {
            let fixed = if let Some(Bearer::Fixed(header)) = &credentials.bearer { Some(header) } else { None };
            let token = token.map(|token| &token.header);
            let keys = [fixed, token, credentials.api_key.as_ref(), credentials.admin_key.as_ref()];
            redact::message(text, request, keys.into_iter().flatten())
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

/// What an answer says of itself, with what opens something marked so that `Debug` does not show it.
pub(crate) fn headers_of(head: &mut Response) -> HeaderMap {
    let mut headers = take(head.headers_mut());
    for name in [SET_COOKIE, LOCATION] {
        if let Entry::Occupied(mut values) = headers.entry(name) {
            values.iter_mut().for_each(|value| value.set_sensitive(true));
        }
    }
    headers
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
pub(crate) fn fault_of(
    kind: ErrorKind,
    what: impl Into<Cow<'static, str>>,
    head: &mut Response,
    body: &[u8],
) -> Box<Fault> {
    let mut fault = Fault::new(kind, what);
    fault.status = Some(head.status());
    fault.headers = headers_of(head);
    fault.retry_after = retry_after::read(&fault.headers, SystemTime::now());
    fault.body = body.get(..KEPT_BODY_BYTES).unwrap_or(body).to_vec();
    fault
}

fn after(start: Instant, limit: Duration) -> Instant {
    // A limit beyond what the clock can hold is as good as a century.
    start.checked_add(limit).unwrap_or_else(|| start + Duration::from_secs(60 * 60 * 24 * 36_525))
}
