use serde_json::Value;

use crate::mock::sandbox::recorded_event::RecordedEvent;

pub(super) fn fold(state: &mut Value, event: &RecordedEvent) {
    match event.kind {
        "TempKeyCreated" => *state = event.data.clone(),
        "TempKeyUsed" => state["usedCount"] = event.data["usedCount"].clone(),
        // It is deleted.
        _ => *state = Value::Null,
    }
}
