use std::sync::Arc;

use reqwest::StatusCode;
#[cfg(feature = "opentelemetry")]
use tokio::time::Instant;
use tracing::field::Empty;
use tracing::{Span, info_span};

use crate::error::attempt_error::AttemptError;
use crate::execute::connect_watch::ConnectWatch;
use crate::execute::telemetry::{CANCELLED, Recording, error_type, milliseconds, record_error};
use crate::retry::outcome::Outcome;
use crate::retry::retry_loop::NextAttempt;

/// What is recorded of one attempt that is sent. One that is dropped is recorded as cancelled.
pub(crate) struct AttemptTelemetry<'a>(Option<Box<RecordedAttempt<'a>>>);

struct RecordedAttempt<'a> {
    call: &'a Recording<'a>,
    span: Span,
    #[cfg(feature = "opentelemetry")]
    started: Instant,
    /// Says whether anything had been sent when the attempt was dropped.
    watch: Arc<ConnectWatch>,
}

impl<'a> AttemptTelemetry<'a> {
    /// Begins to record, where the call is recorded. The span is made a child of the current one.
    pub(crate) fn start(call: Option<&'a Recording<'a>>, next: &NextAttempt) -> Self {
        let Some(call) = call else { return Self(None) };
        let (operation, url) = (call.operation, &call.context.shared.base_url);
        let is_resent = next.resend_count > 0;
        let span = info_span!(
            target: "spkey",
            "spkey.attempt",
            otel.name = %format_args!("{} {}", operation.method, operation.path),
            otel.kind = "client",
            otel.status_code = Empty,
            spkey.operation = operation.id,
            http.request.method = operation.method.as_str(),
            http.request.resend_count = is_resent.then_some(i64::from(next.resend_count)),
            spkey.retry.wait_ms = is_resent.then(|| milliseconds(next.waited)),
            url.template = operation.path,
            server.address = url.host_str(),
            server.port = url.port_or_known_default().map(i64::from),
            http.response.status_code = Empty,
            spkey.request_id = Empty,
            error.type = Empty,
        );
        call.attempt_began();
        Self(Some(Box::new(RecordedAttempt {
            call,
            span,
            #[cfg(feature = "opentelemetry")]
            started: Instant::now(),
            watch: Arc::default(),
        })))
    }

    /// The span of the attempt, to poll it within.
    pub(crate) fn span(&self) -> Option<&Span> {
        self.0.as_ref().map(|attempt| &attempt.span)
    }

    /// What must watch the attempt, so that the truth is recorded where it is dropped.
    pub(crate) fn watch(&self) -> Option<&Arc<ConnectWatch>> {
        self.0.as_ref().map(|attempt| &attempt.watch)
    }

    /// Records a success, with the request id as it may be shown.
    pub(crate) fn succeeded(mut self, status: StatusCode, request_id: impl FnOnce() -> Option<String>) {
        if let Some(attempt) = self.0.take() {
            attempt.end(Outcome::Applied, Some(status), request_id().as_deref(), None);
        }
    }

    /// Records a failure.
    pub(crate) fn failed(mut self, error: &AttemptError) {
        if let Some(attempt) = self.0.take() {
            let received = &error.received;
            let outcome = error.failed.class.outcome();
            attempt.end(outcome, received.status, received.shown_id.as_deref(), Some(error_type(error)));
        }
    }
}

impl Drop for AttemptTelemetry<'_> {
    fn drop(&mut self) {
        if let Some(attempt) = self.0.take() {
            let outcome = if attempt.watch.nothing_sent() { Outcome::NotApplied } else { Outcome::Unknown };
            // Within the span, whose time ends when it is left for the last time.
            attempt.span.in_scope(|| attempt.end(outcome, None, None, Some(CANCELLED)));
        }
    }
}

impl RecordedAttempt<'_> {
    fn end(&self, outcome: Outcome, status: Option<StatusCode>, request_id: Option<&str>, error_type: Option<&str>) {
        self.call.attempt_ended(outcome);
        self.span.record("http.response.status_code", status.map(|status| i64::from(status.as_u16())));
        self.span.record("spkey.request_id", request_id);
        record_error(&self.span, error_type);
        #[cfg(feature = "opentelemetry")]
        {
            let metrics = &self.call.context.shared.metrics;
            metrics.request(self.call.operation, self.started.elapsed(), status, error_type);
        }
    }
}
