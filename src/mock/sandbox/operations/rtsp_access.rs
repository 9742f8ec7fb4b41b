//! Who may watch an RTSP camera, and what they see of it.

use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, unauthorized, unprocessable};
use crate::mock::sandbox::values::{find, millis, pick, with, without_nulls, written};
use crate::mock::sandbox::world::World;

/// For how long the signed addresses are valid.
const VALID_MILLISECONDS: i64 = 3_600_000;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("get_my_rtsp_cameras", mine),
    ("get_rtsp_camera", get),
    ("grant_rtsp_camera_access", grant),
    ("revoke_rtsp_camera_access", revoke),
];

/// What the list and the read of one camera have.
const SHOWN: [&str; 11] = [
    "cameraId",
    "name",
    "status",
    "placementStatus",
    "placementError",
    "streamId",
    "httpSnapshotUrl",
    "ownerId",
    "orgId",
    "createdAt",
    "updatedAt",
];

fn hls_path(camera: &Value) -> String {
    format!("/streams/{}/index.m3u8", camera["streamId"].as_str().unwrap_or_default())
}

fn mine(world: &mut World, call: &SandboxCall) -> Handled {
    let user = call.caller.as_ref().ok_or_else(|| unauthorized("A user's bearer token is required"))?.to_string();
    let shown = |camera: &Value| {
        let grant = find(&camera["accessGrants"], "userId", &user.as_str().into());
        let role = if camera["ownerId"] == user { "manager" } else { grant?["role"].as_str()? };
        let more = json!({ "role": role, "hlsPath": hls_path(camera) });
        (camera["status"] != "deleted").then(|| with(pick(camera, &SHOWN), more))
    };
    let cameras: Vec<_> = world.events.states(Aggregate::RtspCamera).filter_map(shown).collect();
    ok(json!({ "total": cameras.len(), "cameras": cameras }))
}

fn get(world: &mut World, call: &SandboxCall) -> Handled {
    let camera = world.state(Aggregate::RtspCamera, call.path("cameraId"))?;
    let path = hls_path(camera);
    let expires = millis(world.now).saturating_add(VALID_MILLISECONDS);
    let signed = |path: &str| format!("{}{path}?expires={expires}&signature=sandbox", world.uri);
    let has_preview = camera["httpSnapshotUrl"].is_string();
    let more = json!({
        "accessGrants": camera["accessGrants"], "signedHlsUrl": signed(&path), "hlsExpiresAt": expires,
        "signedPreviewUrl": has_preview.then(|| signed("/preview.jpeg")),
        "previewExpiresAt": has_preview.then_some(expires), "hlsPath": path,
    });
    ok(with(pick(camera, &SHOWN), without_nulls(more)))
}

/// The camera of a command, if it is not deleted.
pub(super) fn camera<'a>(world: &'a World, call: &SandboxCall) -> Result<&'a Value, SandboxError> {
    let camera = world.state(Aggregate::RtspCamera, call.path("cameraId"))?;
    if camera["status"] == "deleted" { Err(unprocessable("The camera is deleted")) } else { Ok(camera) }
}

fn record(world: &mut World, call: &SandboxCall, kind: &'static str, data: Value) -> Handled {
    let id = call.path("cameraId");
    ok(world.record(Aggregate::RtspCamera, id, kind, with(data, json!({ "cameraId": id }))))
}

/// A second grant for a user sets the role.
fn grant(world: &mut World, call: &SandboxCall) -> Handled {
    let body = call.body();
    if camera(world, call)?["ownerId"] == body["userId"] {
        return Err(unprocessable("The user owns the camera"));
    }
    let data = with(pick(body, &["userId", "role", "grantedBy"]), json!({ "grantedAt": written(world.now) }));
    record(world, call, "RtspCameraAccessGranted", data)
}

fn revoke(world: &mut World, call: &SandboxCall) -> Handled {
    let body = call.body();
    if find(&camera(world, call)?["accessGrants"], "userId", &body["userId"]).is_none() {
        return Err(unprocessable("The user has no access to revoke"));
    }
    let data = with(pick(body, &["userId", "revokedBy"]), json!({ "revokedAt": written(world.now) }));
    record(world, call, "RtspCameraAccessRevoked", data)
}
