use super::call::{Call, Outcome, bad, ok};
use super::residents;
use super::server::Handler;
use super::users::user_id_if;
use super::world::{Lock, World, number};
use crate::types::{
    GetLockEventsResponse, LockBasicInfo, LockDetails, LockDetailsResident, LockEventRecord, LockKey, LockResident,
};

/// How many events a page has.
const PAGE_SIZE: usize = 10;

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("get_basic_lock_info", basic_info), ("get_lock_details", details), ("get_lock_events", events)];

fn basic_info(world: &mut World, call: &Call) -> Outcome {
    let lock = world.lock(call.lock())?;
    ok(LockBasicInfo {
        id: Some(lock.id.clone()),
        lock_id: lock.number().as_f64(),
        uuid: Some(lock.uuid.clone()),
        version: Some(lock.history.version()),
        serial_number: lock.serial_number.clone(),
        owner_id: owner(lock),
        org_id: lock.org_id.clone(),
        organization_id: lock.org_id.clone(),
        ..LockBasicInfo::default()
    })
}

fn details(world: &mut World, call: &Call) -> Outcome {
    let residents = residents::shown(world, call.lock())?.into_iter();
    let residents =
        residents.map(|LockResident { user_id, name, email, .. }| LockDetailsResident { user_id, name, email });
    let lock = world.lock(call.lock())?;
    let keys = lock.keys.iter().map(|key| LockKey {
        uuid: key.uuid.clone(),
        index_number: key.index.and_then(|index| serde_json::json!(index).as_f64()),
        user_id: key.user_id.as_deref().and_then(user_id_if),
    });
    ok(LockDetails {
        id: Some(lock.id.clone()),
        lock_id: lock.number().as_f64(),
        uuid: Some(lock.uuid.clone()),
        serial_number: lock.serial_number.clone(),
        keys: keys.collect(),
        owner_id: owner(lock),
        org_id: lock.org_id.clone(),
        organization_id: lock.org_id.clone(),
        residents: residents.collect(),
        version: Some(lock.history.version()),
        timestamp: lock.history.events.last().map(|recorded| recorded.at.clone()),
        ..LockDetails::default()
    })
}

fn owner(lock: &Lock) -> Option<crate::UserId> {
    lock.owner_id.as_deref().and_then(user_id_if)
}

fn events(world: &mut World, call: &Call) -> Outcome {
    let lock = world.lock(call.lock())?;
    let all = &lock.history.events;
    let pages = all.len().div_ceil(PAGE_SIZE).max(1);
    let page = call.count("page")?.unwrap_or(pages);
    if page == 0 {
        return Err(bad("pages count from 1"));
    }
    let first = (page - 1).saturating_mul(PAGE_SIZE);
    let events = all.iter().enumerate().skip(first).take(PAGE_SIZE).map(|(index, recorded)| LockEventRecord {
        aggregate_type: Some("Lock".to_owned()),
        aggregate_id: Some(lock.id.clone()),
        version: Some(number(index + 1)),
        type_: Some(recorded.kind.to_owned()),
        timestamp: Some(recorded.at.clone()),
        org_id: lock.org_id.clone(),
        event: Some(recorded.event.clone().into()),
    });
    ok(GetLockEventsResponse {
        aggregate_id: Some(lock.id.clone()),
        total_events: Some(number(all.len())),
        page: Some(number(page)),
        page_size: Some(number(PAGE_SIZE)),
        total_pages: Some(number(pages)),
        events: events.collect(),
    })
}
