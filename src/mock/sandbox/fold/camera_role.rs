use serde_json::{Value, json};

use crate::mock::sandbox::fold::lists::{push, remove};
use crate::mock::sandbox::recorded_event::RecordedEvent;
use crate::mock::sandbox::values::{pick, with};

pub(super) fn fold(state: &mut Value, event: &RecordedEvent) {
    let data = &event.data;
    match event.kind {
        "CameraRoleCreated" => {
            *state = with(data.clone(), json!({ "status": "Active", "users": [], "cameras": [] }));
        }
        "CameraRoleDeleted" => state["status"] = "Deleted".into(),
        "CameraRoleUserAssigned" => push(state, "users", pick(data, &["userId", "threeDeyeUserId"])),
        "CameraRoleUserRemoved" => remove(state, "users", "userId", &data["userId"]),
        "CameraRoleCameraAssigned" => push(state, "cameras", pick(data, &["cameraId", "permissions"])),
        "CameraRoleCameraRemoved" => remove(state, "cameras", "cameraId", &data["cameraId"]),
        _ => {}
    }
}
