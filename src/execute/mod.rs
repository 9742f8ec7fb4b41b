//! One call: authenticate, send, classify and read each attempt, within the limits of the call.

pub(crate) mod attempt;
pub(crate) mod attempt_telemetry;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod connect_watch;
pub(crate) mod context;
#[cfg(feature = "opentelemetry")]
pub(crate) mod metrics;
pub(crate) mod response;
pub(crate) mod telemetry;
pub(crate) mod ticket;
#[cfg(feature = "opentelemetry")]
pub(crate) mod trace_context;
