use serde_json::{Value, json};

use crate::mock::sandbox::fold::lists::{push, remove};
use crate::mock::sandbox::recorded_event::RecordedEvent;
use crate::mock::sandbox::values::{with, written};

pub(super) fn fold(state: &mut Value, event: &RecordedEvent) {
    let RecordedEvent { data, kept, at, .. } = event;
    match event.kind {
        "UserCreated" => {
            let lists = json!({
                "createdAt": written(*at), "grants": [], "devices": [], "wallet": [], "plates": [], "physicalKeys": [],
                "lastKeyNumber": 0,
            });
            *state = with(with(data.clone(), kept.clone()), lists);
        }
        "UserEmailUpdated" => state["email"] = kept["email"].clone(),
        "UserPhoneNumberUpdated" => state["phoneNumber"] = kept["phoneNumber"].clone(),
        "AccessibleLockAdded" => push(state, "grants", data.clone()),
        "AccessibleLockRemoved" => remove(state, "grants", "lockId", &data["lockId"]),
        "DeviceAdded" => push(state, "devices", data.clone()),
        "DeviceRemoved" => remove(state, "devices", "deviceId", &data["deviceId"]),
        "WalletKeyPrepared" => push(state, "wallet", with(data.clone(), json!({ "addedAt": written(*at) }))),
        "LicensePlateAdded" => push(state, "plates", data.clone()),
        "LicensePlateRemoved" => remove(state, "plates", "plate", &data["plate"]),
        "PhysicalKeyAdded" => {
            state["lastKeyNumber"] = data["number"].clone();
            push(state, "physicalKeys", data.clone());
        }
        "PhysicalKeyRemoved" => remove(state, "physicalKeys", "number", &data["number"]),
        _ => {}
    }
}
