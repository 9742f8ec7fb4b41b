use serde_json::json;

use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, not_found};
use crate::mock::sandbox::users::checked_phone;
use crate::mock::sandbox::world::{Resident, User, World};
use crate::types::{
    AddResidentRequest, AddResidentResponse, CommandResult, GetResidentsResponse, LockResident, RemoveResidentRequest,
    RemoveResidentResponse,
};
use crate::value::lock_id::LockId;
use crate::value::user_id::UserId;

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("add_resident", add), ("remove_resident", remove), ("get_residents", list)];

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    let body: AddResidentRequest = call.body()?;
    if body.name.is_empty() {
        return Err(bad_request("name is empty"));
    }
    let lock_id = world.lock(call.lock()?)?.id;
    let user = named(world, body.email.as_deref(), body.phone_number.as_deref(), body.user_id)?;
    let user = user.ok_or_else(|| not_found("User"))?;
    let (user_id, email) = (user.id, user.email.clone());
    let lock = world.lock(lock_id)?;
    if lock.residents.iter().any(|resident| resident.user_id == user_id) {
        return Err(bad_request("The user is a resident already"));
    }
    let data = json!({ "userId": user_id, "name": body.name, "email": email });
    lock.residents.push(Resident { user_id, name: body.name });
    let CommandResult { success, aggregate_id, version, event } = lock.record("ResidentAdded", data);
    ok(AddResidentResponse { success, aggregate_id, version, event, email })
}

fn remove(world: &mut World, call: &SandboxCall) -> Handled {
    let body: RemoveResidentRequest = call.body()?;
    let lock_id = world.lock(call.lock()?)?.id;
    let user = named(world, body.email.as_deref(), body.phone_number.as_deref(), body.user_id)?;
    let found = user.map(|user| (user.id, user.email.clone()));
    let lock = world.lock(lock_id)?;
    let place = found.as_ref().and_then(|(id, _)| lock.residents.iter().position(|there| there.user_id == *id));
    let (Some(place), Some((id, email))) = (place, found) else { return Err(bad_request("Resident not found")) };
    lock.residents.remove(place);
    let data = json!({ "userId": id, "email": email });
    let CommandResult { success, aggregate_id, version, event } = lock.record("ResidentRemoved", data);
    ok(RemoveResidentResponse { success, aggregate_id, version, event, email })
}

/// The user whom a request names.
fn named<'a>(
    world: &'a World,
    email: Option<&str>,
    phone: Option<&str>,
    id: Option<UserId>,
) -> Result<Option<&'a User>, SandboxError> {
    match (id, email, phone) {
        (Some(id), _, _) => Ok(world.users.get(&id)),
        (_, Some(email), _) => Ok(world.user_by(|user| user.email.as_deref() == Some(email))),
        (_, _, Some(phone)) => {
            let phone = checked_phone(phone)?;
            Ok(world.user_by(|user| user.phone.as_ref() == Some(&phone)))
        }
        _ => Err(bad_request("email, phoneNumber or userId is required")),
    }
}

fn list(world: &mut World, call: &SandboxCall) -> Handled {
    let residents = shown(world, call.lock()?)?;
    ok(GetResidentsResponse { residents })
}

/// The residents of a lock as responses have them.
pub(super) fn shown(world: &mut World, lock: LockId) -> Result<Vec<LockResident>, SandboxError> {
    world.lock(lock)?;
    let residents = world.locks.get(&lock).map(|lock| lock.residents.as_slice()).unwrap_or_default();
    let shown = residents.iter().map(|resident| {
        let user = world.users.get(&resident.user_id);
        LockResident {
            user_id: Some(resident.user_id),
            name: Some(resident.name.clone()),
            email: user.and_then(|user| user.email.clone()),
            has_phone: Some(user.is_some_and(|user| user.phone.is_some())),
        }
    });
    Ok(shown.collect())
}
