use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::operations::users::checked_phone;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, not_found};
use crate::mock::sandbox::values::{find, items, pick, with, without_nulls};
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("add_resident", add), ("remove_resident", remove), ("get_residents", list)];

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    let name = call.text("name")?;
    let id = call.lock()?;
    let lock = world.lock(id)?;
    let user = named(world, call.body())?.ok_or_else(|| not_found("User"))?;
    if find(&lock["residents"], "userId", &user["userId"]).is_some() {
        return Err(bad_request("The user is a resident already"));
    }
    let data = json!({ "userId": user["userId"], "name": name, "email": user["email"] });
    let email = pick(user, &["email"]);
    ok(with(world.record_lock(id, "ResidentAdded", data), email))
}

fn remove(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.lock()?;
    let lock = world.lock(id)?;
    let user = named(world, call.body())?;
    let Some(user) = user.filter(|user| find(&lock["residents"], "userId", &user["userId"]).is_some()) else {
        return Err(bad_request("Resident not found"));
    };
    let data = json!({ "userId": user["userId"], "email": user["email"] });
    let email = pick(user, &["email"]);
    ok(with(world.record_lock(id, "ResidentRemoved", data), email))
}

/// The user whom a request names.
fn named<'a>(world: &'a World, body: &Value) -> Result<Option<&'a Value>, SandboxError> {
    match (body["userId"].as_str(), body["email"].as_str(), body["phoneNumber"].as_str()) {
        (Some(id), _, _) => Ok(world.state(Aggregate::User, id).ok()),
        (_, Some(email), _) => Ok(world.user_with("email", email)),
        (_, _, Some(phone)) => Ok(world.user_with("phoneNumber", &checked_phone(phone)?)),
        _ => Err(bad_request("email, phoneNumber or userId is required")),
    }
}

fn list(world: &mut World, call: &SandboxCall) -> Handled {
    let lock = world.lock(call.lock()?)?;
    ok(json!({ "residents": shown(world, lock) }))
}

/// The residents of a lock as responses have them.
pub(super) fn shown(world: &World, lock: &Value) -> Vec<Value> {
    let shown = items(&lock["residents"]).iter().map(|resident| {
        let user = world.events.state(Aggregate::User, resident["userId"].as_str().unwrap_or_default());
        let user = user.unwrap_or(&Value::Null);
        let contact = json!({ "email": user["email"], "hasPhone": user["phoneNumber"].is_string() });
        without_nulls(with(resident.clone(), contact))
    });
    shown.collect()
}
