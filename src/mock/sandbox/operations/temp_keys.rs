use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::guest_key::{self, checked_times};
use crate::mock::sandbox::handler::{Handled, Handler, created, empty, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request};
use crate::mock::sandbox::values::{items, new_uuid, pick, with, without_nulls, written};
use crate::mock::sandbox::world::World;
use crate::value::lock_id::LockId;

/// How many doors a key has at most.
const MOST_DOORS: usize = 50;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("create_unified_temp_key", create),
    ("create_collective_temp_key", create),
    ("list_unified_temp_keys", list),
    ("delete_unified_temp_key", delete),
    ("delete_collective_temp_key", delete),
];

fn create(world: &mut World, call: &SandboxCall) -> Handled {
    let body = call.body();
    let (from, until) = checked_times(&body["validFrom"], &body["validUntil"])?;
    let doors = items(&body["doors"]);
    if !(1..=MOST_DOORS).contains(&doors.len()) {
        return Err(bad_request("doors must be 1 to 50"));
    }
    let doors = doors.iter().enumerate().map(|(index, door)| checked_door(world, index, door));
    let doors: Vec<_> = doors.collect::<Result<_, _>>()?;
    let takes_pin = doors.iter().any(|door| door["accessMethod"] != "key");
    let uuid = new_uuid();
    let key = json!({
        "uuid": uuid, "url": format!("{}/temp-keys/{uuid}", world.uri), "doors": doors,
        "validFrom": written(from), "validUntil": written(until), "accessMode": "public",
        "description": body["description"], "pin": takes_pin.then(|| free_pin(world)),
        "createdBy": call.actor(), "createdAt": written(world.now),
    });
    world.record(Aggregate::TempKey, &uuid, "TempKeyCreated", key.clone());
    let shown = pick(&key, &["uuid", "url", "validFrom", "validUntil", "pin"]);
    created(with(shown, json!({ "success": true, "doors": doors })))
}

fn checked_door(world: &World, index: usize, door: &Value) -> Result<Value, SandboxError> {
    let lock_id = door["lockId"].as_str().ok_or_else(|| bad_request("A door has no lockId"))?;
    let lock_id = LockId::try_from(lock_id).map_err(|error| bad_request(format!("doors: lockId: {error}")))?;
    let lock = world.lock(lock_id)?;
    Ok(without_nulls(json!({
        "id": index + 1, "lockId": lock_id, "lockUuid": lock["uuid"], "label": door["label"],
        "accessMethod": door["accessMethod"].as_str().unwrap_or("key"),
    })))
}

fn free_pin(world: &World) -> String {
    loop {
        let pin = format!("{:06}", fastrand::u32(..1_000_000));
        if !guest_key::all(world).any(|key| key["pin"] == pin) {
            return pin;
        }
    }
}

fn list(world: &mut World, call: &SandboxCall) -> Handled {
    let lock: Option<LockId> = call.query_id("lockId")?;
    if let Some(lock) = lock {
        world.lock(lock)?;
    }
    let is_wanted = |key: &Value| match lock {
        Some(lock) => items(&key["doors"]).iter().any(|door| door["lockId"] == lock.to_string()),
        None => key["createdBy"] == call.actor(),
    };
    let fields = ["uuid", "url", "validFrom", "validUntil", "description", "createdBy", "createdAt", "doors"];
    let keys = world.events.states(Aggregate::TempKey).filter(|key| is_wanted(key)).map(|key| pick(key, &fields));
    ok(json!({ "tempKeys": keys.collect::<Value>() }))
}

fn delete(world: &mut World, call: &SandboxCall) -> Handled {
    let uuid = call.path("tempKeyUuid");
    world.state(Aggregate::TempKey, uuid)?;
    world.record(Aggregate::TempKey, uuid, "TempKeyDeleted", json!({ "deletedBy": call.actor() }));
    empty()
}
