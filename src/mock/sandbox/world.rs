//! What the sandbox holds.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::mock::sandbox::event_log::EventLog;
use crate::mock::sandbox::failure::Failures;
use crate::mock::sandbox::sandbox_error::{SandboxError, not_found, unreachable};
use crate::mock::sandbox::values::now;
use crate::types::{
    AccessLevel, AddDeviceRequest, CommandResult, TempKeyAccessMode, TempKeyDoorMethod, TempKeyStatus, WalletType,
};
use crate::value::date_time::DateTime;
use crate::value::lock_id::LockId;
use crate::value::user_id::UserId;

/// The world, shared with the server.
#[derive(Clone)]
pub(super) struct SharedWorld(Arc<Mutex<World>>);

pub(super) struct World {
    pub(super) uri: String,
    pub(super) users: BTreeMap<UserId, User>,
    pub(super) locks: BTreeMap<LockId, Lock>,
    pub(super) temp_keys: Vec<GuestKey>,
    pub(super) unreachable: HashSet<LockId>,
    pub(super) failures: Failures,
    /// The keys and tokens that are accepted; none if all are.
    pub(super) credentials: Option<HashSet<String>>,
    /// Wrong PINs at each lock since the last right one.
    pub(super) wrong_pins: HashMap<LockId, u32>,
}

pub(super) struct User {
    pub(super) id: UserId,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) created_at: DateTime,
    pub(super) grants: Vec<Grant>,
    pub(super) devices: Vec<LinkedDevice>,
    pub(super) wallet: Vec<KeyInWallet>,
    pub(super) has_threedeye: bool,
    pub(super) log: EventLog,
}

pub(super) struct Grant {
    pub(super) lock_id: LockId,
    pub(super) lock_name: String,
    pub(super) access_level: AccessLevel,
    pub(super) granted_by: UserId,
}

pub(super) struct LinkedDevice {
    pub(super) request: AddDeviceRequest,
    pub(super) added_at: DateTime,
}

pub(super) struct KeyInWallet {
    pub(super) key_id: String,
    pub(super) wallet_type: WalletType,
    pub(super) index: i64,
    pub(super) added_at: DateTime,
}

pub(super) struct Lock {
    pub(super) id: LockId,
    pub(super) uuid: String,
    pub(super) serial_number: Option<String>,
    pub(super) owner_id: Option<UserId>,
    pub(super) org_id: Option<String>,
    pub(super) keys: Vec<KeyOnLock>,
    pub(super) residents: Vec<Resident>,
    pub(super) log: EventLog,
}

pub(super) struct KeyOnLock {
    pub(super) uuid: String,
    pub(super) index: Option<i64>,
    pub(super) user_id: Option<UserId>,
}

pub(super) struct Resident {
    pub(super) user_id: UserId,
    pub(super) name: String,
}

/// A temporary key: one of a lock's own, or one with several doors.
pub(super) struct GuestKey {
    pub(super) uuid: String,
    /// Whether a lock made it, which then lists it.
    pub(super) of_lock: bool,
    pub(super) doors: Vec<GuestDoor>,
    pub(super) valid_from: DateTime,
    pub(super) valid_until: DateTime,
    pub(super) max_uses: Option<i64>,
    pub(super) used: u32,
    pub(super) access_mode: TempKeyAccessMode,
    pub(super) allowed: Vec<UserId>,
    pub(super) description: Option<String>,
    pub(super) pin: Option<String>,
    pub(super) created_by: String,
    pub(super) created_at: DateTime,
}

pub(super) struct GuestDoor {
    pub(super) lock_id: LockId,
    pub(super) label: Option<String>,
    pub(super) method: TempKeyDoorMethod,
}

impl SharedWorld {
    pub(super) fn new(uri: String) -> Self {
        Self(Arc::new(Mutex::new(World {
            uri,
            users: BTreeMap::new(),
            locks: BTreeMap::new(),
            temp_keys: Vec::new(),
            unreachable: HashSet::new(),
            failures: Failures::default(),
            credentials: None,
            wrong_pins: HashMap::new(),
        })))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    pub(super) fn user(&mut self, id: UserId) -> Result<&mut User, SandboxError> {
        self.users.get_mut(&id).ok_or_else(|| not_found("User"))
    }

    pub(super) fn lock(&mut self, id: LockId) -> Result<&mut Lock, SandboxError> {
        self.locks.get_mut(&id).ok_or_else(|| not_found("Lock"))
    }

    /// The lock, if its device can be reached.
    pub(super) fn reached(&mut self, id: LockId) -> Result<&mut Lock, SandboxError> {
        if self.locks.contains_key(&id) && self.unreachable.contains(&id) {
            return Err(unreachable());
        }
        self.lock(id)
    }

    pub(super) fn user_by(&self, fits: impl Fn(&User) -> bool) -> Option<&User> {
        self.users.values().find(|user| fits(user))
    }
}

impl Lock {
    /// Records an event, with what every event of a lock has.
    pub(super) fn record(&mut self, kind: &'static str, mut data: Value) -> CommandResult {
        data["lockId"] = json!(self.id.get());
        // Events of temporary keys have another name for it.
        let uuid = if kind.starts_with("TempKey") { "lockUuid" } else { "uuid" };
        data[uuid] = json!(self.uuid);
        data["timestamp"] = json!(now());
        self.log.record(kind, data)
    }
}

impl GuestKey {
    pub(super) fn status(&self) -> TempKeyStatus {
        let now = now();
        if now < self.valid_from {
            TempKeyStatus::NotYetValid
        } else if now >= self.valid_until {
            TempKeyStatus::Expired
        } else if self.max_uses.is_some_and(|uses| i64::from(self.used) >= uses) {
            TempKeyStatus::UsedUp
        } else {
            TempKeyStatus::Valid
        }
    }
}
