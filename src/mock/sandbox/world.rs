//! What the sandbox holds.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Failure;
use super::call::{Refusal, not_found, unreachable};
use crate::types::CommandResult;
use crate::types::{AccessLevel, AddDeviceRequest, TempKeyAccessMode, TempKeyDoorMethod, WalletType};

pub(super) struct World {
    pub(super) uri: String,
    pub(super) users: BTreeMap<String, User>,
    pub(super) locks: BTreeMap<String, Lock>,
    pub(super) temp_keys: Vec<TempKey>,
    pub(super) unreachable: HashSet<String>,
    pub(super) failures: Failures,
    /// The keys and tokens that are good; all are where there is none.
    pub(super) credentials: Option<HashSet<String>>,
    /// Wrong PINs at each lock since the last right one.
    pub(super) wrong_pins: HashMap<String, u32>,
}

#[derive(Default)]
pub(super) struct Failures {
    pub(super) always: HashMap<&'static str, Failure>,
    pub(super) next: HashMap<&'static str, VecDeque<Failure>>,
}

/// What happened to one user or lock, in order. Its length is the version.
pub(super) struct History {
    aggregate_id: String,
    pub(super) events: Vec<Recorded>,
}

pub(super) struct Recorded {
    pub(super) kind: &'static str,
    pub(super) event: Value,
    pub(super) at: String,
}

pub(super) struct User {
    pub(super) id: String,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) created_at: String,
    pub(super) grants: Vec<Grant>,
    pub(super) devices: Vec<(AddDeviceRequest, String)>,
    pub(super) wallet: Vec<WalletKey>,
    pub(super) has_threedeye: bool,
    pub(super) history: History,
}

pub(super) struct Grant {
    pub(super) lock_id: String,
    pub(super) lock_name: String,
    pub(super) access_level: AccessLevel,
    pub(super) granted_by: String,
}

pub(super) struct WalletKey {
    pub(super) key_id: String,
    pub(super) wallet_type: WalletType,
    pub(super) index: f64,
    pub(super) added_at: String,
}

pub(super) struct Lock {
    pub(super) id: String,
    pub(super) uuid: String,
    pub(super) serial_number: Option<String>,
    pub(super) owner_id: Option<String>,
    pub(super) org_id: Option<String>,
    pub(super) keys: Vec<Key>,
    pub(super) residents: Vec<Resident>,
    pub(super) history: History,
}

#[derive(Clone)]
pub(super) struct Key {
    pub(super) uuid: String,
    pub(super) index: Option<i64>,
    pub(super) user_id: Option<String>,
}

pub(super) struct Resident {
    pub(super) user_id: String,
    pub(super) name: String,
}

/// A temporary key: one of a lock's own, or one with several doors.
pub(super) struct TempKey {
    pub(super) uuid: String,
    /// Whether a lock made it, which has it in its list then.
    pub(super) of_lock: bool,
    pub(super) doors: Vec<Door>,
    pub(super) valid_from: Timestamp,
    pub(super) valid_until: Timestamp,
    pub(super) max_uses: Option<i64>,
    pub(super) used: u32,
    pub(super) access_mode: TempKeyAccessMode,
    pub(super) allowed: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) pin: Option<String>,
    pub(super) created_by: String,
    pub(super) created_at: String,
}

pub(super) struct Door {
    pub(super) lock_id: String,
    pub(super) label: Option<String>,
    pub(super) method: TempKeyDoorMethod,
}

impl World {
    pub(super) fn new(uri: String) -> Self {
        Self {
            uri,
            users: BTreeMap::new(),
            locks: BTreeMap::new(),
            temp_keys: Vec::new(),
            unreachable: HashSet::new(),
            failures: Failures::default(),
            credentials: None,
            wrong_pins: HashMap::new(),
        }
    }

    pub(super) fn user(&mut self, id: &str) -> Result<&mut User, Refusal> {
        self.users.get_mut(id).ok_or_else(|| not_found("User"))
    }

    pub(super) fn lock(&mut self, id: &str) -> Result<&mut Lock, Refusal> {
        self.locks.get_mut(id).ok_or_else(|| not_found("Lock"))
    }

    /// The lock, where its device can be reached.
    pub(super) fn reached(&mut self, id: &str) -> Result<&mut Lock, Refusal> {
        if self.locks.contains_key(id) && self.unreachable.contains(id) {
            return Err(unreachable());
        }
        self.lock(id)
    }

    pub(super) fn user_by(&self, fits: impl Fn(&User) -> bool) -> Option<&User> {
        self.users.values().find(|user| fits(user))
    }
}

impl History {
    pub(super) fn new(aggregate_id: &str) -> Self {
        Self { aggregate_id: aggregate_id.to_owned(), events: Vec::new() }
    }

    pub(super) fn version(&self) -> f64 {
        number(self.events.len())
    }

    /// Records an event, and gives the answer of a command that has it. Fields that are null are left out of the event.
    pub(super) fn record(&mut self, kind: &'static str, mut data: Value) -> CommandResult {
        if let Some(map) = data.as_object_mut() {
            map.retain(|_, value| !value.is_null());
        }
        let event = json!({ "type": kind, "data": data });
        self.events.push(Recorded { kind, event: event.clone(), at: now() });
        CommandResult { event: Some(event.into()), ..self.unchanged() }
    }

    /// The answer of a command that changes nothing.
    pub(super) fn unchanged(&self) -> CommandResult {
        CommandResult {
            success: Some(true),
            aggregate_id: Some(self.aggregate_id.clone()),
            version: Some(self.version()),
            event: Some(Value::Null.into()),
        }
    }
}

impl Lock {
    /// Records an event, with what every event of a lock holds.
    pub(super) fn record(&mut self, kind: &'static str, mut data: Value) -> CommandResult {
        data["lockId"] = self.number();
        // The events of temporary keys name it otherwise.
        let uuid = if kind.starts_with("TempKey") { "lockUuid" } else { "uuid" };
        data[uuid] = json!(self.uuid);
        data["timestamp"] = json!(now());
        self.history.record(kind, data)
    }

    /// The lock's id, as events hold it.
    pub(super) fn number(&self) -> Value {
        json!(self.id.parse::<u64>().unwrap_or_default())
    }
}

/// Now, as the service writes times.
pub(super) fn now() -> String {
    written(Timestamp::now())
}

pub(super) fn written(time: Timestamp) -> String {
    format!("{time:.3}")
}

pub(super) fn new_uuid() -> String {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid().to_string()
}

/// Whether a text is a UUID in its usual form.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// A count, as answers hold it.
#[allow(clippy::cast_precision_loss, reason = "no sandbox holds 2^53 of anything")]
pub(super) fn number(count: usize) -> f64 {
    count as f64
}
