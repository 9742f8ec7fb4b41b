use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, created, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, conflict};
use crate::mock::sandbox::values::pick;
use crate::mock::sandbox::values::with;
use crate::mock::sandbox::world::World;

/// The largest id that a lock may have: every JSON parser reads it exactly.
const LARGEST_ID: u64 = (1 << 53) - 1;
/// The longest serial number.
const LONGEST_TEXT: usize = 800;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("create_lock", create),
    ("set_owner", set_owner),
    ("set_organization", set_organization),
    ("change_lock_uuid", change_uuid),
];

fn create(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, body) = (call.lock()?, call.body());
    if id.get() > LARGEST_ID {
        return Err(bad_request("The lock's id is too large"));
    }
    check(body)?;
    if world.lock(id).is_ok() {
        return ok(world.unchanged(Aggregate::Lock, &id.to_string()));
    }
    let data = with(json!({ "keys": [] }), pick(body, &["uuid", "serialNumber", "keys", "ownerId"]));
    created(world.record_lock(id, "LockCreated", data))
}

fn check(body: &Value) -> Result<(), SandboxError> {
    let allowed = |text: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || "_.,@/:#=[]-".contains(c);
        text.len() <= LONGEST_TEXT && text.chars().all(known)
    };
    if body["index"].as_i64() < Some(1) {
        return Err(bad_request("index must be positive"));
    }
    if !["serialNumber", "vendorName"].iter().filter_map(|field| body[*field].as_str()).all(allowed) {
        return Err(bad_request("serialNumber or vendorName has a character that is not allowed"));
    }
    Ok(())
}

fn set_owner(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.lock()?;
    world.lock(id)?;
    ok(world.record_lock(id, "OwnerSet", json!({ "userId": call.body()["userId"] })))
}

fn set_organization(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.lock()?;
    world.lock(id)?;
    ok(world.record_lock(id, "OrganizationSet", json!({ "orgId": call.body()["orgId"] })))
}

fn change_uuid(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, new) = (call.lock()?, call.text("newUuid")?);
    let previous = &world.lock(id)?["uuid"];
    if previous == new {
        return Err(conflict("The lock has this UUID already"));
    }
    let data = json!({ "newUuid": new, "previousUuid": previous });
    ok(world.record_lock(id, "LockUuidChanged", data))
}
