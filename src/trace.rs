use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use reqwest::StatusCode;
use tracing::field::Empty;
use tracing::{Span, info_span, warn};

use crate::Operation;
use crate::client::Client;
use crate::error::{Error, Fault};

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

/// Runs a future within a span; in its place, where `Instrument` would move it.
pub(crate) async fn in_span<F: Future>(span: &Span, mut future: Pin<&mut F>) -> F::Output {
    poll_fn(|context| {
        let _entered = span.enter();
        future.as_mut().poll(context)
    })
    .await
}

pub(crate) fn retry(operation: &Operation, attempt: u32, wait: Duration, fault: &Fault) {
    warn!(
        spkey.operation = operation.id,
        attempt,
        wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        status = fault.status.map(|status| status.as_u16()),
        cause = ?fault.kind,
        "spkey.retry"
    );
}

pub(crate) fn success(span: &Span, status: StatusCode, attempts: u32) {
    span.record("http.response.status_code", status.as_u16());
    span.record("spkey.attempts", attempts);
    span.record("spkey.outcome", "Applied");
}

pub(crate) fn failure(span: &Span, error: &Error) {
    if let Some(status) = error.status() {
        span.record("http.response.status_code", status);
    }
    span.record("spkey.attempts", error.attempts());
    span.record("spkey.outcome", tracing::field::debug(error.outcome()));
    span.record("error.type", tracing::field::debug(error.kind()));
}
