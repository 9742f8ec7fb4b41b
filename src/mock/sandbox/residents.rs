use serde_json::json;

use super::call::{Call, Outcome, Refusal, bad, not_found, ok};
use super::server::Handler;
use super::users::{checked_phone, user_id};
use super::world::{Resident, User, World};
use crate::UserId;
use crate::types::{
    AddResidentRequest, AddResidentResponse, CommandResult, GetResidentsResponse, LockResident, RemoveResidentRequest,
    RemoveResidentResponse,
};

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("add_resident", add), ("remove_resident", remove), ("get_residents", list)];

fn add(world: &mut World, call: &Call) -> Outcome {
    let body: AddResidentRequest = call.body()?;
    if body.name.is_empty() {
        return Err(bad("name is empty"));
    }
    world.lock(call.lock())?;
    let user = named(world, body.email.as_deref(), body.phone_number.as_deref(), body.user_id.as_ref())?;
    let user = user.ok_or_else(|| not_found("User"))?;
    let (id, email) = (user.id.clone(), user.email.clone());
    let lock = world.lock(call.lock())?;
    if lock.residents.iter().any(|resident| resident.user_id == id) {
        return Err(bad("The user is a resident already"));
    }
    let data = json!({ "userId": id, "name": body.name, "email": email });
    lock.residents.push(Resident { user_id: id, name: body.name });
    let CommandResult { success, aggregate_id, version, event } = lock.record("ResidentAdded", data);
    ok(AddResidentResponse { success, aggregate_id, version, event, email })
}

fn remove(world: &mut World, call: &Call) -> Outcome {
    let body: RemoveResidentRequest = call.body()?;
    world.lock(call.lock())?;
    let user = named(world, body.email.as_deref(), body.phone_number.as_deref(), body.user_id.as_ref())?;
    let found = user.map(|user| (user.id.clone(), user.email.clone()));
    let lock = world.lock(call.lock())?;
    let place = found.as_ref().and_then(|(id, _)| lock.residents.iter().position(|there| there.user_id == *id));
    let (Some(place), Some((id, email))) = (place, found) else { return Err(bad("Resident not found")) };
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
    id: Option<&UserId>,
) -> Result<Option<&'a User>, Refusal> {
    match (id, email, phone) {
        (Some(id), _, _) => Ok(world.users.get(&id.as_str().to_lowercase())),
        (_, Some(email), _) => Ok(world.user_by(|user| user.email.as_deref() == Some(email))),
        (_, _, Some(phone)) => {
            let phone = checked_phone(phone)?;
            Ok(world.user_by(|user| user.phone.as_ref() == Some(&phone)))
        }
        _ => Err(bad("email, phoneNumber or userId is required")),
    }
}

fn list(world: &mut World, call: &Call) -> Outcome {
    let residents = shown(world, call.lock())?;
    ok(GetResidentsResponse { residents })
}

/// The residents of a lock as answers hold them.
pub(super) fn shown(world: &mut World, lock: &str) -> Result<Vec<LockResident>, Refusal> {
    world.lock(lock)?;
    let residents = world.locks.get(lock).map(|lock| lock.residents.as_slice()).unwrap_or_default();
    let shown = residents.iter().map(|resident| {
        let user = world.users.get(&resident.user_id);
        LockResident {
            user_id: user_id(&resident.user_id),
            name: Some(resident.name.clone()),
            email: user.and_then(|user| user.email.clone()),
            has_phone: Some(user.is_some_and(|user| user.phone.is_some())),
        }
    });
    Ok(shown.collect())
}
