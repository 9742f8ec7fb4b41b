use serde_json::json;

use super::call::{Call, Outcome, bad, created, ok};
use super::server::Handler;
use super::world::{History, Key, Lock, World};
use crate::types::{CreateLockRequest, SetOrganizationRequest, SetOwnerRequest};

/// The largest id that a lock may have: what a number of JSON holds exactly everywhere.
const LARGEST_ID: u64 = (1 << 53) - 1;
/// The longest serial number.
const LONGEST_TEXT: usize = 800;

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("create_lock", create), ("set_owner", set_owner), ("set_organization", set_organization)];

fn create(world: &mut World, call: &Call) -> Outcome {
    let body: CreateLockRequest = call.body()?;
    let id = call.lock();
    if !id.parse::<u64>().is_ok_and(|id| id <= LARGEST_ID) {
        return Err(bad("The lock's id is too large"));
    }
    check(&body)?;
    if let Some(lock) = world.locks.get(id) {
        return ok(lock.history.unchanged());
    }
    let keys = body.keys.iter().map(|key| Key {
        uuid: key.uuid.clone(),
        index: key.index_number,
        user_id: key.user_id.as_ref().map(ToString::to_string),
    });
    let mut lock = Lock {
        id: id.to_owned(),
        uuid: body.uuid,
        serial_number: body.serial_number,
        owner_id: body.owner_id.map(String::from),
        org_id: None,
        keys: keys.collect(),
        residents: Vec::new(),
        history: History::new(id),
    };
    let data = json!({ "serialNumber": lock.serial_number, "keys": body.keys, "ownerId": lock.owner_id });
    let answer = lock.record("LockCreated", data);
    world.locks.insert(lock.id.clone(), lock);
    created(answer)
}

fn check(body: &CreateLockRequest) -> Result<(), super::call::Refusal> {
    let allowed = |text: &String| {
        let known = |c: char| c.is_ascii_alphanumeric() || "_.,@/:#=[]-".contains(c);
        text.len() <= LONGEST_TEXT && text.chars().all(known)
    };
    if body.index < 1 {
        return Err(bad("index must be positive"));
    }
    if !body.serial_number.iter().chain(&body.vendor_name).all(allowed) {
        return Err(bad("serialNumber or vendorName has a character that is not allowed"));
    }
    Ok(())
}

fn set_owner(world: &mut World, call: &Call) -> Outcome {
    let body: SetOwnerRequest = call.body()?;
    let lock = world.lock(call.lock())?;
    lock.owner_id = Some(body.user_id.to_string());
    ok(lock.record("OwnerSet", json!({ "userId": body.user_id })))
}

fn set_organization(world: &mut World, call: &Call) -> Outcome {
    let body: SetOrganizationRequest = call.body()?;
    let lock = world.lock(call.lock())?;
    lock.org_id = Some(body.org_id.clone());
    ok(lock.record("OrganizationSet", json!({ "orgId": body.org_id })))
}
