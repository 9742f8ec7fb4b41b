//! What a camera does when it reads a license plate.

use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::operations::license_plates::normalized;
use crate::mock::sandbox::sandbox_error::{SandboxError, not_found};
use crate::mock::sandbox::values::{find, new_uuid, without_nulls, written};
use crate::mock::sandbox::world::World;

/// Records that the camera has read a plate, and opens its lock if the plate is of a user who may.
pub(super) fn read_plate(world: &mut World, camera_id: &str, plate: &str) -> Result<(), SandboxError> {
    let camera = world.state(Aggregate::Camera, camera_id)?;
    if camera["status"] != "Active" {
        return Err(not_found("Active camera"));
    }
    let plate = normalized(plate);
    let lock_id = camera["lockId"].as_str().and_then(|id| id.parse().ok());
    let lock = lock_id.and_then(|id| world.lock(id).ok());
    let user = lock.as_ref().and_then(|lock| user_who_may_open(world, lock, &plate));
    let opened = lock_id.filter(|id| user.is_some() && world.reached(*id).is_ok());
    let read = json!({
        "id": new_uuid(), "cameraId": camera_id, "lockId": camera["lockId"], "plate": plate, "confidence": 1,
        "matched": user.is_some(), "matchedUserId": user,
        "actionTaken": if opened.is_some() { "opened" } else { "none" }, "timestamp": written(world.now),
    });
    if let Some(lock) = opened {
        world.record_lock(lock, "LockOpenRequested", json!({ "reason": "license-plate" }));
    }
    world.record(Aggregate::PlateReads, camera_id, "PlateRead", without_nulls(read));
    Ok(())
}

/// The user with that plate who owns the lock, or to whom it is accessible.
fn user_who_may_open(world: &World, lock: &Value, plate: &str) -> Option<Value> {
    let mut users = world.events.states(Aggregate::User);
    let may_open = |user: &&Value| {
        let is_granted = || find(&user["grants"], "lockId", &lock["lockId"].to_string().into()).is_some();
        let has_plate = find(&user["plates"], "plate", &plate.into()).is_some();
        has_plate && (lock["ownerId"] == user["userId"] || is_granted())
    };
    users.find(may_open).map(|user| user["userId"].clone())
}
