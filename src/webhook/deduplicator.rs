use std::collections::HashSet;
use std::fmt;
use std::mem::take;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How many ids [`Deduplicator::default`] remembers at least: 10,000.
pub const DEFAULT_CAPACITY: usize = 10_000;
/// How long [`Deduplicator::default`] remembers an id at least: 24 hours.
pub const DEFAULT_RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// Remembers the ids of deliveries, so that one that is delivered again can be dropped. Bounded in memory and time; can
/// be shared by tasks and threads.
///
/// The ids are lost when the process ends, and are not shared with other processes. If processing a delivery twice
/// would do harm, store its id in your database, in the same transaction as the changes that the delivery causes.
///
/// ```
/// let deduplicator = spkey::webhook::Deduplicator::default();
/// assert!(deduplicator.is_new("17793124-05d4-b198-2fde-7ededc63b103"));
/// assert!(!deduplicator.is_new("17793124-05d4-b198-2fde-7ededc63b103"));
/// ```
pub struct Deduplicator {
    capacity: usize,
    retention: Duration,
    ids: Mutex<Ids>,
}

/// Two generations, so that forgetting needs no time per id: when the current one is full or too old, it replaces the
/// previous one.
struct Ids {
    started: Instant,
    current: HashSet<Box<str>>,
    previous: HashSet<Box<str>>,
}

impl Ids {
    fn starting(now: Instant) -> Self {
        Self { started: now, current: HashSet::new(), previous: HashSet::new() }
    }
}

impl Deduplicator {
    /// Remembers an id for at least `retention`, unless `capacity` other ids have come since, and for at most twice as
    /// long and twice as many. A capacity of 0 counts as 1. [`Deduplicator::default`] has [`DEFAULT_CAPACITY`] and
    /// [`DEFAULT_RETENTION`].
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let deduplicator = spkey::webhook::Deduplicator::new(1000, Duration::from_secs(60 * 60));
    /// # drop(deduplicator);
    /// ```
    #[must_use]
    pub fn new(capacity: usize, retention: Duration) -> Self {
        Self { capacity: capacity.max(1), retention, ids: Mutex::new(Ids::starting(Instant::now())) }
    }

    /// Whether this id is seen for the first time. The call itself counts: the next one with this id returns `false`.
    ///
    /// Of concurrent calls with the same id, exactly one returns `true`.
    #[must_use]
    pub fn is_new(&self, id: &str) -> bool {
        let mut ids = self.ids();
        let now = Instant::now();
        let age = now.saturating_duration_since(ids.started);
        if age >= self.retention.saturating_mul(2) {
            *ids = Ids::starting(now);
        } else if age >= self.retention {
            ids.previous = take(&mut ids.current);
            ids.started += self.retention;
        }
        if ids.previous.contains(id) || ids.current.contains(id) {
            return false;
        }
        if ids.current.len() >= self.capacity {
            ids.previous = take(&mut ids.current);
            ids.started = now;
        }
        ids.current.insert(id.into());
        true
    }

    /// Forgets an id, so that the delivery counts as new when it is retried. For a delivery that could not be processed
    /// and gets a 5xx.
    ///
    /// A second copy that arrives between [`is_new`](Self::is_new) and this call is taken for a duplicate and gets a
    /// 2xx, after which the sender may not retry. Where you can, make sure of room for the delivery first, as
    /// `examples/webhook_receiver.rs` does.
    pub fn forget(&self, id: &str) {
        let mut ids = self.ids();
        ids.current.remove(id);
        ids.previous.remove(id);
    }

    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Deduplicator {
    fn default() -> Self {
        Self::new(DEFAULT_CAPACITY, DEFAULT_RETENTION)
    }
}

impl fmt::Debug for Deduplicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Deduplicator");
        debug.field("capacity", &self.capacity).field("retention", &self.retention).finish_non_exhaustive()
    }
}
