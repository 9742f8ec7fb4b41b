use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::bad_request;
use crate::mock::sandbox::values::{find, items, pick, written};
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("add_device", add), ("remove_device", remove), ("get_user_devices", list)];

const SHOWN: [&str; 6] = ["deviceId", "deviceType", "orgId", "name", "addedBy", "addedAt"];

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, body) = (call.user()?, call.body());
    let user = world.state(Aggregate::User, &id)?;
    if find(&user["devices"], "deviceId", &body["deviceId"]).is_some() {
        return Err(bad_request("The device is linked already"));
    }
    let data = json!({
        "userId": id, "deviceId": body["deviceId"], "deviceType": body["deviceType"], "orgId": body["orgId"],
        "name": body["name"], "addedBy": body["addedBy"], "addedAt": written(world.now),
    });
    ok(world.record(Aggregate::User, &id, "DeviceAdded", data))
}

fn remove(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, body) = (call.user()?, call.body());
    let user = world.state(Aggregate::User, &id)?;
    let Some(device) = find(&user["devices"], "deviceId", &body["deviceId"]) else {
        return Err(bad_request("The device is not linked"));
    };
    let data = json!({
        "userId": id, "deviceId": device["deviceId"], "deviceType": device["deviceType"],
        "removedBy": body["removedBy"], "reason": body["reason"], "removedAt": written(world.now),
    });
    ok(world.record(Aggregate::User, &id, "DeviceRemoved", data))
}

fn list(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.state(Aggregate::User, &call.user()?)?;
    let is_wanted = |device: &&Value| call.query("type").is_none_or(|ty| device["deviceType"] == ty);
    let devices = items(&user["devices"]).iter().filter(is_wanted).map(|device| pick(device, &SHOWN));
    let devices: Vec<_> = devices.collect();
    ok(json!({ "totalCount": devices.len(), "devices": devices }))
}
