use std::time::SystemTime;

use serde_json::{Value, json};

/// Something that happened to an aggregate.
pub(super) struct RecordedEvent {
    /// The event's type, as the contract names it.
    pub(super) kind: &'static str,
    /// What the event says, as it is published.
    pub(super) data: Value,
    /// What the service keeps beside the event and publishes nowhere: personal data and secrets.
    pub(super) kept: Value,
    pub(super) at: SystemTime,
}

impl RecordedEvent {
    /// The event as responses have it.
    pub(super) fn shown(&self) -> Value {
        json!({ "type": self.kind, "data": self.data })
    }
}
