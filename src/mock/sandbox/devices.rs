use serde_json::json;

use super::call::{Call, Outcome, bad, ok};
use super::server::Handler;
use super::world::{World, now, number};
use crate::types::{AddDeviceRequest, GetUserDevicesResponse, RemoveDeviceRequest, UserDevice};

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("add_device", add), ("remove_device", remove), ("get_user_devices", list)];

fn add(world: &mut World, call: &Call) -> Outcome {
    let body: AddDeviceRequest = call.body()?;
    let user = world.user(&call.user())?;
    if user.devices.iter().any(|(device, _)| device.device_id == body.device_id) {
        return Err(bad("The device is linked already"));
    }
    let added_at = now();
    let data = json!({
        "userId": user.id, "deviceId": body.device_id, "deviceType": body.device_type, "orgId": body.org_id,
        "name": body.name, "addedBy": body.added_by, "addedAt": added_at,
    });
    user.devices.push((body, added_at));
    ok(user.history.record("DeviceAdded", data))
}

fn remove(world: &mut World, call: &Call) -> Outcome {
    let body: RemoveDeviceRequest = call.body()?;
    let user = world.user(&call.user())?;
    let Some(place) = user.devices.iter().position(|(device, _)| device.device_id == body.device_id) else {
        return Err(bad("The device is not linked"));
    };
    let (device, _) = user.devices.remove(place);
    let data = json!({
        "userId": user.id, "deviceId": device.device_id, "deviceType": device.device_type, "removedBy": body.removed_by,
        "reason": body.reason, "removedAt": now(),
    });
    ok(user.history.record("DeviceRemoved", data))
}

fn list(world: &mut World, call: &Call) -> Outcome {
    let user = world.user(&call.user())?;
    let wanted = call.query("type");
    let devices = user.devices.iter().filter(|(device, _)| wanted.is_none_or(|ty| device.device_type.as_str() == ty));
    let devices: Vec<_> = devices
        .map(|(device, added_at)| UserDevice {
            device_id: device.device_id.clone(),
            device_type: Some(device.device_type.clone()),
            org_id: Some(device.org_id.clone()),
            name: device.name.clone(),
            added_by: device.added_by.clone(),
            added_at: Some(added_at.clone()),
        })
        .collect();
    ok(GetUserDevicesResponse { total_count: Some(number(devices.len())), devices })
}
