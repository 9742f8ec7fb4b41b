use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tracing::field::Empty;
use tracing::{Span, debug, info_span, warn};

use crate::error::attempt_error::AttemptError;
use crate::error::kind::ErrorKind;
use crate::execute::context::CallContext;
use crate::request::operation::Operation;
use crate::retry::outcome::Outcome;
use crate::retry::retry_loop::CallHistory;
use crate::value::conform::Ignored;

/// The `error.type` of what was dropped before it ended.
pub(crate) const CANCELLED: &str = "cancelled";

/// What is recorded of a call: a span of its own, with a span for each attempt in it. A call that is dropped is recorded as
/// cancelled. Where nobody listens, there is nothing in it.
///
/// By the conventions of OpenTelemetry each request is a client span, so that a retry is seen as a request of its own and its
/// `traceparent` is that of the request. The call around them is an internal span: with it, a call that was retried is one
/// thing, and requests are not counted twice.
///
/// No value of a path, query, header or body is recorded, but the request id.
pub(crate) struct CallTelemetry<'a> {
    operation: &'a Operation,
    recording: Option<Box<Recording<'a>>>,
}

/// A call that is recorded.
pub(crate) struct Recording<'a> {
    pub(crate) context: &'a CallContext,
    pub(crate) operation: &'a Operation,
    span: Span,
    progress: Mutex<Progress>,
}

/// How far a call has got, for the case that it is dropped.
struct Progress {
    history: CallHistory,
    ended: bool,
}

impl<'a> CallTelemetry<'a> {
    pub(crate) fn start(context: &'a CallContext, operation: &'a Operation) -> Self {
        let span = info_span!(
            target: "spkey",
            "spkey.call",
            otel.name = %format_args!("spkey.{}", operation.id),
            otel.kind = "internal",
            otel.status_code = Empty,
            spkey.operation = operation.id,
            spkey.attempts = Empty,
            spkey.outcome = Empty,
            http.response.status_code = Empty,
            error.type = Empty,
        );
        // Metrics are recorded although nobody listens to spans.
        if span.is_disabled() && !cfg!(feature = "opentelemetry") {
            return Self { operation, recording: None };
        }
        let progress = Mutex::new(Progress { history: CallHistory::NOTHING_SENT, ended: false });
        Self { operation, recording: Some(Box::new(Recording { context, operation, span, progress })) }
    }

    /// The span of the call, to poll it [`Within`].
    pub(crate) fn span(&self) -> Option<&Span> {
        self.recording.as_ref().map(|recording| &recording.span)
    }

    /// What the attempts of the call are recorded for.
    pub(crate) fn recording(&self) -> Option<&Recording<'a>> {
        self.recording.as_deref()
    }

    /// Records that a call is retried, after a wait.
    pub(crate) fn retry(&self, attempt: u32, wait: Duration, error: &AttemptError) {
        warn!(
            target: "spkey",
            {
                spkey.operation = self.operation.id,
                attempt = i64::from(attempt),
                wait_ms = milliseconds(wait),
                http.response.status_code = error.received.status.map(|status| i64::from(status.as_u16())),
                error.type = error_type(error),
            },
            "spkey.retry"
        );
        #[cfg(feature = "opentelemetry")]
        if let Some(recording) = &self.recording {
            recording.context.shared.metrics.retry(self.operation, error_type(error));
        }
    }

    /// Records a success.
    pub(crate) fn succeeded(&self, status: u16, history: CallHistory) {
        if let Some(recording) = &self.recording {
            let applied = CallHistory { outcome: Outcome::Applied, ..history };
            recording.end(Some(status), applied, None);
        }
    }

    /// Records a failure.
    pub(crate) fn failed(&self, error: &AttemptError, history: CallHistory) {
        if let Some(recording) = &self.recording {
            let status = error.received.status.map(|status| status.as_u16());
            recording.end(status, history, Some(error_type(error)));
        }
    }
}

impl Drop for CallTelemetry<'_> {
    fn drop(&mut self) {
        if let Some(recording) = &self.recording {
            let Progress { history, ended } = *recording.progress();
            if !ended {
                // Within the span, whose time ends when it is left for the last time.
                recording.span.in_scope(|| recording.end(None, history, Some(CANCELLED)));
            }
        }
    }
}

impl Recording<'_> {
    /// Takes note that an attempt is sent.
    pub(crate) fn attempt_began(&self) {
        self.progress().history.attempts += 1;
    }

    /// Takes note of what became of the command in an attempt.
    pub(crate) fn attempt_ended(&self, outcome: Outcome) {
        let history = &mut self.progress().history;
        history.outcome = history.outcome.max(outcome);
    }

    fn end(&self, status: Option<u16>, history: CallHistory, error_type: Option<&str>) {
        self.progress().ended = true;
        self.span.record("http.response.status_code", status.map(i64::from));
        self.span.record("spkey.attempts", i64::from(history.attempts));
        self.span.record("spkey.outcome", history.outcome.as_str());
        record_error(&self.span, error_type);
        #[cfg(feature = "opentelemetry")]
        self.context.shared.metrics.call(self.operation, history, self.context.shared.budget.left());
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells which fields of a response could not be understood: by their names, never by their values.
pub(crate) fn ignored(operation: &str, ignored: &Ignored) {
    if !ignored.paths().is_empty() {
        debug!(target: "spkey", { spkey.operation = operation, paths = ?ignored.paths() }, "spkey.ignored");
    }
}

/// The low-cardinality name of a failure: the status as text where the service responded with one, else the kind.
pub(crate) fn error_type(error: &AttemptError) -> &str {
    match &error.received.status {
        Some(status) if error.kind == ErrorKind::Api => status.as_str(),
        _ => error.kind.as_str(),
    }
}

pub(crate) fn record_error(span: &Span, error_type: Option<&str>) {
    if let Some(error_type) = error_type {
        span.record("error.type", error_type);
        span.record("otel.status_code", "ERROR");
    }
}

/// Integers of spans are signed: tracing's bridge to OpenTelemetry writes unsigned ones as text.
pub(crate) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// A future that is polled within a span. Smaller than tracing's `Instrumented`, which owns the span: it is a part of the
/// future of every call.
pub(crate) struct Within<'a, F> {
    span: Option<&'a Span>,
    future: Pin<&'a mut F>,
}

impl<'a, F> Within<'a, F> {
    pub(crate) fn new(span: Option<&'a Span>, future: Pin<&'a mut F>) -> Self {
        Self { span, future }
    }
}

impl<F: Future> Future for Within<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let _entered = self.span.map(Span::enter);
        self.future.as_mut().poll(cx)
    }
}
