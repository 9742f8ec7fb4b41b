use serde_json::json;

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::bad_request;
use crate::mock::sandbox::values::{find, items, millis, pick, with, written};
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("add_accessible_lock", add),
    ("remove_accessible_lock", remove),
    ("get_accessible_locks", accessible),
    ("get_owned_locks", owned),
];

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, body) = (call.user()?, call.body());
    let user = world.state(Aggregate::User, &id)?;
    if find(&user["grants"], "lockId", &body["lockId"]).is_some() {
        return Err(bad_request("The lock is accessible to the user already"));
    }
    let grant = pick(body, &["lockId", "lockName", "accessLevel", "grantedBy"]);
    let result = world.record(Aggregate::User, &id, "AccessibleLockAdded", with(grant, json!({ "userId": id })));
    ok(with(result, pick(body, &["lockId", "accessLevel"])))
}

fn remove(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, body) = (call.user()?, call.body());
    let user = world.state(Aggregate::User, &id)?;
    if find(&user["grants"], "lockId", &body["lockId"]).is_none() {
        return Err(bad_request("The lock is not accessible to the user"));
    }
    let removed_at = written(world.now);
    let data = with(pick(body, &["lockId", "removedBy", "reason"]), json!({ "userId": id, "removedAt": removed_at }));
    let result = world.record(Aggregate::User, &id, "AccessibleLockRemoved", data);
    ok(with(result, json!({ "lockId": body["lockId"], "removedAt": removed_at })))
}

fn accessible(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.state(Aggregate::User, &call.user()?)?;
    let locks = items(&user["grants"]).iter();
    let locks: Vec<_> = locks.map(|grant| pick(grant, &["lockId", "lockName", "accessLevel", "grantedBy"])).collect();
    ok(json!({ "totalCount": locks.len(), "locks": locks }))
}

fn owned(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.user()?;
    world.state(Aggregate::User, &id)?;
    let locks = world.events.states(Aggregate::Lock).filter(|lock| lock["ownerId"] == id);
    let locks: Vec<_> = locks
        .map(|lock| {
            let number = lock["lockId"].to_string();
            let last = world.events.events(Aggregate::Lock, &number).last();
            let is_unreachable = number.parse().is_ok_and(|id| world.unreachable.contains(&id));
            let shown = json!({
                "lockUuid": lock["uuid"], "online": !is_unreachable, "keysCount": items(&lock["keys"]).len(),
                "residentCount": items(&lock["residents"]).len(), "lastEvent": last.map(|event| event.kind),
                "lastUpdated": last.map(|event| millis(event.at)),
            });
            with(shown, pick(lock, &["serialNumber"]))
        })
        .collect();
    ok(json!({ "totalCount": locks.len(), "locks": locks, "source": "spacetimedb" }))
}
