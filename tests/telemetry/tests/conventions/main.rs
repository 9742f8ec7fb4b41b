//! What a program's OpenTelemetry gets of calls: spans, metrics and the trace context that is sent, read back from exporters in
//! memory, and compared with the conventions for HTTP clients.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

#[path = "../../../leaks/calls.rs"]
mod calls;
mod leaks;
mod metrics;
#[allow(dead_code, reason = "what is printed is tested without OpenTelemetry")]
#[path = "../../../leaks/printed.rs"]
mod printed;
mod propagation;
mod recorded;
#[path = "../../../leaks/secrets.rs"]
mod secrets;
mod spans;
#[path = "../../../support/mod.rs"]
mod support;
