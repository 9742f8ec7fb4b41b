//! What guests do with a temporary key: pages, doors and PINs.

use serde_json::json;

use crate::mock::sandbox::handler::{Handled, Handler, ok, see_other};
use crate::mock::sandbox::keys::opened;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{
    SandboxError, bad_request, forbidden, not_found, too_many_requests, unauthorized, unreachable,
};
use crate::mock::sandbox::world::{GuestDoor, GuestKey, World};
use crate::types::{
    OpenLockWithPinRequest, OpenLockWithPinResponse, TempKeyAccessMode, TempKeyDoorMethod, TempKeyStatus,
};
use crate::value::user_id::UserId;

/// After so many wrong PINs in a row a lock takes no more.
const MOST_WRONG_PINS: u32 = 5;
/// For how long a lock takes no PIN, as it says; here it is until the sandbox ends.
const LOCK_OUT_SECONDS: u64 = 300;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("get_temp_key", page),
    ("get_collective_temp_key", page),
    ("temp_key_confirmation", confirmation),
    ("collective_temp_key_confirmation", confirmation),
    ("open_temp_key", open_first),
    ("open_temp_key_door", open_door),
    ("open_collective_temp_key_door", open_door),
    ("open_lock_with_pin", open_with_pin),
];

fn place(world: &World, call: &SandboxCall) -> Result<usize, SandboxError> {
    let uuid = call.path("tempKeyUuid");
    world.temp_keys.iter().position(|key| key.uuid == uuid).ok_or_else(|| not_found("Temporary key"))
}

/// Whether the door opens from the web page, and not by PIN alone.
fn has_button(door: &GuestDoor) -> bool {
    door.method != TempKeyDoorMethod::Code
}

fn page(world: &mut World, call: &SandboxCall) -> Handled {
    let key = &world.temp_keys[place(world, call)?];
    let buttons = key.doors.iter().enumerate().filter(|(_, door)| has_button(door));
    let buttons: Vec<_> = buttons.map(|(index, _)| format!("<button>Open door {}</button>", index + 1)).collect();
    let buttons = buttons.concat();
    ok(format!("<!doctype html><title>Temporary key</title><h1>Temporary key</h1>{buttons}"))
}

fn confirmation(world: &mut World, call: &SandboxCall) -> Handled {
    place(world, call)?;
    ok("<!doctype html><title>Door opened</title><h1>The command went out</h1>".to_owned())
}

fn open_first(world: &mut World, call: &SandboxCall) -> Handled {
    let place = place(world, call)?;
    let door = world.temp_keys[place].doors.iter().position(has_button);
    open(world, call, place, door.ok_or_else(|| bad_request("No door opens from the web page"))?)
}

fn open_door(world: &mut World, call: &SandboxCall) -> Handled {
    let place = place(world, call)?;
    let door = call.path("doorId").parse::<usize>().ok().and_then(|id| id.checked_sub(1));
    let doors = &world.temp_keys[place].doors;
    let Some((index, door)) = door.and_then(|index| Some((index, doors.get(index)?))) else {
        return Err(not_found("Door"));
    };
    if !has_button(door) {
        return Err(bad_request("The door does not open from the web page"));
    }
    open(world, call, place, index)
}

fn open(world: &mut World, call: &SandboxCall, place: usize, door: usize) -> Handled {
    let key = &world.temp_keys[place];
    if key.status() != TempKeyStatus::Valid {
        return Err(bad_request(format!("The temporary key is {}", key.status())));
    }
    let listed = || call.caller.is_some_and(|caller| key.allowed.contains(&caller));
    if key.access_mode == TempKeyAccessMode::UserWhitelist && !listed() {
        return Err(forbidden("The temporary key is for listed users"));
    }
    unlock(world, place, door, call.caller)?;
    see_other(format!("/temp-keys/{}/confirmation?door={}", world.temp_keys[place].uuid, door + 1))
}

/// Opens a door of a key and counts the use.
fn unlock(world: &mut World, place: usize, door: usize, caller: Option<UserId>) -> Result<(), SandboxError> {
    let GuestKey { uuid, doors, used, .. } = &world.temp_keys[place];
    let (uuid, lock_id, used) = (uuid.clone(), doors[door].lock_id, used + 1);
    let lock = world.reached(lock_id)?;
    opened(lock, Some("temp-key"), None);
    let data = json!({ "tempKeyUuid": uuid, "userId": caller, "usedCount": used });
    lock.record("TempKeyUsed", data);
    world.temp_keys[place].used = used;
    Ok(())
}

/// The error is the same for every PIN that does not open the lock, so that nobody learns why.
fn open_with_pin(world: &mut World, call: &SandboxCall) -> Handled {
    let body: OpenLockWithPinRequest = call.body()?;
    let pin = body.pin.expose();
    if !(4..=8).contains(&pin.len()) || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad_request("A PIN has 4 to 8 digits"));
    }
    let lock = call.lock()?;
    let wrong = world.wrong_pins.entry(lock).or_default();
    if *wrong >= MOST_WRONG_PINS {
        return Err(too_many_requests("Too many attempts at this lock", LOCK_OUT_SECONDS));
    }
    let found = world.temp_keys.iter().enumerate().find_map(|(place, key)| {
        let fits = key.pin.as_deref() == Some(pin) && key.status() == TempKeyStatus::Valid;
        let door = key.doors.iter().position(|door| door.lock_id == lock && door.method != TempKeyDoorMethod::Key);
        fits.then_some(())?;
        Some((place, door?))
    });
    let Some((place, door)) = found else {
        *wrong += 1;
        return Err(unauthorized("The PIN does not open this lock"));
    };
    *wrong = 0;
    if world.unreachable.contains(&lock) {
        return Err(unreachable());
    }
    unlock(world, place, door, None)?;
    ok(OpenLockWithPinResponse { success: Some(true), offline: Some(false) })
}
