//! What guests do with a temporary key: pages, doors and PINs.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::guest_key;
use crate::mock::sandbox::handler::{Handled, Handler, ok, page, see_other};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{
    SandboxError, bad_request, forbidden, not_found, too_many_requests, unauthorized,
};
use crate::mock::sandbox::values::items;
use crate::mock::sandbox::world::World;

/// After so many wrong PINs in a row a lock takes no more.
const MOST_WRONG_PINS: u32 = 5;
/// For how long a lock takes no PIN then.
const LOCK_OUT_SECONDS: u64 = 300;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("get_temp_key", key_page),
    ("get_collective_temp_key", collective_page),
    ("temp_key_confirmation", confirmation),
    ("collective_temp_key_confirmation", confirmation),
    ("open_temp_key", open_first),
    ("open_temp_key_door", open_door),
    ("open_collective_temp_key_door", open_door),
    ("open_lock_with_pin", open_with_pin),
];

fn key(world: &World, call: &SandboxCall) -> Result<Value, SandboxError> {
    guest_key::find(world, call.path("tempKeyUuid")).cloned()
}

/// The key of the call, if its caller may use it.
fn allowed_key(world: &World, call: &SandboxCall) -> Result<Value, SandboxError> {
    let key = key(world, call)?;
    let caller = call.caller.as_ref().map(ToString::to_string);
    let is_listed = || items(&key["allowedUserIds"]).iter().any(|user| user.as_str() == caller.as_deref());
    if key["accessMode"] == "user-whitelist" && !is_listed() {
        return Err(forbidden("The temporary key is for listed users"));
    }
    Ok(key)
}

/// Whether the door opens from the web page, and not by PIN alone.
fn has_button(door: &Value) -> bool {
    door["accessMethod"] != "code"
}

fn key_page(world: &mut World, call: &SandboxCall) -> Handled {
    page(shown(&allowed_key(world, call)?))
}

fn collective_page(world: &mut World, call: &SandboxCall) -> Handled {
    page(shown(&key(world, call)?))
}

fn shown(key: &Value) -> String {
    let buttons = items(&key["doors"]).iter().enumerate().filter(|(_, door)| has_button(door));
    let buttons: Vec<_> = buttons.map(|(index, _)| format!("<button>Open door {}</button>", index + 1)).collect();
    format!("<!doctype html><title>Temporary key</title><h1>Temporary key</h1>{}", buttons.concat())
}

fn confirmation(world: &mut World, call: &SandboxCall) -> Handled {
    key(world, call)?;
    page("<!doctype html><title>Door opened</title><h1>The command went out</h1>".to_owned())
}

fn open_first(world: &mut World, call: &SandboxCall) -> Handled {
    let key = allowed_key(world, call)?;
    let door = items(&key["doors"]).iter().position(has_button);
    open(world, call, &key, door.ok_or_else(|| bad_request("No door opens from the web page"))?)
}

fn open_door(world: &mut World, call: &SandboxCall) -> Handled {
    let key = allowed_key(world, call)?;
    let index = call.path("doorId").parse::<usize>().ok().and_then(|id| id.checked_sub(1));
    let door = index.and_then(|index| Some((index, items(&key["doors"]).get(index)?)));
    match door.ok_or_else(|| not_found("Door"))? {
        (index, door) if has_button(door) => open(world, call, &key, index),
        _ => Err(bad_request("The door does not open from the web page")),
    }
}

fn open(world: &mut World, call: &SandboxCall, key: &Value, door: usize) -> Handled {
    let status = guest_key::status(key, world.now);
    if status != "valid" {
        return Err(bad_request(format!("The temporary key is {status}")));
    }
    unlock(world, key, door, call.caller.as_ref().map(ToString::to_string))?;
    let uuid = key["uuid"].as_str().unwrap_or_default();
    see_other(format!("/temp-keys/{uuid}/confirmation?door={}", door + 1))
}

/// Opens a door of a key and counts the use.
fn unlock(world: &mut World, key: &Value, door: usize, caller: Option<String>) -> Result<(), SandboxError> {
    let lock_id = items(&key["doors"])[door]["lockId"].as_str().and_then(|id| id.parse().ok());
    let lock_id = lock_id.ok_or_else(|| not_found("Lock"))?;
    world.reached(lock_id)?;
    world.record_lock(lock_id, "LockOpenRequested", json!({ "reason": "temp-key" }));
    let used = key["usedCount"].as_i64().unwrap_or_default() + 1;
    let data = json!({ "tempKeyUuid": key["uuid"], "userId": caller, "usedCount": used });
    let uuid = key["uuid"].as_str().unwrap_or_default();
    if world.state(Aggregate::TempKey, uuid).is_ok() {
        world.record(Aggregate::TempKey, uuid, "TempKeyUsed", data.clone());
    }
    world.record_lock(lock_id, "TempKeyUsed", data);
    Ok(())
}

/// The error is the same for every PIN that does not open the lock, so that nobody learns why.
fn open_with_pin(world: &mut World, call: &SandboxCall) -> Handled {
    let pin = call.text("pin")?;
    if !(4..=8).contains(&pin.len()) || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad_request("A PIN has 4 to 8 digits"));
    }
    let lock = call.lock()?;
    let is_recent = |last: SystemTime| world.now < last + Duration::from_secs(LOCK_OUT_SECONDS);
    let recent = world.wrong_pins.get(&lock).filter(|(_, last)| is_recent(*last));
    let wrong = recent.map_or(0, |(wrong, _)| *wrong);
    if wrong >= MOST_WRONG_PINS {
        return Err(too_many_requests("Too many attempts at this lock", LOCK_OUT_SECONDS));
    }
    let found = guest_key::all(world).find_map(|key| {
        let fits = key["pin"] == pin && guest_key::status(key, world.now) == "valid";
        let opens = |door: &Value| door["lockId"] == lock.to_string() && door["accessMethod"] != "key";
        let door = items(&key["doors"]).iter().position(opens).filter(|_| fits)?;
        Some((key.clone(), door))
    });
    let Some((key, door)) = found else {
        world.wrong_pins.insert(lock, (wrong + 1, world.now));
        return Err(unauthorized("The PIN does not open this lock"));
    };
    world.wrong_pins.remove(&lock);
    unlock(world, &key, door, None)?;
    ok(json!({ "success": true, "offline": false }))
}
