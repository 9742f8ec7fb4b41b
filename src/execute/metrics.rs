use std::sync::Arc;
use std::time::Duration;

use opentelemetry::metrics::{Counter, Gauge, Histogram};
use opentelemetry::{InstrumentationScope, KeyValue, StringValue, global};
use reqwest::{StatusCode, Url};

use crate::request::operation::Operation;
use crate::retry::retry_loop::CallHistory;

/// The bounds that the conventions of OpenTelemetry ask for, in seconds.
const DURATION_BOUNDS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
const ATTEMPT_BOUNDS: [f64; 6] = [0.0, 1.0, 2.0, 3.0, 5.0, 10.0];

/// The instruments of a client, made from the meter provider that is the global one when the client is built.
pub(crate) struct Metrics {
    server: [KeyValue; 2],
    requests: Histogram<f64>,
    attempts: Histogram<u64>,
    retries: Counter<u64>,
    budget: Gauge<u64>,
}

impl Metrics {
    pub(crate) fn new(base_url: &Url) -> Self {
        let scope = InstrumentationScope::builder("spkey").with_version(env!("CARGO_PKG_VERSION")).build();
        let meter = global::meter_with_scope(scope);
        let host: Arc<str> = base_url.host_str().unwrap_or_default().into();
        let port = base_url.port_or_known_default().unwrap_or_default();
        Self {
            server: [
                KeyValue::new("server.address", StringValue::from(host)),
                KeyValue::new("server.port", i64::from(port)),
            ],
            requests: meter
                .f64_histogram("http.client.request.duration")
                .with_description("Duration of HTTP client requests.")
                .with_unit("s")
                .with_boundaries(DURATION_BOUNDS.to_vec())
                .build(),
            attempts: meter
                .u64_histogram("spkey.client.call.attempts")
                .with_description("How many attempts a call took.")
                .with_unit("{attempt}")
                .with_boundaries(ATTEMPT_BOUNDS.to_vec())
                .build(),
            retries: meter
                .u64_counter("spkey.client.retries")
                .with_description("Retries, by the reason for them.")
                .with_unit("{retry}")
                .build(),
            budget: meter
                .u64_gauge("spkey.client.retry_budget")
                .with_description("Tokens that are left for retries, of 500.")
                .with_unit("{token}")
                .build(),
        }
    }

    /// Records one request, with its failure if it is one.
    pub(crate) fn request(
        &self,
        operation: &Operation,
        elapsed: Duration,
        status: Option<StatusCode>,
        error_type: Option<&str>,
    ) {
        let status = status.map(|status| KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
        let error_type = error_type.map(|error_type| KeyValue::new("error.type", error_type.to_owned()));
        let request = [
            KeyValue::new("http.request.method", operation.method.as_str().to_owned()),
            KeyValue::new("url.template", operation.path),
        ];
        let attributes: Vec<_> = self.server.iter().cloned().chain(request).chain(status).chain(error_type).collect();
        self.requests.record(elapsed.as_secs_f64(), &attributes);
    }

    /// Records a retry, with the failure that caused it.
    pub(crate) fn retry(&self, operation: &Operation, error_type: &str) {
        let reason = KeyValue::new("error.type", error_type.to_owned());
        let [address, port] = self.server.clone();
        self.retries.add(1, &[address, port, KeyValue::new("spkey.operation", operation.id), reason]);
    }

    /// Records a call that has ended, and what it left of the retry budget.
    pub(crate) fn call(&self, operation: &Operation, history: CallHistory, budget: u32) {
        let [address, port] = self.server.clone();
        let call = [
            address,
            port,
            KeyValue::new("spkey.operation", operation.id),
            KeyValue::new("spkey.outcome", history.outcome.as_str()),
        ];
        self.attempts.record(history.attempts.into(), &call);
        self.budget.record(budget.into(), &self.server);
    }
}
