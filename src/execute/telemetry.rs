use std::time::Duration;

use tracing::field::{self, Empty};
use tracing::{Span, debug, info_span, warn};

use crate::error::attempt_error::AttemptError;
use crate::error::kind::ErrorKind;
use crate::execute::context::CallContext;
use crate::request::operation::Operation;
use crate::retry::outcome::Outcome;
use crate::value::conform::Ignored;

/// The span of a call, with the names of the OpenTelemetry conventions. No value of a path, query, header or body is recorded.
pub(crate) fn call(context: &CallContext, operation: &Operation) -> Span {
    let url = &context.shared.base_url;
    info_span!(
        "spkey.call",
        otel.kind = "client",
        spkey.operation = operation.id,
        http.request.method = operation.method.as_str(),
        url.template = operation.path,
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        http.response.status_code = Empty,
        spkey.attempts = Empty,
        spkey.outcome = Empty,
        error.type = Empty,
    )
}

pub(crate) fn retry(operation: &Operation, attempt: u32, wait: Duration, error: &AttemptError) {
    warn!(
        spkey.operation = operation.id,
        attempt,
        wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        status = error.received.status.map(|status| status.as_u16()),
        cause = ?error.kind,
        "spkey.retry"
    );
}

/// Tells which fields of a response could not be understood: by their names, never by their values.
pub(crate) fn ignored(operation: &str, ignored: &Ignored) {
    if !ignored.paths().is_empty() {
        debug!(spkey.operation = operation, paths = ?ignored.paths(), "spkey.ignored");
    }
}

/// Records how a call ended.
pub(crate) fn end(span: &Span, status: Option<u16>, attempts: u32, outcome: Outcome, error: Option<ErrorKind>) {
    span.record("http.response.status_code", status);
    span.record("spkey.attempts", attempts);
    span.record("spkey.outcome", field::debug(outcome));
    span.record("error.type", error.map(field::debug));
}
