use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request};
use crate::mock::sandbox::values::{find, items, millis, pick, with};
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("get_license_plates", list), ("add_license_plate", add), ("remove_license_plate", remove)];

fn list(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.state(Aggregate::User, &call.user()?)?;
    let plates = items(&user["plates"]).iter();
    let plates: Vec<_> = plates.map(|plate| pick(plate, &["plate", "label", "addedAt"])).collect();
    ok(json!({ "totalCount": plates.len(), "licensePlates": plates }))
}

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, plate) = (call.user()?, plate(call)?);
    let user = world.state(Aggregate::User, &id)?;
    if find(&user["plates"], "plate", &plate).is_some() {
        return Err(bad_request("The user has this license plate already"));
    }
    let shown = json!({ "plate": plate, "label": call.body()["label"].as_str().unwrap_or_default() });
    let more = json!({ "userId": id, "addedAt": millis(world.now) });
    let result = world.record(Aggregate::User, &id, "LicensePlateAdded", with(shown.clone(), more));
    ok(with(result, shown))
}

fn remove(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, plate) = (call.user()?, plate(call)?);
    let user = world.state(Aggregate::User, &id)?;
    if find(&user["plates"], "plate", &plate).is_none() {
        return Err(bad_request("The user does not have this license plate"));
    }
    let result = world.record(Aggregate::User, &id, "LicensePlateRemoved", json!({ "userId": id, "plate": plate }));
    ok(with(result, json!({ "plate": plate })))
}

fn plate(call: &SandboxCall) -> Result<Value, SandboxError> {
    match normalized(call.text("plate")?) {
        plate if plate.is_empty() => Err(bad_request("plate has neither a letter nor a digit")),
        plate => Ok(plate.into()),
    }
}

/// A plate as it is stored: in upper case, without spaces and dashes.
pub(in crate::mock::sandbox) fn normalized(plate: &str) -> String {
    plate.to_uppercase().chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}
