use serde_json::{Value, json};

use crate::mock::sandbox::values::{now, number};
use crate::types::CommandResult;
use crate::value::date_time::DateTime;
use crate::value::number::Number;

/// What happened to one user or lock, in order. Its length is the version.
pub(super) struct EventLog {
    aggregate_id: String,
    pub(super) events: Vec<RecordedEvent>,
}

pub(super) struct RecordedEvent {
    pub(super) kind: &'static str,
    pub(super) event: Value,
    pub(super) at: DateTime,
}

impl EventLog {
    pub(super) fn new(aggregate_id: impl ToString) -> Self {
        Self { aggregate_id: aggregate_id.to_string(), events: Vec::new() }
    }

    pub(super) fn version(&self) -> Number {
        number(self.events.len()).into()
    }

    /// Records an event, and returns the response of the command that has it. The event leaves out fields that are null.
    pub(super) fn record(&mut self, kind: &'static str, mut data: Value) -> CommandResult {
        if let Some(map) = data.as_object_mut() {
            map.retain(|_, value| !value.is_null());
        }
        let event = json!({ "type": kind, "data": data });
        self.events.push(RecordedEvent { kind, event: event.clone(), at: now() });
        CommandResult { event: Some(event.into()), ..self.unchanged() }
    }

    /// The response of a command that changes nothing.
    pub(super) fn unchanged(&self) -> CommandResult {
        CommandResult {
            success: Some(true),
            aggregate_id: Some(self.aggregate_id.clone()),
            version: Some(self.version()),
            event: Some(Value::Null.into()),
        }
    }
}
