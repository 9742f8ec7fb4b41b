use std::collections::HashSet;
use std::fmt;
use std::mem::take;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How many deliveries are remembered at least, unless set: [`Deduplicator::new`].
pub const DEFAULT_CAPACITY: usize = 10_000;
/// How long a delivery is remembered at least, unless set: [`Deduplicator::new`].
pub const DEFAULT_RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// Remembers the ids of deliveries, to drop those that come again. Bounded in memory and time, to be shared by tasks and
/// threads.
///
/// It forgets when the process ends, and knows nothing of what other processes took. Where a duplicate would do harm, keep
/// the ids with what the delivery changes, in one transaction.
///
/// ```
/// let seen = spkey::webhook::Deduplicator::default();
/// assert!(seen.is_new("17793124-05d4-b198-2fde-7ededc63b103"));
/// assert!(!seen.is_new("17793124-05d4-b198-2fde-7ededc63b103"));
/// ```
pub struct Deduplicator {
    capacity: usize,
    retention: Duration,
    ids: Mutex<Ids>,
}

/// Two generations: a full or old one makes way for the next, and is forgotten with the one after that.
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
    /// Remembers an id for `retention` at least, unless `capacity` others have come since. It never remembers more than
    /// twice as many, nor for more than twice as long. [`DEFAULT_CAPACITY`], 10,000, and [`DEFAULT_RETENTION`], a day,
    /// by `default()`. A capacity of 0 counts as 1.
    #[must_use]
    pub fn new(capacity: usize, retention: Duration) -> Self {
        Self { capacity: capacity.max(1), retention, ids: Mutex::new(Ids::starting(Instant::now())) }
    }

    /// Whether the id comes for the first time; from now on it does not.
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

    /// Forgets an id, for a delivery that could not be taken after all and is answered with a 5xx: it comes again, and is
    /// then new.
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
