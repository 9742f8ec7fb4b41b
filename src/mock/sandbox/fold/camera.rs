use serde_json::{Value, json};

use crate::mock::sandbox::fold::lists::set;
use crate::mock::sandbox::recorded_event::RecordedEvent;
use crate::mock::sandbox::values::with;

pub(super) fn fold(state: &mut Value, event: &RecordedEvent) {
    let data = &event.data;
    match event.kind {
        "CameraRegistered" => *state = with(data.clone(), json!({ "type": data["cameraType"], "status": "Active" })),
        "CameraUpdated" => set(state, data, &["name", "httpUrl", "rtspUrl"]),
        "CameraDisabled" => state["status"] = "Disabled".into(),
        "CameraDeleted" => state["status"] = "Deleted".into(),
        "CameraLinkedToLock" => set(state, data, &["lockId"]),
        "CameraUnlinkedFromLock" => state["lockId"] = Value::Null,
        _ => {}
    }
}
