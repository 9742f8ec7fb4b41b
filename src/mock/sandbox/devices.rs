use serde_json::json;

use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::bad_request;
use crate::mock::sandbox::values::{now, number};
use crate::mock::sandbox::world::{LinkedDevice, World};
use crate::types::{AddDeviceRequest, GetUserDevicesResponse, RemoveDeviceRequest, UserDevice};

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("add_device", add), ("remove_device", remove), ("get_user_devices", list)];

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    let request: AddDeviceRequest = call.body()?;
    let user = world.user(call.user()?)?;
    if user.devices.iter().any(|device| device.request.device_id == request.device_id) {
        return Err(bad_request("The device is linked already"));
    }
    let added_at = now();
    let data = json!({
        "userId": user.id, "deviceId": request.device_id, "deviceType": request.device_type, "orgId": request.org_id,
        "name": request.name, "addedBy": request.added_by, "addedAt": added_at,
    });
    user.devices.push(LinkedDevice { request, added_at });
    ok(user.log.record("DeviceAdded", data))
}

fn remove(world: &mut World, call: &SandboxCall) -> Handled {
    let body: RemoveDeviceRequest = call.body()?;
    let user = world.user(call.user()?)?;
    let Some(place) = user.devices.iter().position(|device| device.request.device_id == body.device_id) else {
        return Err(bad_request("The device is not linked"));
    };
    let AddDeviceRequest { device_id, device_type, .. } = user.devices.remove(place).request;
    let data = json!({
        "userId": user.id, "deviceId": device_id, "deviceType": device_type, "removedBy": body.removed_by,
        "reason": body.reason, "removedAt": now(),
    });
    ok(user.log.record("DeviceRemoved", data))
}

fn list(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.user(call.user()?)?;
    let wanted = call.query("type");
    let is_wanted = |device: &&LinkedDevice| wanted.is_none_or(|ty| device.request.device_type.as_str() == ty);
    let devices: Vec<_> = user.devices.iter().filter(is_wanted).map(shown).collect();
    ok(GetUserDevicesResponse { total_count: Some(number(devices.len())), devices })
}

fn shown(LinkedDevice { request, added_at }: &LinkedDevice) -> UserDevice {
    UserDevice {
        device_id: request.device_id.clone(),
        device_type: Some(request.device_type.clone()),
        org_id: Some(request.org_id.clone()),
        name: request.name.clone(),
        added_by: request.added_by.clone(),
        added_at: Some(added_at.clone()),
    }
}
