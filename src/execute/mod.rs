pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod decode;
pub(crate) mod telemetry;
