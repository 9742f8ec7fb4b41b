use std::panic::catch_unwind;
use std::pin::{Pin, pin};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::{Either, select};
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{Request, Response, StatusCode};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::auth::credentials::Fetched;
use crate::error::api_error::ApiError;
use crate::error::attempt_error::AttemptError;
use crate::error::kind::ErrorKind;
use crate::error::redact::redact;
use crate::error::response_headers::request_id;
use crate::execute::attempt_telemetry::AttemptTelemetry;
use crate::execute::body::{self, MAX_RESPONSE_BYTES};
use crate::execute::connect_watch::ConnectWatch;
use crate::execute::context::CallContext;
use crate::execute::telemetry::{CallTelemetry, Within};
#[cfg(feature = "opentelemetry")]
use crate::execute::trace_context;
use crate::request::operation::{Auth, Operation};
use crate::request::parts::RequestParts;
use crate::request::response_body::BodyFormat;
use crate::retry::classify::FailureClass;
use crate::retry::retry_loop::NextAttempt;
use crate::value::read_error::ReadError;
use crate::value::secret::Secret;

/// How much of the body of an error is read to find its message, in bytes.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// A success whose body arrived whole.
pub(crate) struct RawResponse {
    pub(crate) head: Response,
    pub(crate) body: Bytes,
    fetched: Fetched,
}

/// What every attempt of a call is made from.
pub(crate) struct Attempt<'a> {
    pub(crate) context: &'a CallContext,
    pub(crate) operation: &'a Operation,
    pub(crate) parts: &'a RequestParts,
    pub(crate) telemetry: &'a CallTelemetry<'a>,
}

impl Attempt<'_> {
    /// Sends the request once, and reads the response in time.
    pub(crate) fn send(
        &self,
        next: NextAttempt,
    ) -> impl Future<Output = Result<RawResponse, Box<AttemptError>>> + Send {
        async move {
            self.parts.check()?;
            let timer = pin!(timer(next.end)?);
            let fetched = self.fetch(next.end).await?;
            // A longer attempt ends by the time limit of the connection, which tells it by itself.
            let is_short = next.end.saturating_duration_since(Instant::now()) <= self.context.shared.connect_timeout;
            let telemetry = AttemptTelemetry::start(self.telemetry.recording(), &next);
            // One that is recorded is watched too, so that the truth is recorded if it is dropped; but not a request without
            // content, since the watch makes it announce a body.
            let watch = if is_short {
                Some(telemetry.watch().cloned().unwrap_or_default())
            } else {
                telemetry.watch().filter(|_| self.parts.has_content(&self.operation.method)).cloned()
            };
            let result = {
                let exchange = pin!(self.exchange(timer, &fetched, watch.as_ref()));
                Within::new(telemetry.span(), exchange).await
            };
            match result {
                Ok((head, body)) => {
                    telemetry.succeeded(head.status(), || self.shown_id(head.headers(), &fetched));
                    Ok(RawResponse { head, body, fetched })
                }
                Err(error) => {
                    telemetry.failed(&error);
                    Err(error)
                }
            }
        }
    }

    /// Sends the request, and reads the response before the timer fires.
    fn exchange(
        &self,
        mut timer: Pin<&mut Sleep>,
        fetched: &Fetched,
        watch: Option<&Arc<ConnectWatch>>,
    ) -> impl Future<Output = Result<(Response, Bytes), Box<AttemptError>>> {
        async move {
            let mut head = self.head(timer.as_mut(), fetched, watch).await?;
            let status = head.status();
            if !(status.is_success() || self.operation.redirects && status == StatusCode::SEE_OTHER) {
                let (body, _) = body::read(&mut head, MAX_ERROR_BYTES, timer).await;
                return Err(self.error_status(fetched, &mut head, &body));
            }
            let (body, truncated) = if body::announced(&head) > MAX_RESPONSE_BYTES {
                (Bytes::new(), Some(body::too_large()))
            } else {
                body::read(&mut head, MAX_RESPONSE_BYTES, timer).await
            };
            match truncated {
                Some(error) => Err(self.with_response(error, fetched, &mut head, &body)),
                None => Ok((head, body)),
            }
        }
    }

    /// Sends the request, and waits for the head of the response.
    async fn head(
        &self,
        timer: Pin<&mut Sleep>,
        fetched: &Fetched,
        watch: Option<&Arc<ConnectWatch>>,
    ) -> Result<Response, Box<AttemptError>> {
        let sending = self.context.http.execute(self.request(fetched, watch)?);
        let head = match watch {
            None => by(timer, sending).await,
            // Boxed, since the future of every call would have to have room for it.
            Some(watch) => Box::pin(by(timer, watch.watch(sending))).await,
        };
        match head {
            Some(response) => response.map_err(no_response),
            None if watch.is_some_and(|watch| watch.nothing_sent()) => {
                Err(AttemptError::new(FailureClass::NotConnected, ErrorKind::Connect, "no connection in time"))
            }
            None => Err(AttemptError::new(FailureClass::MayHaveActed, ErrorKind::Timeout, "no response in time")),
        }
    }

    /// What is sent.
    fn request(&self, fetched: &Fetched, watch: Option<&Arc<ConnectWatch>>) -> Result<Request, Box<AttemptError>> {
        let mut request = self.parts.to_request(self.operation.method.clone())?;
        let headers = request.headers_mut();
        if self.operation.format == BodyFormat::Json {
            headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        }
        for (name, value) in self.context.shared.credentials.headers(self.operation.auth, fetched) {
            headers.insert(name, value.clone());
        }
        #[cfg(feature = "opentelemetry")]
        trace_context::add(headers);
        if let Some(watch) = watch {
            let body = self.parts.body().cloned().unwrap_or_default();
            *request.body_mut() = Some(watch.body(body));
        }
        Ok(request)
    }

    /// What to make of a success whose body cannot be read.
    pub(crate) fn unreadable(&self, mut response: RawResponse, error: &ReadError) -> Box<AttemptError> {
        let what = format!("the response is not what the contract says: {error}");
        let error = AttemptError::new(FailureClass::ResponseUnreadable, ErrorKind::Decode, what);
        self.with_response(error, &response.fetched, &mut response.head, &response.body)
    }

    /// What the operation takes from the sources of credentials. Nothing is fetched for a call that lacks its key.
    async fn fetch(&self, end: Instant) -> Result<Fetched, Box<AttemptError>> {
        let credentials = &self.context.shared.credentials;
        if self.operation.auth == Auth::Admin && credentials.admin_key.is_none() {
            let what = "it needs the admin key: give it to the client builder's `admin`";
            return Err(AttemptError::new(FailureClass::NotSent, ErrorKind::Credentials, what));
        }
        if !credentials.has_source(self.operation.auth) {
            return Ok(Fetched::default());
        }
        credentials.fetch(end).await
    }

    /// What to make of a status that is no success. Whatever became of its body, the status stays.
    fn error_status(&self, fetched: &Fetched, head: &mut Response, body: &[u8]) -> Box<AttemptError> {
        let status = head.status();
        let refreshable = status == StatusCode::UNAUTHORIZED && self.context.shared.credentials.invalidate(fetched);
        let what = format!("{} {}", status.as_str(), status.canonical_reason().unwrap_or_default());
        let mut what = what.trim_end().to_owned();
        let api = ApiError::read(body);
        if let Some(text) = api.as_ref().and_then(ApiError::text) {
            what = what + ": " + &redact(text, &self.redacted(fetched));
        }
        let class = FailureClass::of_status(status.as_u16(), refreshable);
        let error = AttemptError::new(class, ErrorKind::Api, what);
        let mut error = self.with_response(error, fetched, head, body);
        error.received.api = api;
        error
    }

    fn with_response(
        &self,
        error: Box<AttemptError>,
        fetched: &Fetched,
        head: &mut Response,
        body: &[u8],
    ) -> Box<AttemptError> {
        let mut error = error.of_response(head, body);
        error.received.shown_id = self.shown_id(&error.received.headers, fetched);
        error
    }

    /// The request id as errors and spans may show it.
    fn shown_id(&self, headers: &HeaderMap, fetched: &Fetched) -> Option<String> {
        let id = request_id(headers)?;
        Some(redact(id, &self.redacted(fetched)).chars().take(MAX_ID_CHARS).collect())
    }

    /// The values that the error must not show.
    fn redacted(&self, fetched: &Fetched) -> Vec<Secret> {
        let credentials = self.context.shared.credentials.headers(self.operation.auth, fetched);
        let text = |value: &HeaderValue| value.to_str().unwrap_or_default().trim_start_matches("Bearer ").into();
        credentials.map(|(_, value)| text(value)).chain(self.parts.redacted().iter().cloned()).collect()
    }
}

/// The longest request id that an error shows, in characters.
const MAX_ID_CHARS: usize = 100;

/// A timer for an attempt. tokio panics if there is no runtime, or one without timers.
fn timer(end: Instant) -> Result<Sleep, Box<AttemptError>> {
    catch_unwind(|| sleep_until(end)).map_err(|_| {
        let what = "there is no tokio runtime with timers here: build the runtime with `enable_all`";
        AttemptError::new(FailureClass::NotSent, ErrorKind::Request, what)
    })
}

/// The output of a future, if it ends before the timer fires.
async fn by<F: Future>(timer: Pin<&mut Sleep>, future: F) -> Option<F::Output> {
    match select(pin!(future), timer).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}

/// What to make of a request that got no response.
fn no_response(error: reqwest::Error) -> Box<AttemptError> {
    let (class, kind, what) = match () {
        () if error.is_connect() => (FailureClass::NotConnected, ErrorKind::Connect, "no connection"),
        () if error.is_builder() => {
            (FailureClass::NotSent, ErrorKind::Request, "the HTTP client rejects it: check what `http` sets")
        }
        () if error.is_timeout() => (FailureClass::MayHaveActed, ErrorKind::Timeout, "no response in time"),
        () => (FailureClass::MayHaveActed, ErrorKind::Transport, "the connection broke before the response"),
    };
    AttemptError::new(class, kind, what).caused_by(error)
}
