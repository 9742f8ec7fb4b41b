use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::residents;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::bad_request;
use crate::mock::sandbox::values::number;
use crate::mock::sandbox::world::World;
use crate::types::{
    GetLockEventsResponse, LockBasicInfo, LockDetails, LockDetailsResident, LockEventRecord, LockKey, LockResident,
};

/// How many events a page has.
const PAGE_SIZE: usize = 10;

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("get_basic_lock_info", basic_info), ("get_lock_details", details), ("get_lock_events", events)];

fn basic_info(world: &mut World, call: &SandboxCall) -> Handled {
    let lock = world.lock(call.lock()?)?;
    ok(LockBasicInfo {
        id: Some(lock.id.to_string()),
        lock_id: Some(lock.id),
        uuid: Some(lock.uuid.clone()),
        version: Some(lock.log.version()),
        serial_number: lock.serial_number.clone(),
        owner_id: lock.owner_id,
        org_id: lock.org_id.clone(),
        organization_id: lock.org_id.clone(),
        ..LockBasicInfo::default()
    })
}

fn details(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.lock()?;
    let residents = residents::shown(world, id)?.into_iter();
    let residents =
        residents.map(|LockResident { user_id, name, email, .. }| LockDetailsResident { user_id, name, email });
    let lock = world.lock(id)?;
    let keys = lock.keys.iter().map(|key| LockKey {
        uuid: key.uuid.as_str().into(),
        index_number: key.index,
        user_id: key.user_id,
    });
    ok(LockDetails {
        id: Some(lock.id.to_string()),
        lock_id: Some(lock.id),
        uuid: Some(lock.uuid.clone()),
        serial_number: lock.serial_number.clone(),
        keys: keys.collect(),
        owner_id: lock.owner_id,
        org_id: lock.org_id.clone(),
        organization_id: lock.org_id.clone(),
        residents: residents.collect(),
        version: Some(lock.log.version()),
        timestamp: lock.log.events.last().map(|recorded| recorded.at.clone()),
        ..LockDetails::default()
    })
}

fn events(world: &mut World, call: &SandboxCall) -> Handled {
    let lock = world.lock(call.lock()?)?;
    let all = &lock.log.events;
    let pages = all.len().div_ceil(PAGE_SIZE).max(1);
    let page = call.count("page")?.unwrap_or(pages);
    if page == 0 {
        return Err(bad_request("pages count from 1"));
    }
    let first = (page - 1).saturating_mul(PAGE_SIZE);
    let events = all.iter().enumerate().skip(first).take(PAGE_SIZE).map(|(index, recorded)| LockEventRecord {
        aggregate_type: Some("Lock".to_owned()),
        aggregate_id: Some(lock.id.to_string()),
        version: Some(number(index + 1).into()),
        type_: Some(recorded.kind.to_owned()),
        timestamp: Some(recorded.at.clone()),
        org_id: lock.org_id.clone(),
        event: Some(recorded.event.clone().into()),
    });
    ok(GetLockEventsResponse {
        aggregate_id: Some(lock.id.to_string()),
        total_events: Some(number(all.len())),
        page: Some(number(page)),
        page_size: Some(number(PAGE_SIZE)),
        total_pages: Some(number(pages)),
        events: events.collect(),
    })
}
