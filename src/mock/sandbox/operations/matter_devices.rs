use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, created, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request};
use crate::mock::sandbox::values::{find, items, millis, with};
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("create_matter_device", create),
    ("set_matter_pin", set_pin),
    ("clear_matter_pin", clear_pin),
    ("update_matter_desired_shadow", update_desired),
    ("update_matter_reported_shadow", update_reported),
];

fn create(world: &mut World, call: &SandboxCall) -> Handled {
    let body = call.body_for("deviceId")?;
    let id = call.text("deviceId")?;
    if world.state(Aggregate::MatterDevice, id).is_ok() {
        return ok(world.unchanged(Aggregate::MatterDevice, id));
    }
    let data = json!({
        "deviceId": id, "thingName": call.text("thingName")?, "hubId": call.text("hubId")?,
        "deviceType": body["deviceType"].as_str().unwrap_or("generic"), "createdAt": millis(world.now),
    });
    created(world.record(Aggregate::MatterDevice, id, "MatterDeviceCreated", data))
}

/// The device of a command. One that is unknown is a bad request here, not a 404.
fn device(world: &World, call: &SandboxCall) -> Result<Value, SandboxError> {
    let device = world.state(Aggregate::MatterDevice, call.path("deviceId"));
    device.cloned().map_err(|_| bad_request("Matter device not found"))
}

fn record(world: &mut World, device: &Value, kind: &'static str, data: Value) -> Handled {
    let id = device["deviceId"].as_str().unwrap_or_default();
    let common = json!({ "deviceId": id, "thingName": device["thingName"] });
    ok(world.record(Aggregate::MatterDevice, id, kind, with(data, common)))
}

/// An index of the body, if it is there.
fn index(call: &SandboxCall, field: &str) -> Result<Option<i64>, SandboxError> {
    match call.body()[field].as_i64() {
        Some(index) if index < 1 => Err(bad_request(format!("{field} must be positive"))),
        index => Ok(index),
    }
}

/// The PIN itself is in no event. Without indexes it takes the first free slot.
fn set_pin(world: &mut World, call: &SandboxCall) -> Handled {
    let pin = call.text("pinCode")?;
    if !(4..=8).contains(&pin.len()) || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad_request("A PIN has 4 to 8 digits"));
    }
    let device = device(world, call)?;
    let mut slots = 1..=i64::try_from(items(&device["pins"]).len()).unwrap_or_default() + 1;
    let is_free = |slot: &i64| find(&device["pins"], "credentialIndex", &(*slot).into()).is_none();
    let slot = index(call, "credentialIndex")?.or_else(|| slots.find(is_free)).unwrap_or(1);
    let user = index(call, "userIndex")?.unwrap_or(slot);
    let data = json!({ "userIndex": user, "credentialIndex": slot, "timestamp": millis(world.now) });
    record(world, &device, "MatterPinSet", data)
}

fn clear_pin(world: &mut World, call: &SandboxCall) -> Handled {
    let device = device(world, call)?;
    let (user, slot) = (index(call, "userIndex")?, index(call, "credentialIndex")?);
    let data = json!({ "userIndex": user, "credentialIndex": slot, "timestamp": millis(world.now) });
    record(world, &device, "MatterPinCleared", data)
}

fn update_desired(world: &mut World, call: &SandboxCall) -> Handled {
    let device = device(world, call)?;
    let data = json!({ "desired": call.body()["desired"], "updatedAt": millis(world.now) });
    record(world, &device, "DesiredShadowUpdated", data)
}

fn update_reported(world: &mut World, call: &SandboxCall) -> Handled {
    let device = device(world, call)?;
    let data = json!({ "reported": call.body()["reported"], "updatedAt": millis(world.now) });
    record(world, &device, "ReportedShadowUpdated", data)
}
