use std::hash::{DefaultHasher, Hasher};

use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::operations::rtsp_access::camera;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, conflict, forbidden, unprocessable};
use crate::mock::sandbox::values::{new_uuid, pick, with, written};
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("register_rtsp_camera", register),
    ("update_rtsp_camera", update),
    ("delete_rtsp_camera", delete),
    ("start_rtsp_camera_stream", start_stream),
    ("stop_rtsp_camera_stream", stop_stream),
    ("apply_rtsp_camera_placement_result", apply_placement_result),
];

/// What of a request is a secret, or has one: it is in no event.
const KEPT: [&str; 4] = ["rtspUrl", "username", "password", "httpSnapshotUrl"];

fn register(world: &mut World, call: &SandboxCall) -> Handled {
    let body = call.body_for("cameraId")?;
    let (id, name, url) = (call.text("cameraId")?, call.text("name")?, call.text("rtspUrl")?);
    check_url(url)?;
    if world.state(Aggregate::RtspCamera, id).is_ok() || is_taken(world, id, url) {
        return Err(conflict("The camera is registered already"));
    }
    let data = json!({
        "cameraId": id, "name": name, "rtspHash": hash(url), "streamId": new_uuid(), "ownerId": body["ownerId"],
        "orgId": body["orgId"], "placementMode": "async", "createdAt": written(world.now),
    });
    let result = world.record_with(Aggregate::RtspCamera, id, "RtspCameraRegistered", data, pick(body, &KEPT));
    ok(with(result, json!({ "placementStatus": "pending" })))
}

fn check_url(url: &str) -> Result<(), SandboxError> {
    let is_rtsp =
        url.strip_prefix("rtsp://").or_else(|| url.strip_prefix("rtsps://")).is_some_and(|rest| !rest.is_empty());
    if is_rtsp { Ok(()) } else { Err(bad_request("rtspUrl must be an rtsp URL")) }
}

/// Whether an address belongs to another camera.
fn is_taken(world: &World, id: &str, url: &str) -> bool {
    let mut cameras = world.events.states(Aggregate::RtspCamera);
    cameras.any(|camera| camera["cameraId"] != id && camera["rtspUrl"] == url && camera["status"] != "deleted")
}

/// A number that stands for an address, so that events can compare addresses without having them.
fn hash(url: &str) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(url.as_bytes());
    format!("{:016x}", hasher.finish())
}

fn record(world: &mut World, call: &SandboxCall, kind: &'static str, data: Value, kept: Value) -> Handled {
    let id = call.path("cameraId");
    ok(world.record_with(Aggregate::RtspCamera, id, kind, with(data, json!({ "cameraId": id })), kept))
}

fn update(world: &mut World, call: &SandboxCall) -> Handled {
    let body = call.body();
    if body["name"] == "" {
        return Err(bad_request("name is empty"));
    }
    let url = body["rtspUrl"].as_str();
    url.map(check_url).transpose()?;
    let camera = camera(world, call)?;
    if url.is_some_and(|url| is_taken(world, call.path("cameraId"), url)) {
        return Err(conflict("The address belongs to another camera"));
    }
    let mut data = with(pick(body, &["name"]), json!({ "updatedAt": written(world.now) }));
    if let Some(url) = url.filter(|url| camera["rtspUrl"] != *url) {
        data = with(data, json!({ "rtspHash": hash(url), "streamId": new_uuid(), "sourceChanged": true }));
    }
    record(world, call, "RtspCameraUpdated", data, pick(body, &KEPT))
}

fn delete(world: &mut World, call: &SandboxCall) -> Handled {
    camera(world, call)?;
    let data = json!({ "deletedAt": written(world.now), "deletedBy": call.body()["deletedBy"] });
    record(world, call, "RtspCameraDeleted", data, Value::Null)
}

fn start_stream(world: &mut World, call: &SandboxCall) -> Handled {
    camera(world, call)?;
    let data = json!({ "startedAt": written(world.now), "startedBy": call.actor() });
    record(world, call, "RtspCameraStreamStarted", data, Value::Null)
}

/// The stream of a deleted camera has ended: to stop it changes nothing.
fn stop_stream(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.path("cameraId");
    if world.state(Aggregate::RtspCamera, id)?["status"] == "deleted" {
        return ok(world.unchanged(Aggregate::RtspCamera, id));
    }
    let data = json!({ "stoppedAt": written(world.now), "stoppedBy": call.actor() });
    record(world, call, "RtspCameraStreamStopped", data, Value::Null)
}

/// A result that was reported before, or that is older than the last one, changes nothing. There is no event for a stream that is
/// released: the deletion of the camera releases it.
fn apply_placement_result(world: &mut World, call: &SandboxCall) -> Handled {
    let (body, id) = (call.body(), call.path("cameraId"));
    let secret = call.text("internalSecret")?;
    if world.credentials.as_ref().is_some_and(|accepted| !accepted.contains(secret)) {
        return Err(forbidden("Wrong internal secret"));
    }
    if body["cameraId"] != id {
        return Err(unprocessable("The result is for another camera"));
    }
    let (version, generation) = (body["aggregateVersion"].as_i64(), body["placementGeneration"].as_i64());
    if version < Some(1) || generation < Some(0) {
        return Err(bad_request("aggregateVersion must be positive, and placementGeneration must not be negative"));
    }
    let camera = world.state(Aggregate::RtspCamera, id)?;
    let last = camera["placementGeneration"].as_i64();
    let is_known = generation < last || (generation == last && camera["placementStatus"] == body["status"]);
    if is_known || camera["status"] == "deleted" || body["status"] == "released" {
        return ok(world.unchanged(Aggregate::RtspCamera, id));
    }
    let data = json!({ "placementGeneration": generation, "sourceEventVersion": version });
    let now = written(world.now);
    let text = |field: &str, default: &str| body[field].as_str().unwrap_or(default).to_owned();
    if body["status"] == "failed" {
        let failed = json!({ "error": text("error", "unknown"), "failedAt": now });
        return record(world, call, "RtspCameraPlacementFailed", with(data, failed), Value::Null);
    }
    let placed = json!({ "workerId": text("workerId", "worker-1"), "placedAt": now });
    record(world, call, "RtspCameraPlaced", with(data, placed), Value::Null)
}
