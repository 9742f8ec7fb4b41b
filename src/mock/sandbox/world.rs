use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::event_store::EventStore;
use crate::mock::sandbox::recorded_event::RecordedEvent;
use crate::mock::sandbox::sandbox_error::{SandboxError, not_found, unreachable};
use crate::mock::sandbox::values::{with, without_nulls, written};
use crate::value::lock_id::LockId;

/// What the sandbox holds.
pub(super) struct World {
    pub(super) uri: String,
    /// The time of the call that is carried out.
    pub(super) now: SystemTime,
    pub(super) events: EventStore,
    /// The accounts at 3dEye, by user. They are no part of the events.
    pub(super) threedeye: BTreeMap<String, Value>,
    pub(super) unreachable: HashSet<LockId>,
    pub(super) offline_hubs: HashSet<String>,
    /// The keys and tokens that are accepted; none if all are.
    pub(super) credentials: Option<HashSet<String>>,
    /// How many wrong PINs each lock got since the last right one, and when it got the last of them.
    pub(super) wrong_pins: HashMap<LockId, (u32, SystemTime)>,
}

impl World {
    pub(super) fn new(uri: String) -> Self {
        Self {
            uri,
            now: SystemTime::now(),
            events: EventStore::default(),
            threedeye: BTreeMap::new(),
            unreachable: HashSet::new(),
            offline_hubs: HashSet::new(),
            credentials: None,
            wrong_pins: HashMap::new(),
        }
    }

    /// The world as it was at a time. What is no event is as it is.
    pub(super) fn as_of(&self, time: SystemTime) -> Self {
        Self {
            uri: self.uri.clone(),
            now: self.now,
            events: self.events.until(time),
            threedeye: self.threedeye.clone(),
            unreachable: self.unreachable.clone(),
            offline_hubs: self.offline_hubs.clone(),
            credentials: self.credentials.clone(),
            wrong_pins: self.wrong_pins.clone(),
        }
    }

    /// The state of an aggregate.
    pub(super) fn state(&self, aggregate: Aggregate, id: &str) -> Result<&Value, SandboxError> {
        self.events.state(aggregate, id).ok_or_else(|| not_found(aggregate.name()))
    }

    /// The state of the lock.
    pub(super) fn lock(&self, id: LockId) -> Result<&Value, SandboxError> {
        self.state(Aggregate::Lock, &id.to_string())
    }

    /// The state of the lock, if its device can be reached.
    pub(super) fn reached(&self, id: LockId) -> Result<&Value, SandboxError> {
        let lock = self.lock(id)?;
        if self.unreachable.contains(&id) { Err(unreachable()) } else { Ok(lock) }
    }

    /// The user for whom a field has that value.
    pub(super) fn user_with(&self, field: &str, value: &str) -> Option<&Value> {
        self.events.states(Aggregate::User).find(|user| user[field] == value)
    }

    /// Records an event, and returns the response of the command that has it. The event leaves out fields that are null.
    pub(super) fn record(&mut self, aggregate: Aggregate, id: &str, kind: &'static str, data: Value) -> Value {
        self.record_with(aggregate, id, kind, data, Value::Null)
    }

    /// The same, with what the service keeps beside the event and publishes nowhere.
    pub(super) fn record_with(
        &mut self,
        aggregate: Aggregate,
        id: &str,
        kind: &'static str,
        data: Value,
        kept: Value,
    ) -> Value {
        let event = RecordedEvent { kind, data: without_nulls(data), kept, at: self.now };
        let shown = event.shown();
        self.events.append(aggregate, id, Arc::new(event));
        with(self.unchanged(aggregate, id), json!({ "event": shown }))
    }

    /// Records an event of a lock, with what every event of a lock has.
    pub(super) fn record_lock(&mut self, id: LockId, kind: &'static str, data: Value) -> Value {
        self.record_lock_with(id, kind, data, Value::Null)
    }

    /// The same, with what the service keeps beside the event.
    pub(super) fn record_lock_with(&mut self, id: LockId, kind: &'static str, data: Value, kept: Value) -> Value {
        // Events of temporary keys have another name for it.
        let uuid = if kind.starts_with("TempKey") { "lockUuid" } else { "uuid" };
        let lock = self.lock(id).ok();
        let common =
            json!({ "lockId": id.get(), uuid: lock.map(|lock| &lock["uuid"]), "timestamp": written(self.now) });
        self.record_with(Aggregate::Lock, &id.to_string(), kind, with(common, data), kept)
    }

    /// The response of a command that changes nothing.
    pub(super) fn unchanged(&self, aggregate: Aggregate, id: &str) -> Value {
        let version = self.events.events(aggregate, id).len();
        json!({ "success": true, "aggregateId": id, "version": version, "event": null })
    }
}
