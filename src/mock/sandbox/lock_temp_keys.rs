use serde_json::json;

use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, not_found};
use crate::mock::sandbox::temp_keys::{checked_times, creator, is_known};
use crate::mock::sandbox::values::now;
use crate::mock::sandbox::world::{GuestDoor, GuestKey, World};
use crate::types::{
    CommandResult, CreateLockTempKeyRequest, CreateLockTempKeyResponse, DeleteLockTempKeyRequest,
    ListLockTempKeysResponse, TempKey, TempKeyDoorMethod, UpdateLockTempKeyRequest, UseLockTempKeyRequest,
};
use crate::value::lock_id::LockId;
use crate::value::secret::Secret;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("create_lock_temp_key", create),
    ("update_lock_temp_key", update),
    ("delete_lock_temp_key", delete),
    ("use_lock_temp_key", record_use),
    ("list_lock_temp_keys", list),
];

fn create(world: &mut World, call: &SandboxCall) -> Handled {
    let body: CreateLockTempKeyRequest = call.body()?;
    let uuid = body.temp_key_uuid.expose().to_owned();
    let lock_id = world.lock(call.lock()?)?.id;
    if uuid.is_empty() || is_known(world, &uuid) {
        return Err(bad_request("tempKeyUuid is empty or taken"));
    }
    let (valid_from, valid_until) = checked_times(&body.valid_from, &body.valid_until)?;
    let max_uses = checked_uses(body.max_uses)?;
    let key = GuestKey {
        uuid: uuid.clone(),
        of_lock: true,
        doors: vec![GuestDoor { lock_id, label: None, method: TempKeyDoorMethod::Key }],
        valid_from: valid_from.clone(),
        valid_until: valid_until.clone(),
        max_uses,
        used: 0,
        access_mode: body.access_mode,
        allowed: body.allowed_user_ids,
        description: body.description,
        pin: None,
        created_by: creator(call),
        created_at: now(),
    };
    let lock = world.lock(lock_id)?;
    let data = json!({
        "tempKeyUuid": uuid, "accessMode": key.access_mode, "allowedUserIds": key.allowed,
        "validFrom": valid_from, "validUntil": valid_until, "maxUses": max_uses,
        "createdBy": key.created_by,
    });
    let CommandResult { success, aggregate_id, version, event } = lock.record("TempKeyCreated", data);
    world.temp_keys.push(key);
    ok(CreateLockTempKeyResponse { success, aggregate_id, version, event, temp_key_uuid: Some(uuid.into()) })
}

fn checked_uses(max_uses: Option<i64>) -> Result<Option<i64>, SandboxError> {
    if max_uses.is_some_and(|uses| uses < 1) { Err(bad_request("maxUses must be positive")) } else { Ok(max_uses) }
}

fn is_of(key: &GuestKey, lock: LockId) -> bool {
    key.of_lock && key.doors[0].lock_id == lock
}

/// The key of that lock.
fn key<'a>(world: &'a mut World, lock: LockId, uuid: &Secret) -> Result<&'a mut GuestKey, SandboxError> {
    world.lock(lock)?;
    let fits = |key: &&mut GuestKey| is_of(key, lock) && key.uuid == uuid.expose();
    world.temp_keys.iter_mut().find(fits).ok_or_else(|| not_found("Temporary key"))
}

fn update(world: &mut World, call: &SandboxCall) -> Handled {
    let body: UpdateLockTempKeyRequest = call.body()?;
    let max_uses = checked_uses(body.max_uses)?;
    let id = call.lock()?;
    let key = key(world, id, &body.temp_key_uuid)?;
    let valid_from = body.valid_from.as_ref().unwrap_or(&key.valid_from);
    let valid_until = body.valid_until.as_ref().unwrap_or(&key.valid_until);
    (key.valid_from, key.valid_until) = checked_times(valid_from, valid_until)?;
    // Null removes the limit; a missing field keeps it.
    if call.has_field("maxUses") {
        key.max_uses = max_uses;
    }
    if call.has_field("allowedUserIds") {
        key.allowed = body.allowed_user_ids;
    }
    if let Some(mode) = &body.access_mode {
        key.access_mode = mode.clone();
    }
    let mut changes = call.body_json().clone();
    if let Some(changes) = changes.as_object_mut() {
        let known = ["validFrom", "validUntil", "maxUses", "allowedUserIds", "accessMode"];
        changes.retain(|name, _| known.contains(&name.as_str()));
    }
    let lock = world.lock(id)?;
    let data = json!({
        "tempKeyUuid": body.temp_key_uuid.expose(), "changes": changes, "updatedBy": creator(call),
    });
    ok(lock.record("TempKeyUpdated", data))
}

fn delete(world: &mut World, call: &SandboxCall) -> Handled {
    let body: DeleteLockTempKeyRequest = call.body()?;
    let id = call.lock()?;
    let uuid = key(world, id, &body.temp_key_uuid)?.uuid.clone();
    world.temp_keys.retain(|key| key.uuid != uuid);
    let lock = world.lock(id)?;
    ok(lock.record("TempKeyDeleted", json!({ "tempKeyUuid": uuid, "deletedBy": creator(call) })))
}

fn record_use(world: &mut World, call: &SandboxCall) -> Handled {
    let body: UseLockTempKeyRequest = call.body()?;
    let id = call.lock()?;
    world.lock(id)?;
    let Ok(key) = key(world, id, &body.temp_key_uuid) else {
        return Err(bad_request("The lock has no such temporary key"));
    };
    key.used += 1;
    let data = json!({ "tempKeyUuid": key.uuid, "userId": body.user_id, "usedCount": key.used });
    ok(world.lock(id)?.record("TempKeyUsed", data))
}

fn list(world: &mut World, call: &SandboxCall) -> Handled {
    let lock = world.lock(call.lock()?)?;
    let (id, lock_id, lock_uuid) = (lock.id, Some(lock.id), lock.uuid.clone());
    let keys = world.temp_keys.iter().filter(|key| is_of(key, id));
    let temp_keys = keys.map(|key| TempKey {
        uuid: key.uuid.as_str().into(),
        lock_id,
        lock_uuid: Some(lock_uuid.clone()),
        access_mode: Some(key.access_mode.clone()),
        allowed_user_ids: key.allowed.clone(),
        valid_from: Some(key.valid_from.clone()),
        valid_until: Some(key.valid_until.clone()),
        max_uses: key.max_uses,
        used_count: Some(key.used.into()),
        created_at: Some(key.created_at.clone()),
        created_by: Some(key.created_by.clone()),
        status: Some(key.status()),
    });
    ok(ListLockTempKeysResponse { temp_keys: temp_keys.collect() })
}
