use serde_json::{Value, json};

use crate::mock::sandbox::fold::lists::{push, remove};
use crate::mock::sandbox::recorded_event::RecordedEvent;
use crate::mock::sandbox::values::with;

pub(super) fn fold(state: &mut Value, event: &RecordedEvent) {
    let data = &event.data;
    match event.kind {
        "MatterDeviceCreated" => *state = with(data.clone(), json!({ "pins": [], "alarms": [] })),
        "MatterPinSet" => {
            remove(state, "pins", "credentialIndex", &data["credentialIndex"]);
            push(state, "pins", data.clone());
        }
        "MatterPinCleared" => remove(state, "pins", "credentialIndex", &data["credentialIndex"]),
        "AlarmTriggered" => push(state, "alarms", data.clone()),
        "AlarmCleared" => remove(state, "alarms", "channel", &data["channel"]),
        _ => {}
    }
}
