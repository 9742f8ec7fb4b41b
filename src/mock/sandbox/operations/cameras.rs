use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, created, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request};
use crate::mock::sandbox::values::{millis, pick, with};
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("register_camera", register),
    ("register_pnp_camera", register_pnp),
    ("update_camera", update),
    ("disable_camera", disable),
    ("delete_camera", delete),
    ("link_camera_to_lock", link),
    ("unlink_camera_from_lock", unlink),
];

fn register(world: &mut World, call: &SandboxCall) -> Handled {
    let (http, rtsp) = (call.text("httpUrl")?, call.text("rtspUrl")?);
    if !is_url(http, &["http", "https"]) || !is_url(rtsp, &["rtsp", "rtsps"]) {
        return Err(bad_request("httpUrl must be an http URL, and rtspUrl an rtsp URL"));
    }
    if call.body()["port"].as_i64().is_some_and(|port| u16::try_from(port).map_or(true, |port| port == 0)) {
        return Err(bad_request("port must be from 1 to 65535"));
    }
    record_registration(world, call, &call.body()["type"])
}

/// A plug-and-play camera has no addresses of its own.
fn register_pnp(world: &mut World, call: &SandboxCall) -> Handled {
    call.text("registrationCode")?;
    record_registration(world, call, &"pnp".into())
}

/// The login goes to 3dEye: it is in no event.
fn record_registration(world: &mut World, call: &SandboxCall, camera_type: &Value) -> Handled {
    let body = call.body_for("cameraId")?;
    let id = call.text("cameraId")?;
    for field in ["name", "orgId", "login", "password"] {
        call.text(field)?;
    }
    let known = world.events.events(Aggregate::Camera, id).len();
    if known > 0 {
        return ok(world.unchanged(Aggregate::Camera, id));
    }
    let number = world.events.states(Aggregate::Camera).count() + 1;
    let data = json!({
        "cameraId": id, "threeDeyeCameraId": number.to_string(), "cameraType": camera_type, "httpUrl": "",
        "rtspUrl": "", "registeredAt": millis(world.now),
    });
    let given = pick(body, &["name", "orgId", "ownerId", "httpUrl", "rtspUrl", "registrationCode"]);
    created(world.record(Aggregate::Camera, id, "CameraRegistered", with(data, given)))
}

fn is_url(text: &str, schemes: &[&str]) -> bool {
    let parts = text.split_once("://");
    parts.is_some_and(|(scheme, rest)| schemes.contains(&scheme) && !rest.is_empty())
}

/// The camera of a command, if it is not deleted.
fn camera<'a>(world: &'a World, call: &SandboxCall) -> Result<&'a Value, SandboxError> {
    let camera = world.state(Aggregate::Camera, call.path("cameraId"))?;
    if camera["status"] == "Deleted" { Err(bad_request("The camera is deleted")) } else { Ok(camera) }
}

fn record(world: &mut World, call: &SandboxCall, kind: &'static str, data: Value) -> Handled {
    let id = call.path("cameraId");
    ok(world.record(Aggregate::Camera, id, kind, with(data, json!({ "cameraId": id }))))
}

fn update(world: &mut World, call: &SandboxCall) -> Handled {
    let body = call.body();
    let is_wrong = |field: &str, schemes: &[&str]| body[field].as_str().is_some_and(|url| !is_url(url, schemes));
    if is_wrong("httpUrl", &["http", "https"]) || is_wrong("rtspUrl", &["rtsp", "rtsps"]) || body["name"] == "" {
        return Err(bad_request("name is empty, or an address is no URL"));
    }
    camera(world, call)?;
    let data = with(pick(body, &["name", "httpUrl", "rtspUrl"]), json!({ "updatedAt": millis(world.now) }));
    record(world, call, "CameraUpdated", data)
}

fn disable(world: &mut World, call: &SandboxCall) -> Handled {
    let reason = call.text("reason")?;
    if camera(world, call)?["status"] == "Disabled" {
        return Err(bad_request("The camera is disabled already"));
    }
    let by = &call.body()["disabledBy"];
    let data = json!({ "reason": reason, "disabledBy": by, "disabledAt": millis(world.now) });
    record(world, call, "CameraDisabled", data)
}

fn delete(world: &mut World, call: &SandboxCall) -> Handled {
    camera(world, call)?;
    let data = json!({ "deletedBy": call.body()["deletedBy"], "deletedAt": millis(world.now) });
    record(world, call, "CameraDeleted", data)
}

fn link(world: &mut World, call: &SandboxCall) -> Handled {
    camera(world, call)?;
    let lock = call.text("lockId")?;
    if world.state(Aggregate::Lock, lock).is_err() {
        return Err(bad_request("There is no such lock"));
    }
    record(world, call, "CameraLinkedToLock", json!({ "lockId": lock }))
}

fn unlink(world: &mut World, call: &SandboxCall) -> Handled {
    if camera(world, call)?["lockId"].is_null() {
        return Err(bad_request("The camera is linked to no lock"));
    }
    record(world, call, "CameraUnlinkedFromLock", json!({}))
}
