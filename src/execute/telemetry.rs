use std::time::Duration;

use tracing::field::{Empty, debug};
use tracing::{Span, info_span, warn};

use crate::client::Client;
use crate::error::{ErrorKind, Fault};
use crate::{Operation, Outcome};

/// The span of a call, with names as OpenTelemetry has them. No value of a path, a query, a header or a body goes in.
pub(crate) fn call(client: &Client, operation: &Operation) -> Span {
    let url = &client.shared.url;
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

pub(crate) fn retry(operation: &Operation, attempt: u32, wait: Duration, fault: &Fault) {
    warn!(
        spkey.operation = operation.id,
        attempt,
        wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        status = fault.answered.status.map(|status| status.as_u16()),
        cause = ?fault.kind,
        "spkey.retry"
    );
}

/// Notes how a call ended.
pub(crate) fn end(span: &Span, status: Option<u16>, attempts: u32, outcome: Outcome, error: Option<ErrorKind>) {
    span.record("http.response.status_code", status);
    span.record("spkey.attempts", attempts);
    span.record("spkey.outcome", debug(outcome));
    span.record("error.type", error.map(debug));
}
