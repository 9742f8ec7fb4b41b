use serde_json::{Value, json};

use crate::mock::sandbox::fold::lists::{push, remove, set};
use crate::mock::sandbox::recorded_event::RecordedEvent;
use crate::mock::sandbox::values::{pick, with, written};

pub(super) fn fold(state: &mut Value, event: &RecordedEvent) {
    let RecordedEvent { data, kept, at, .. } = event;
    match event.kind {
        "RtspCameraRegistered" => {
            let more = json!({
                "status": "working", "placementStatus": "pending", "placementGeneration": 0, "accessGrants": [],
            });
            *state = with(with(data.clone(), kept.clone()), more);
        }
        "RtspCameraUpdated" => {
            set(state, data, &["name", "rtspHash", "streamId"]);
            set(state, kept, &["rtspUrl", "httpSnapshotUrl"]);
            if data["sourceChanged"] == true {
                state["placementStatus"] = "pending".into();
            }
        }
        "RtspCameraDeleted" => {
            state["status"] = "deleted".into();
            state["placementStatus"] = "released".into();
        }
        "RtspCameraAccessGranted" => {
            remove(state, "accessGrants", "userId", &data["userId"]);
            push(state, "accessGrants", pick(data, &["userId", "role", "grantedAt"]));
        }
        "RtspCameraAccessRevoked" => remove(state, "accessGrants", "userId", &data["userId"]),
        "RtspCameraStreamStarted" => state["status"] = "working".into(),
        "RtspCameraStreamStopped" => state["status"] = "stopped".into(),
        "RtspCameraPlaced" => placed(state, data, "running", &Value::Null),
        "RtspCameraPlacementFailed" => placed(state, data, "failed", &data["error"]),
        _ => {}
    }
    state["updatedAt"] = written(*at).into();
}

fn placed(state: &mut Value, result: &Value, status: &str, error: &Value) {
    state["placementStatus"] = status.into();
    state["placementError"] = error.clone();
    state["placementGeneration"] = result["placementGeneration"].clone();
}
