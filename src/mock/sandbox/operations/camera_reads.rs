use std::collections::BTreeSet;
use std::time::SystemTime;

use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, forbidden, not_found, unauthorized};
use crate::mock::sandbox::values::{find, items, pick, time, with};
use crate::mock::sandbox::world::World;
use crate::value::user_id::UserId;

/// How many plates a page has, if a call does not say it, and at most.
const PAGE_SIZE: usize = 20;
const LARGEST_PAGE: usize = 100;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("get_my_cameras", mine),
    ("get_camera_details", details),
    ("get_camera_stream", stream),
    ("get_camera_lpr_events", plates),
];

fn caller(call: &SandboxCall) -> Result<&str, SandboxError> {
    call.caller.as_ref().map(UserId::as_str).ok_or_else(|| unauthorized("A user's bearer token is required"))
}

/// What a user may do with a camera, by all roles of the user.
fn permissions(world: &World, user: &str, camera: &Value) -> BTreeSet<String> {
    let roles = world.events.states(Aggregate::CameraRole);
    let roles =
        roles.filter(|role| role["status"] == "Active" && find(&role["users"], "userId", &user.into()).is_some());
    let permissions = roles.flat_map(|role| {
        // A role names a camera by its id at 3dEye, or by the one here.
        let by_id = |id: &str| find(&role["cameras"], "cameraId", &camera[id]);
        let named = by_id("threeDeyeCameraId").or_else(|| by_id("cameraId"));
        named.map(|named| items(&named["permissions"]).to_vec()).unwrap_or_default()
    });
    permissions.filter_map(|permission| permission.as_str().map(str::to_owned)).collect()
}

fn mine(world: &mut World, call: &SandboxCall) -> Handled {
    let user = caller(call)?;
    let shown = |camera: &Value| {
        let permissions = permissions(world, user, camera);
        let fields = ["cameraId", "threeDeyeCameraId", "name", "type", "status", "httpUrl", "rtspUrl", "orgId"];
        let is_mine = !permissions.is_empty() && camera["status"] != "Deleted";
        is_mine.then(|| with(pick(camera, &fields), json!({ "permissions": permissions })))
    };
    let cameras: Vec<_> = world.events.states(Aggregate::Camera).filter_map(shown).collect();
    ok(json!({ "total": cameras.len(), "cameras": cameras }))
}

fn details(world: &mut World, call: &SandboxCall) -> Handled {
    let camera = world.state(Aggregate::Camera, call.path("cameraId"))?;
    let fields = [
        "cameraId",
        "threeDeyeCameraId",
        "type",
        "name",
        "orgId",
        "ownerId",
        "status",
        "httpUrl",
        "rtspUrl",
        "registrationCode",
        "lockId",
        "version",
        "timestamp",
    ];
    ok(pick(camera, &fields))
}

fn stream(world: &mut World, call: &SandboxCall) -> Handled {
    let user = caller(call)?;
    let camera = world.state(Aggregate::Camera, call.path("cameraId"))?;
    if camera["status"] != "Active" {
        return Err(not_found("Active camera"));
    }
    if !permissions(world, user, camera).contains("View") {
        return Err(forbidden("The permission View is required"));
    }
    let address = |kind: &str| {
        format!("{}/streams/{}/{kind}", world.uri, camera["threeDeyeCameraId"].as_str().unwrap_or_default())
    };
    let addresses = json!({
        "http": camera["httpUrl"], "rtsp": camera["rtspUrl"], "hlsStream": address("hls"),
        "dashStream": address("dash"), "rtmpStream": address("rtmp"), "thumbnail": address("thumbnail"),
        "snapShot": address("snapshot"),
    });
    let more = json!({ "videoStreamState": "Started", "accessUrls": addresses });
    ok(with(pick(camera, &["cameraId", "threeDeyeCameraId", "name"]), more))
}

fn plates(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.path("cameraId");
    world.state(Aggregate::Camera, id)?;
    let (from, to) = (limit(call, "from")?, limit(call, "to")?);
    let page = call.count("page")?.unwrap_or(1);
    let size = call.count("pageSize")?.unwrap_or(PAGE_SIZE);
    if page == 0 || !(1..=LARGEST_PAGE).contains(&size) {
        return Err(bad_request("pages count from 1, and have 1 to 100 plates"));
    }
    let reads = world.state(Aggregate::PlateReads, id).unwrap_or_default();
    let is_within = |read: &&Value| {
        let at = read["timestamp"].as_str().and_then(time);
        at.is_some_and(|at| from.is_none_or(|from| at >= from) && to.is_none_or(|to| at <= to))
    };
    let found: Vec<_> = items(&reads["reads"]).iter().rev().filter(is_within).collect();
    let first = (page - 1).saturating_mul(size).min(found.len());
    let end = first.saturating_add(size).min(found.len());
    ok(json!({
        "cameraId": id, "events": found[first..end], "page": page, "pageSize": size, "total": found.len(),
        "hasMore": end < found.len(),
    }))
}

/// A limit of the time range.
fn limit(call: &SandboxCall, name: &str) -> Result<Option<SystemTime>, SandboxError> {
    let parse = |text: &str| time(text).ok_or_else(|| bad_request(format!("{name} is not an RFC 3339 time")));
    call.query(name).map(parse).transpose()
}
