use serde_json::json;

use super::call::{Call, Outcome, Refusal, bad, not_found, ok};
use super::server::Handler;
use super::temp_keys::{SANDBOX, checked_times, door, is_known, time};
use super::users::user_id;
use super::world::{TempKey, World, now, written};
use crate::Secret;
use crate::types::{
    self, CommandResult, CreateLockTempKeyRequest, CreateLockTempKeyResponse, DeleteLockTempKeyRequest,
    ListLockTempKeysResponse, TempKeyDoorMethod, UpdateLockTempKeyRequest, UseLockTempKeyRequest,
};

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("create_lock_temp_key", create),
    ("update_lock_temp_key", update),
    ("delete_lock_temp_key", delete),
    ("use_lock_temp_key", record_use),
    ("list_lock_temp_keys", list),
];

fn create(world: &mut World, call: &Call) -> Outcome {
    let body: CreateLockTempKeyRequest = call.body()?;
    let uuid = body.temp_key_uuid.expose().to_owned();
    world.lock(call.lock())?;
    if uuid.is_empty() || is_known(world, &uuid) {
        return Err(bad("tempKeyUuid is empty or taken"));
    }
    let (valid_from, valid_until) = checked_times(&body.valid_from, &body.valid_until)?;
    let max_uses = checked_uses(body.max_uses)?;
    let key = TempKey {
        uuid: uuid.clone(),
        of_lock: true,
        doors: vec![door(call.lock(), None, TempKeyDoorMethod::Key)],
        valid_from,
        valid_until,
        max_uses,
        used: 0,
        access_mode: body.access_mode,
        allowed: body.allowed_user_ids.iter().map(|id| id.as_str().to_lowercase()).collect(),
        description: body.description,
        pin: None,
        created_by: call.caller.clone().unwrap_or_else(|| SANDBOX.to_owned()),
        created_at: now(),
    };
    let lock = world.lock(call.lock())?;
    let data = json!({
        "tempKeyUuid": uuid, "accessMode": key.access_mode, "allowedUserIds": key.allowed,
        "validFrom": written(valid_from), "validUntil": written(valid_until), "maxUses": max_uses,
        "createdBy": key.created_by,
    });
    let CommandResult { success, aggregate_id, version, event } = lock.record("TempKeyCreated", data);
    world.temp_keys.push(key);
    ok(CreateLockTempKeyResponse { success, aggregate_id, version, event, temp_key_uuid: Some(uuid.into()) })
}

fn checked_uses(max_uses: Option<i64>) -> Result<Option<i64>, Refusal> {
    if max_uses.is_some_and(|uses| uses < 1) { Err(bad("maxUses must be positive")) } else { Ok(max_uses) }
}

/// The key of that lock.
fn key<'a>(world: &'a mut World, lock: &str, uuid: &Secret) -> Result<&'a mut TempKey, Refusal> {
    world.lock(lock)?;
    let of_lock = |key: &&mut TempKey| key.of_lock && key.uuid == uuid.expose() && key.doors[0].lock_id == lock;
    world.temp_keys.iter_mut().find(of_lock).ok_or_else(|| not_found("Temporary key"))
}

fn update(world: &mut World, call: &Call) -> Outcome {
    let body: UpdateLockTempKeyRequest = call.body()?;
    let updated_by = call.caller.clone().unwrap_or_else(|| SANDBOX.to_owned());
    let max_uses = checked_uses(body.max_uses)?;
    let key = key(world, call.lock(), &body.temp_key_uuid)?;
    let valid_from = body.valid_from.as_deref().map_or(Ok(key.valid_from), time)?;
    let valid_until = body.valid_until.as_deref().map_or(Ok(key.valid_until), time)?;
    if valid_until <= valid_from {
        return Err(bad("validUntil must be after validFrom"));
    }
    (key.valid_from, key.valid_until) = (valid_from, valid_until);
    // Null takes the limit off; left out, it stays.
    if call.names("maxUses") {
        key.max_uses = max_uses;
    }
    if call.names("allowedUserIds") {
        key.allowed = body.allowed_user_ids.iter().map(|id| id.as_str().to_lowercase()).collect();
    }
    if let Some(mode) = &body.access_mode {
        key.access_mode = mode.clone();
    }
    let mut changes = call.whole_body();
    if let Some(changes) = changes.as_object_mut() {
        let known = ["validFrom", "validUntil", "maxUses", "allowedUserIds", "accessMode"];
        changes.retain(|name, _| known.contains(&name.as_str()));
    }
    let lock = world.lock(call.lock())?;
    let data = json!({
        "tempKeyUuid": body.temp_key_uuid.expose(), "changes": changes, "updatedBy": updated_by,
    });
    ok(lock.record("TempKeyUpdated", data))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let body: DeleteLockTempKeyRequest = call.body()?;
    let uuid = key(world, call.lock(), &body.temp_key_uuid)?.uuid.clone();
    world.temp_keys.retain(|key| key.uuid != uuid);
    let deleted_by = call.caller.as_deref().unwrap_or(SANDBOX);
    let lock = world.lock(call.lock())?;
    let data = json!({ "tempKeyUuid": uuid, "deletedBy": deleted_by });
    ok(lock.record("TempKeyDeleted", data))
}

fn record_use(world: &mut World, call: &Call) -> Outcome {
    let body: UseLockTempKeyRequest = call.body()?;
    let uuid = body.temp_key_uuid.expose();
    world.lock(call.lock())?;
    let used = match key(world, call.lock(), &body.temp_key_uuid) {
        Ok(key) => {
            key.used += 1;
            key.used
        }
        Err(_) => return Err(bad("The lock has no such temporary key")),
    };
    let lock = world.lock(call.lock())?;
    let data = json!({
        "tempKeyUuid": uuid, "userId": body.user_id, "usedCount": used,
    });
    ok(lock.record("TempKeyUsed", data))
}

fn list(world: &mut World, call: &Call) -> Outcome {
    let lock = world.lock(call.lock())?;
    let (id, number_of_lock, lock_uuid) = (lock.id.clone(), lock.number().as_f64(), lock.uuid.clone());
    let keys = world.temp_keys.iter().filter(|key| key.of_lock && key.doors[0].lock_id == id);
    let temp_keys = keys.map(|key| types::TempKey {
        uuid: key.uuid.as_str().into(),
        lock_id: number_of_lock,
        lock_uuid: Some(lock_uuid.clone()),
        access_mode: Some(key.access_mode.clone()),
        allowed_user_ids: key.allowed.iter().map(|id| user_id(id)).collect(),
        valid_from: Some(written(key.valid_from)),
        valid_until: Some(written(key.valid_until)),
        max_uses: key.max_uses.and_then(|uses| json!(uses).as_f64()),
        used_count: Some(f64::from(key.used)),
        created_at: Some(key.created_at.clone()),
        created_by: Some(key.created_by.clone()),
        status: Some(key.status()),
    });
    ok(ListLockTempKeysResponse { temp_keys: temp_keys.collect() })
}
