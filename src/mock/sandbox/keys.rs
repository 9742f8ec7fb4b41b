use serde_json::json;

use super::call::{Call, Outcome, bad, not_found, ok};
use super::server::Handler;
use super::world::{Key, Lock, World, new_uuid};
use crate::types::{
    AddKeyRequest, BulkAddKeysRequest, BulkAddKeysResponse, CommandResult, OpenLockRequest, RemoveKeyRequest,
    WriteKeyRequest,
};

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("add_key", add), ("bulk_add_keys", bulk_add), ("remove_key", remove), ("write_key", write), ("open_lock", open)];

fn add(world: &mut World, call: &Call) -> Outcome {
    let body: AddKeyRequest = call.body()?;
    if body.key_uuid.is_empty() {
        return Err(bad("keyUuid is empty"));
    }
    let lock = world.reached(call.lock())?;
    ok(put(lock, &body))
}

/// A key that is on the lock already is put on it again.
fn put(lock: &mut Lock, key: &AddKeyRequest) -> CommandResult {
    lock.keys.retain(|there| there.uuid != key.key_uuid);
    let user_id = key.user_id.as_ref().map(ToString::to_string);
    lock.keys.push(Key { uuid: key.key_uuid.clone(), index: key.key_index_number, user_id });
    lock.record(
        "KeyAdded",
        json!({ "keyUuid": key.key_uuid, "keyIndexNumber": key.key_index_number, "userId": key.user_id }),
    )
}

/// The service's workflow takes a second a key; here they are all there at once.
fn bulk_add(world: &mut World, call: &Call) -> Outcome {
    let body: BulkAddKeysRequest = call.body()?;
    let id = call.lock();
    let lock_id = world.lock(id)?.number().as_f64();
    if let Ok(lock) = world.reached(id) {
        for key in &body.keys {
            put(lock, key);
        }
    }
    ok(BulkAddKeysResponse { success: Some(true), lock_id, instance_id: Some(new_uuid()) })
}

fn remove(world: &mut World, call: &Call) -> Outcome {
    let body: RemoveKeyRequest = call.body()?;
    if body.key_uuid.is_none() && body.key_index_number.is_none() {
        return Err(bad("keyUuid or keyIndexNumber is required"));
    }
    let lock = world.reached(call.lock())?;
    let fits = |key: &Key| match &body.key_uuid {
        Some(uuid) => key.uuid == *uuid,
        None => key.index == body.key_index_number,
    };
    let place = lock.keys.iter().position(fits).ok_or_else(|| not_found("Key"))?;
    let key = lock.keys.remove(place);
    ok(lock.record("KeyRemoved", json!({ "keyUuid": key.uuid, "keyIndexNumber": key.index })))
}

fn write(world: &mut World, call: &Call) -> Outcome {
    let body: WriteKeyRequest = call.body()?;
    let lock = world.reached(call.lock())?;
    let data = json!({ "keyUuid": body.key_uuid, "keyIndexNumber": body.key_index_number });
    ok(lock.record("KeyWriteRequested", data))
}

fn open(world: &mut World, call: &Call) -> Outcome {
    let body: OpenLockRequest = call.body()?;
    let lock = world.reached(call.lock())?;
    ok(opened(lock, body.reason.as_deref(), body.request_id.as_deref()))
}

/// Notes that the lock was told to open.
pub(super) fn opened(lock: &mut Lock, reason: Option<&str>, request_id: Option<&str>) -> CommandResult {
    lock.record("LockOpenRequested", json!({ "reason": reason, "requestId": request_id }))
}
