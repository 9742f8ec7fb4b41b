//! One call: check the request, then authorise, send and settle each attempt.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, select};
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Response, StatusCode};
use tokio::time::{Instant, sleep, sleep_until};
use tracing::Instrument;

use crate::auth::credentials::Bearer;
use crate::auth::token_cache::Cached;
use crate::client::Client;
use crate::error::redact;
use crate::error::{Error, ErrorKind, Fault};
use crate::execute::body::{self as answer, Answer, MAX_ANSWER_BYTES, MAX_ERROR_BYTES};
use crate::execute::telemetry as trace;
use crate::request::parts::RequestParts;
use crate::retry::retry_loop::{History, Plan, run};
use crate::retry::{Outcome, Seen};
use crate::{ApiError, Auth, Operation};

/// The longest time limit that counts: the clock cannot hold every one.
const CENTURY: Duration = Duration::from_secs(60 * 60 * 24 * 36_525);

/// What a success has beside its status.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Success {
    Json,
    Empty,
    /// A body that the caller reads, however long it takes.
    Stream,
}

/// One call, with all of its attempts.
struct Call<'a> {
    client: &'a Client,
    operation: &'a Operation,
    parts: RequestParts,
    started: Instant,
    span: tracing::Span,
}

/// Makes a call, and of its answer what the caller is given.
#[allow(clippy::manual_async_fn, reason = "the future of an `async fn` holds its arguments twice")]
pub(crate) fn perform<T>(
    client: &Client,
    operation: &Operation,
    parts: RequestParts,
    success: Success,
    read: fn(Answer) -> Result<T, Box<Fault>>,
) -> impl Future<Output = Result<T, Error>> + Send {
    async move {
        let started = Instant::now();
        let call = Call { client, operation, parts, started, span: trace::call(client, operation) };
        let plan = Plan {
            class: operation.retry,
            policy: &client.policy,
            budget: &client.shared.budget,
            deadline: started + client.timeout.min(CENTURY),
            attempt_timeout: client.attempt_timeout,
        };
        let attempts = pin!(run(
            &plan,
            |end| call.attempt(end, success),
            sleep,
            fastrand::f64,
            |attempt, wait, fault| trace::retry(operation, attempt, wait, fault),
        ));
        let (result, history) = attempts.instrument(call.span.clone()).await;
        let answer = result.map_err(|fault| call.fail(fault, history))?;
        trace::end(&call.span, Some(answer.head.status().as_u16()), history.attempts, Outcome::Applied, None);
        read(answer).map_err(|fault| call.fail(fault, History { outcome: Outcome::Applied, ..history }))
    }
}

impl Call<'_> {
    async fn attempt(&self, end: Instant, success: Success) -> Result<Answer, Box<Fault>> {
        self.parts.check()?;
        let token = self.token(end).await?;
        let sending = {
            let mut request = self.parts.to_request(self.operation.method.clone())?;
            let headers = request.headers_mut();
            if success == Success::Json {
                headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
            }
            for (name, value) in self.client.shared.credentials.headers(self.operation.auth, token.as_ref()) {
                headers.insert(name, value.clone());
            }
            self.client.http.execute(request)
        };
        let mut timer = pin!(sleep_until(end));
        let mut head = match select(pin!(sending), timer.as_mut()).await {
            Either::Left((answered, _)) => answered.map_err(unanswered)?,
            Either::Right(_) => return Err(Fault::new(Seen::MayHaveActed, ErrorKind::Timeout, "no answer in time")),
        };
        let status = head.status();
        if !(status.is_success() || self.operation.redirects && status == StatusCode::SEE_OTHER) {
            let (body, _) = answer::read(&mut head, MAX_ERROR_BYTES, timer).await;
            return Err(self.refused(token.as_ref(), head, &body));
        }
        let (body, cut) = match success {
            Success::Stream => (Bytes::new(), None),
            _ if answer::announced(&head) > MAX_ANSWER_BYTES => (Bytes::new(), Some(answer::too_large())),
            _ => answer::read(&mut head, MAX_ANSWER_BYTES, timer).await,
        };
        match cut {
            Some(fault) => Err(fault.of_answer(&mut head, &body)),
            None => Ok(Answer { head, body }),
        }
    }

    /// The token, where the operation takes one that can be refreshed. Nothing is fetched for a call that lacks its key.
    async fn token(&self, end: Instant) -> Result<Option<Cached>, Box<Fault>> {
        let credentials = &self.client.shared.credentials;
        if self.operation.auth == Auth::Admin && credentials.admin_key.is_none() {
            let what = "it takes the admin key: give it to the client builder's `admin`";
            return Err(Fault::new(Seen::NotSent, ErrorKind::Credentials, what));
        }
        match &credentials.bearer {
            // Boxed, since the future of every call would have to have room for it.
            Some(Bearer::Source(cache)) if self.operation.auth != Auth::None => {
                Box::pin(cache.get(end)).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What to make of an answer that is no success. Whatever became of its body, its status stays.
    fn refused(&self, token: Option<&Cached>, mut head: Response, body: &[u8]) -> Box<Fault> {
        let status = head.status();
        let credentials = &self.client.shared.credentials;
        if status == StatusCode::UNAUTHORIZED
            && let (Some(Bearer::Source(cache)), Some(token)) = (&credentials.bearer, token)
        {
            cache.invalidate(token);
        }
        let what = format!("{} {}", status.as_str(), status.canonical_reason().unwrap_or_default());
        let mut what = what.trim_end().to_owned();
        let api = ApiError::read(body);
        if let Some(text) = api.as_ref().and_then(ApiError::text) {
            let keys = credentials.headers(self.operation.auth, token).map(|(_, value)| value);
            what = what + ": " + &redact::message(text, self.operation, &self.parts, keys);
        }
        let seen = Seen::of_status(status.as_u16(), token.is_some());
        let mut fault = Fault::new(seen, ErrorKind::Api, what).of_answer(&mut head, body);
        fault.answered.api = api;
        fault
    }

    fn fail(&self, fault: Box<Fault>, history: History) -> Error {
        let error = Error::of_call(fault, self.operation, history, self.started.elapsed());
        trace::end(&self.span, error.status(), history.attempts, history.outcome, Some(error.kind()));
        error
    }
}

/// What to make of a request that got no answer.
fn unanswered(error: reqwest::Error) -> Box<Fault> {
    let (seen, kind, what) = match () {
        () if error.is_connect() => (Seen::NeverArrived, ErrorKind::Connect, "no connection"),
        () if error.is_builder() => {
            (Seen::NotSent, ErrorKind::Request, "the HTTP client refuses it: check what `http` sets")
        }
        () if error.is_timeout() => (Seen::MayHaveActed, ErrorKind::Timeout, "no answer in time"),
        () => (Seen::MayHaveActed, ErrorKind::Transport, "the connection broke before the answer"),
    };
    Fault::new(seen, kind, what).caused_by(error)
}
