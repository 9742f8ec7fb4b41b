//! Temporary keys, whichever aggregate they belong to: a lock, or themselves.

use std::time::SystemTime;

use serde_json::Value;

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, not_found};
use crate::mock::sandbox::values::{items, time};
use crate::mock::sandbox::world::World;

/// All keys, those of locks last.
pub(super) fn all(world: &World) -> impl Iterator<Item = &Value> {
    let of_locks = world.events.states(Aggregate::Lock).flat_map(|lock| items(&lock["tempKeys"]));
    world.events.states(Aggregate::TempKey).chain(of_locks)
}

/// The key of that id.
pub(super) fn find<'a>(world: &'a World, uuid: &str) -> Result<&'a Value, SandboxError> {
    all(world).find(|key| key["uuid"] == uuid).ok_or_else(|| not_found("Temporary key"))
}

/// Whether the key opens a door now, or why not.
pub(super) fn status(key: &Value, now: SystemTime) -> &'static str {
    let at = |field: &str| key[field].as_str().and_then(time);
    let uses = key["maxUses"].as_i64();
    if at("validFrom").is_none_or(|from| now < from) {
        "not-yet-valid"
    } else if at("validUntil").is_none_or(|until| now >= until) {
        "expired"
    } else if uses.is_some_and(|uses| key["usedCount"].as_i64() >= Some(uses)) {
        "used-up"
    } else {
        "valid"
    }
}

/// When a key begins and ends to be valid.
pub(super) fn checked_times(from: &Value, until: &Value) -> Result<(SystemTime, SystemTime), SandboxError> {
    let times = from.as_str().and_then(time).zip(until.as_str().and_then(time));
    match times.ok_or_else(|| bad_request("A time is not RFC 3339, like 2026-08-20T10:00:00Z"))? {
        (from, until) if until <= from => Err(bad_request("validUntil must be after validFrom")),
        times => Ok(times),
    }
}
