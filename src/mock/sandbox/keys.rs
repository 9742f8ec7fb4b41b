use serde_json::json;

use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{bad_request, not_found};
use crate::mock::sandbox::values::new_uuid;
use crate::mock::sandbox::world::{KeyOnLock, Lock, World};
use crate::types::{
    AddKeyRequest, BulkAddKeysRequest, BulkAddKeysResponse, CommandResult, OpenLockRequest, RemoveKeyRequest,
    WriteKeyRequest,
};

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("add_key", add), ("bulk_add_keys", bulk_add), ("remove_key", remove), ("write_key", write), ("open_lock", open)];

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    let body: AddKeyRequest = call.body()?;
    if body.key_uuid.expose().is_empty() {
        return Err(bad_request("keyUuid is empty"));
    }
    let lock = world.reached(call.lock()?)?;
    ok(put(lock, &body))
}

/// Puts a key on a lock, in place of the same key if it is there.
fn put(lock: &mut Lock, key: &AddKeyRequest) -> CommandResult {
    let uuid = key.key_uuid.expose();
    lock.keys.retain(|there| there.uuid != uuid);
    lock.keys.push(KeyOnLock { uuid: uuid.to_owned(), index: key.key_index_number, user_id: key.user_id });
    lock.record("KeyAdded", json!({ "keyUuid": uuid, "keyIndexNumber": key.key_index_number, "userId": key.user_id }))
}

/// The service's workflow takes a second for each key; here they are all there at once.
fn bulk_add(world: &mut World, call: &SandboxCall) -> Handled {
    let body: BulkAddKeysRequest = call.body()?;
    let id = call.lock()?;
    let lock_id = Some(world.lock(id)?.id);
    if let Ok(lock) = world.reached(id) {
        for key in &body.keys {
            put(lock, key);
        }
    }
    ok(BulkAddKeysResponse { success: Some(true), lock_id, instance_id: Some(new_uuid().to_string()) })
}

fn remove(world: &mut World, call: &SandboxCall) -> Handled {
    let body: RemoveKeyRequest = call.body()?;
    if body.key_uuid.is_none() && body.key_index_number.is_none() {
        return Err(bad_request("keyUuid or keyIndexNumber is required"));
    }
    let lock = world.reached(call.lock()?)?;
    let fits = |key: &KeyOnLock| match &body.key_uuid {
        Some(uuid) => key.uuid == uuid.expose(),
        None => key.index == body.key_index_number,
    };
    let place = lock.keys.iter().position(fits).ok_or_else(|| not_found("Key"))?;
    let key = lock.keys.remove(place);
    ok(lock.record("KeyRemoved", json!({ "keyUuid": key.uuid, "keyIndexNumber": key.index })))
}

fn write(world: &mut World, call: &SandboxCall) -> Handled {
    let body: WriteKeyRequest = call.body()?;
    let lock = world.reached(call.lock()?)?;
    let data = json!({ "keyUuid": body.key_uuid.expose(), "keyIndexNumber": body.key_index_number });
    ok(lock.record("KeyWriteRequested", data))
}

fn open(world: &mut World, call: &SandboxCall) -> Handled {
    let body: OpenLockRequest = call.body()?;
    let lock = world.reached(call.lock()?)?;
    ok(opened(lock, body.reason.as_deref(), body.request_id.as_deref()))
}

/// Records the command to open the lock.
pub(super) fn opened(lock: &mut Lock, reason: Option<&str>, request_id: Option<&str>) -> CommandResult {
    lock.record("LockOpenRequested", json!({ "reason": reason, "requestId": request_id }))
}
