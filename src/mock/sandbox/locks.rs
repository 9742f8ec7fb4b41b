use serde_json::json;

use crate::mock::sandbox::event_log::EventLog;
use crate::mock::sandbox::handler::{Handled, Handler, created, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request};
use crate::mock::sandbox::world::{KeyOnLock, Lock, World};
use crate::types::{CreateLockRequest, SetOrganizationRequest, SetOwnerRequest};

/// The largest id that a lock may have: every JSON parser reads it exactly.
const LARGEST_ID: u64 = (1 << 53) - 1;
/// The longest serial number.
const LONGEST_TEXT: usize = 800;

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("create_lock", create), ("set_owner", set_owner), ("set_organization", set_organization)];

fn create(world: &mut World, call: &SandboxCall) -> Handled {
    let body: CreateLockRequest = call.body()?;
    let id = call.lock()?;
    if id.get() > LARGEST_ID {
        return Err(bad_request("The lock's id is too large"));
    }
    check(&body)?;
    if let Some(lock) = world.locks.get(&id) {
        return ok(lock.log.unchanged());
    }
    let keys = body.keys.iter().map(|key| KeyOnLock {
        uuid: key.uuid.expose().to_owned(),
        index: key.index_number,
        user_id: key.user_id,
    });
    let mut lock = Lock {
        id,
        uuid: body.uuid,
        serial_number: body.serial_number,
        owner_id: body.owner_id,
        org_id: None,
        keys: keys.collect(),
        residents: Vec::new(),
        log: EventLog::new(id),
    };
    let data = json!({ "serialNumber": lock.serial_number, "keys": body.keys, "ownerId": lock.owner_id });
    let result = lock.record("LockCreated", data);
    world.locks.insert(id, lock);
    created(result)
}

fn check(body: &CreateLockRequest) -> Result<(), SandboxError> {
    let allowed = |text: &String| {
        let known = |c: char| c.is_ascii_alphanumeric() || "_.,@/:#=[]-".contains(c);
        text.len() <= LONGEST_TEXT && text.chars().all(known)
    };
    if body.index < 1 {
        return Err(bad_request("index must be positive"));
    }
    if !body.serial_number.iter().chain(&body.vendor_name).all(allowed) {
        return Err(bad_request("serialNumber or vendorName has a character that is not allowed"));
    }
    Ok(())
}

fn set_owner(world: &mut World, call: &SandboxCall) -> Handled {
    let body: SetOwnerRequest = call.body()?;
    let lock = world.lock(call.lock()?)?;
    lock.owner_id = Some(body.user_id);
    ok(lock.record("OwnerSet", json!({ "userId": body.user_id })))
}

fn set_organization(world: &mut World, call: &SandboxCall) -> Handled {
    let body: SetOrganizationRequest = call.body()?;
    let lock = world.lock(call.lock()?)?;
    lock.org_id = Some(body.org_id.clone());
    ok(lock.record("OrganizationSet", json!({ "orgId": body.org_id })))
}
