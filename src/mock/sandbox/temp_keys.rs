use jiff::Timestamp;

use super::call::{Call, Outcome, Refusal, bad, created, not_found, ok};
use super::server::Handler;
use super::world::{Door, TempKey, World, new_uuid, now, number, written};
use crate::LockId;
use crate::types::{
    CollectiveTempKey, CreateUnifiedTempKeyRequest, CreateUnifiedTempKeyResponse, ListUnifiedTempKeysResponse,
    TempKeyAccessMode, TempKeyDoor, TempKeyDoorMethod, TempKeyStatus,
};

/// Whose a key is that no user's token made.
pub(super) const SANDBOX: &str = "sandbox";
/// How many doors a key has at most.
const MOST_DOORS: usize = 50;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("create_unified_temp_key", create),
    ("create_collective_temp_key", create),
    ("list_unified_temp_keys", list),
    ("delete_unified_temp_key", delete),
    ("delete_collective_temp_key", delete),
];

fn create(world: &mut World, call: &Call) -> Outcome {
    let body: CreateUnifiedTempKeyRequest = call.body()?;
    let (valid_from, valid_until) = checked_times(&body.valid_from, &body.valid_until)?;
    if !(1..=MOST_DOORS).contains(&body.doors.len()) {
        return Err(bad("doors must be 1 to 50"));
    }
    let mut doors = Vec::new();
    for wanted in body.doors {
        let lock = wanted.lock_id.ok_or_else(|| bad("A door has no lockId"))?;
        world.lock(&lock)?;
        doors.push(door(&lock, wanted.label, wanted.access_method.unwrap_or(TempKeyDoorMethod::Key)));
    }
    let takes_pin = doors.iter().any(|door| door.method != TempKeyDoorMethod::Key);
    let key = TempKey {
        uuid: new_uuid(),
        of_lock: false,
        doors,
        valid_from,
        valid_until,
        max_uses: None,
        used: 0,
        access_mode: TempKeyAccessMode::Public,
        allowed: Vec::new(),
        description: body.description,
        pin: takes_pin.then(|| free_pin(world)),
        created_by: call.caller.clone().unwrap_or_else(|| SANDBOX.to_owned()),
        created_at: now(),
    };
    let answer = CreateUnifiedTempKeyResponse {
        success: Some(true),
        uuid: Some(key.uuid.as_str().into()),
        url: Some(url(world, &key).into()),
        valid_from: Some(written(valid_from)),
        valid_until: Some(written(valid_until)),
        doors: shown_doors(world, &key),
        pin: key.pin.as_deref().map(Into::into),
    };
    world.temp_keys.push(key);
    created(answer)
}

fn free_pin(world: &World) -> String {
    loop {
        let pin = format!("{:06}", fastrand::u32(..1_000_000));
        if !world.temp_keys.iter().any(|key| key.pin.as_ref() == Some(&pin)) {
            return pin;
        }
    }
}

fn list(world: &mut World, call: &Call) -> Outcome {
    let lock = call.query("lockId");
    if let Some(lock) = lock {
        world.lock(lock)?;
    }
    let caller = call.caller.as_deref().unwrap_or(SANDBOX);
    let wanted = |key: &&TempKey| match lock {
        Some(lock) => key.doors.iter().any(|door| door.lock_id == lock),
        None => key.created_by == caller,
    };
    let keys = world.temp_keys.iter().filter(|key| !key.of_lock).filter(wanted).map(|key| CollectiveTempKey {
        uuid: key.uuid.as_str().into(),
        url: Some(url(world, key).into()),
        valid_from: Some(written(key.valid_from)),
        valid_until: Some(written(key.valid_until)),
        description: key.description.clone(),
        created_by: Some(key.created_by.clone()),
        created_at: Some(key.created_at.clone()),
        revoked_at: None,
        doors: shown_doors(world, key),
    });
    ok(ListUnifiedTempKeysResponse { temp_keys: keys.collect() })
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let uuid = call.path("tempKeyUuid");
    let place = world.temp_keys.iter().position(|key| !key.of_lock && key.uuid == uuid);
    world.temp_keys.remove(place.ok_or_else(|| not_found("Temporary key"))?);
    ok(())
}

fn url(world: &World, key: &TempKey) -> String {
    format!("{}/temp-keys/{}", world.uri, key.uuid)
}

fn shown_doors(world: &World, key: &TempKey) -> Vec<TempKeyDoor> {
    let doors = key.doors.iter().enumerate().map(|(index, door)| TempKeyDoor {
        id: Some(number(index + 1)),
        lock_id: Some(LockId::unchecked(&door.lock_id)),
        lock_uuid: world.locks.get(&door.lock_id).map(|lock| lock.uuid.clone()),
        label: door.label.clone(),
        access_method: Some(door.method.clone()),
    });
    doors.collect()
}

pub(super) fn door(lock: &str, label: Option<String>, method: TempKeyDoorMethod) -> Door {
    Door { lock_id: lock.to_owned(), label, method }
}

pub(super) fn is_known(world: &World, uuid: &str) -> bool {
    world.temp_keys.iter().any(|key| key.uuid == uuid)
}

pub(super) fn time(text: &str) -> Result<Timestamp, Refusal> {
    text.parse().map_err(|_| bad("A time is not as RFC 3339 has it, like 2026-08-20T10:00:00Z"))
}

pub(super) fn checked_times(from: &str, until: &str) -> Result<(Timestamp, Timestamp), Refusal> {
    let (from, until) = (time(from)?, time(until)?);
    if until <= from { Err(bad("validUntil must be after validFrom")) } else { Ok((from, until)) }
}

impl TempKey {
    pub(super) fn status(&self) -> TempKeyStatus {
        let now = Timestamp::now();
        if now < self.valid_from {
            TempKeyStatus::NotYetValid
        } else if now >= self.valid_until {
            TempKeyStatus::Expired
        } else if self.max_uses.is_some_and(|uses| i64::from(self.used) >= uses) {
            TempKeyStatus::UsedUp
        } else {
            TempKeyStatus::Valid
        }
    }
}
