use crate::mock::sandbox::handler::{Handled, Handler, created, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, not_found};
use crate::mock::sandbox::values::{new_uuid, now, number, written};
use crate::mock::sandbox::world::{GuestDoor, GuestKey, World};
use crate::types::{
    CollectiveTempKey, CreateUnifiedTempKeyRequest, CreateUnifiedTempKeyResponse, ListUnifiedTempKeysResponse,
    TempKeyAccessMode, TempKeyDoor, TempKeyDoorMethod, TempKeyDoorRequest,
};
use crate::value::date_time::DateTime;
use crate::value::lock_id::LockId;
use crate::value::user_id::UserId;

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
    let body: CreateUnifiedTempKeyRequest = call.body()?;
    let (valid_from, valid_until) = checked_times(&body.valid_from, &body.valid_until)?;
    if !(1..=MOST_DOORS).contains(&body.doors.len()) {
        return Err(bad_request("doors must be 1 to 50"));
    }
    let doors = body.doors.into_iter().map(|door| checked_door(world, door));
    let doors: Vec<_> = doors.collect::<Result<_, _>>()?;
    let takes_pin = doors.iter().any(|door| door.method != TempKeyDoorMethod::Key);
    let key = GuestKey {
        uuid: new_uuid().to_string(),
        of_lock: false,
        doors,
        valid_from: valid_from.clone(),
        valid_until: valid_until.clone(),
        max_uses: None,
        used: 0,
        access_mode: TempKeyAccessMode::Public,
        allowed: Vec::new(),
        description: body.description,
        pin: takes_pin.then(|| free_pin(world)),
        created_by: creator(call),
        created_at: now(),
    };
    let response = CreateUnifiedTempKeyResponse {
        success: Some(true),
        uuid: Some(key.uuid.as_str().into()),
        url: Some(url(world, &key).into()),
        valid_from: Some(valid_from),
        valid_until: Some(valid_until),
        doors: shown_doors(world, &key),
        pin: key.pin.as_deref().map(Into::into),
    };
    world.temp_keys.push(key);
    created(response)
}

fn checked_door(world: &mut World, door: TempKeyDoorRequest) -> Result<GuestDoor, SandboxError> {
    let lock_id = door.lock_id.ok_or_else(|| bad_request("A door has no lockId"))?;
    world.lock(lock_id)?;
    Ok(GuestDoor { lock_id, label: door.label, method: door.access_method.unwrap_or(TempKeyDoorMethod::Key) })
}

fn free_pin(world: &World) -> String {
    loop {
        let pin = format!("{:06}", fastrand::u32(..1_000_000));
        if !world.temp_keys.iter().any(|key| key.pin.as_ref() == Some(&pin)) {
            return pin;
        }
    }
}

fn list(world: &mut World, call: &SandboxCall) -> Handled {
    let lock: Option<LockId> = call.query_id("lockId")?;
    if let Some(lock) = lock {
        world.lock(lock)?;
    }
    let caller = creator(call);
    let wanted = |key: &&GuestKey| match lock {
        Some(lock) => key.doors.iter().any(|door| door.lock_id == lock),
        None => key.created_by == caller,
    };
    let keys = world.temp_keys.iter().filter(|key| !key.of_lock).filter(wanted).map(|key| CollectiveTempKey {
        uuid: key.uuid.as_str().into(),
        url: Some(url(world, key).into()),
        valid_from: Some(key.valid_from.clone()),
        valid_until: Some(key.valid_until.clone()),
        description: key.description.clone(),
        created_by: Some(key.created_by.clone()),
        created_at: Some(key.created_at.clone()),
        revoked_at: None,
        doors: shown_doors(world, key),
    });
    ok(ListUnifiedTempKeysResponse { temp_keys: keys.collect() })
}

fn delete(world: &mut World, call: &SandboxCall) -> Handled {
    let uuid = call.path("tempKeyUuid");
    let place = world.temp_keys.iter().position(|key| !key.of_lock && key.uuid == uuid);
    world.temp_keys.remove(place.ok_or_else(|| not_found("Temporary key"))?);
    ok(())
}

fn url(world: &World, key: &GuestKey) -> String {
    format!("{}/temp-keys/{}", world.uri, key.uuid)
}

fn shown_doors(world: &World, key: &GuestKey) -> Vec<TempKeyDoor> {
    let doors = key.doors.iter().enumerate().map(|(index, door)| TempKeyDoor {
        id: Some(number(index + 1)),
        lock_id: Some(door.lock_id),
        lock_uuid: world.locks.get(&door.lock_id).map(|lock| lock.uuid.clone()),
        label: door.label.clone(),
        access_method: Some(door.method.clone()),
    });
    doors.collect()
}

/// Who makes or changes a key: the user whose token the call has, or the sandbox.
pub(super) fn creator(call: &SandboxCall) -> String {
    call.caller.as_ref().map_or("sandbox", UserId::as_str).to_owned()
}

pub(super) fn is_known(world: &World, uuid: &str) -> bool {
    world.temp_keys.iter().any(|key| key.uuid == uuid)
}

/// The times as the service writes them.
pub(super) fn checked_times(from: &DateTime, until: &DateTime) -> Result<(DateTime, DateTime), SandboxError> {
    if until <= from {
        return Err(bad_request("validUntil must be after validFrom"));
    }
    Ok((written(from), written(until)))
}
