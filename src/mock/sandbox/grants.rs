use serde_json::json;

use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::bad_request;
use crate::mock::sandbox::values::{now, number};
use crate::mock::sandbox::world::{Grant, World};
use crate::types::{
    AccessibleLock, AddAccessibleLockRequest, AddAccessibleLockResponse, CommandResult, GetAccessibleLocksResponse,
    GetOwnedLocksResponse, OwnedLock, OwnedLocksSource, RemoveAccessibleLockRequest, RemoveAccessibleLockResponse,
};

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("add_accessible_lock", add),
    ("remove_accessible_lock", remove),
    ("get_accessible_locks", accessible),
    ("get_owned_locks", owned),
];

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    let body: AddAccessibleLockRequest = call.body()?;
    let user = world.user(call.user()?)?;
    if user.grants.iter().any(|grant| grant.lock_id == body.lock_id) {
        return Err(bad_request("The lock is accessible to the user already"));
    }
    let data = json!({
        "userId": user.id, "lockId": body.lock_id, "lockName": body.lock_name, "accessLevel": body.access_level,
        "grantedBy": body.granted_by,
    });
    user.grants.push(Grant {
        lock_id: body.lock_id,
        lock_name: body.lock_name,
        access_level: body.access_level.clone(),
        granted_by: body.granted_by,
    });
    let CommandResult { success, aggregate_id, version, event } = user.log.record("AccessibleLockAdded", data);
    let (lock_id, access_level) = (Some(body.lock_id), Some(body.access_level));
    ok(AddAccessibleLockResponse { success, aggregate_id, version, event, lock_id, access_level })
}

fn remove(world: &mut World, call: &SandboxCall) -> Handled {
    let body: RemoveAccessibleLockRequest = call.body()?;
    let user = world.user(call.user()?)?;
    let Some(place) = user.grants.iter().position(|grant| grant.lock_id == body.lock_id) else {
        return Err(bad_request("The lock is not accessible to the user"));
    };
    user.grants.remove(place);
    let removed_at = now();
    let data = json!({
        "userId": user.id, "lockId": body.lock_id, "removedBy": body.removed_by, "reason": body.reason,
        "removedAt": removed_at,
    });
    let CommandResult { success, aggregate_id, version, event } = user.log.record("AccessibleLockRemoved", data);
    let (lock_id, removed_at) = (Some(body.lock_id), Some(removed_at));
    ok(RemoveAccessibleLockResponse { success, aggregate_id, version, event, lock_id, removed_at })
}

fn accessible(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.user(call.user()?)?;
    let locks = user.grants.iter().map(|grant| AccessibleLock {
        lock_id: grant.lock_id,
        lock_name: Some(grant.lock_name.clone()),
        access_level: Some(grant.access_level.clone()),
        granted_by: Some(grant.granted_by),
        expires_at: None,
    });
    let locks: Vec<_> = locks.collect();
    ok(GetAccessibleLocksResponse { total_count: Some(number(locks.len())), locks })
}

fn owned(world: &mut World, call: &SandboxCall) -> Handled {
    let id = world.user(call.user()?)?.id;
    let locks = world.locks.values().filter(|lock| lock.owner_id == Some(id));
    let locks: Vec<_> = locks
        .map(|lock| OwnedLock {
            lock_uuid: lock.uuid.clone(),
            serial_number: lock.serial_number.clone(),
            online: Some(!world.unreachable.contains(&lock.id)),
            keys_count: i64::try_from(lock.keys.len()).ok(),
            resident_count: i64::try_from(lock.residents.len()).ok(),
            last_event: lock.log.events.last().map(|recorded| recorded.kind.to_owned()),
            ..OwnedLock::default()
        })
        .collect();
    let total_count = i64::try_from(locks.len()).ok();
    ok(GetOwnedLocksResponse { locks, total_count, source: Some(OwnedLocksSource::Spacetimedb) })
}
