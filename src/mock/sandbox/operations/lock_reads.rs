use std::sync::Arc;

use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::operations::residents;
use crate::mock::sandbox::recorded_event::RecordedEvent;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::bad_request;
use crate::mock::sandbox::values::{pick, with, without_nulls, written};
use crate::mock::sandbox::world::World;

/// How many events a page has.
const PAGE_SIZE: usize = 10;
/// How many messages are read, if a call does not say it.
const MESSAGES: usize = 50;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("get_basic_lock_info", basic_info),
    ("get_lock_details", details),
    ("get_lock_events", events),
    ("get_lock_debug_messages", debug_messages),
];

/// What both reads of a lock have.
fn shown(lock: &Value) -> Value {
    let id = lock["lockId"].to_string();
    let more = without_nulls(json!({
        "id": id, "organizationId": lock["orgId"], "r2Prefix": format!("locks/{id}/"),
    }));
    with(pick(lock, &["lockId", "uuid", "version", "serialNumber", "ownerId", "orgId"]), more)
}

fn basic_info(world: &mut World, call: &SandboxCall) -> Handled {
    ok(shown(world.lock(call.lock()?)?))
}

fn details(world: &mut World, call: &SandboxCall) -> Handled {
    let lock = world.lock(call.lock()?)?;
    let residents = residents::shown(world, lock).into_iter();
    let residents: Value = residents.map(|resident| pick(&resident, &["userId", "name", "email"])).collect();
    let more = json!({ "keys": lock["keys"], "residents": residents, "timestamp": lock["timestamp"] });
    ok(with(shown(lock), more))
}

fn events(world: &mut World, call: &SandboxCall) -> Handled {
    let lock = world.lock(call.lock()?)?;
    let id = lock["lockId"].to_string();
    let all = world.events.events(Aggregate::Lock, &id);
    let pages = all.len().div_ceil(PAGE_SIZE).max(1);
    let page = call.count("page")?.unwrap_or(pages);
    if page == 0 {
        return Err(bad_request("pages count from 1"));
    }
    let first = (page - 1).saturating_mul(PAGE_SIZE);
    let shown = |(index, event): (usize, &Arc<RecordedEvent>)| {
        without_nulls(json!({
            "aggregateType": Aggregate::Lock.name(), "aggregateId": id, "version": index + 1, "type": event.kind,
            "timestamp": written(event.at), "orgId": lock["orgId"], "event": event.shown(),
        }))
    };
    let events: Value = all.iter().enumerate().skip(first).take(PAGE_SIZE).map(shown).collect();
    ok(json!({
        "aggregateId": id, "totalEvents": all.len(), "page": page, "pageSize": PAGE_SIZE, "totalPages": pages,
        "events": events,
    }))
}

/// What the service sent to the lock. The lock reports nothing: there is none.
fn debug_messages(world: &mut World, call: &SandboxCall) -> Handled {
    let lock = world.lock(call.lock()?)?;
    let limit = call.count("limit")?.unwrap_or(MESSAGES);
    let events = world.events.events(Aggregate::Lock, &lock["lockId"].to_string()).iter().enumerate();
    let is_sent = |event: &RecordedEvent| {
        matches!(event.kind, "LockOpenRequested" | "KeyWriteRequested" | "KeyAdded" | "KeyRemoved")
    };
    let sent: Vec<_> = events
        .filter(|(_, event)| is_sent(event))
        .map(|(index, event)| json!({ "id": index + 1, "payload": event.shown(), "timestamp": written(event.at) }))
        .collect();
    let newest = &sent[sent.len().saturating_sub(limit)..];
    ok(json!({ "messages": { "command": newest, "status": [] }, "total": newest.len() }))
}
