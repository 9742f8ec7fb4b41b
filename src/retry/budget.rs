use std::sync::atomic::{AtomicU32, Ordering};

/// What all clones of a client may spend on retries, so that a failing service is not hit the harder for it.
pub(crate) struct RetryBudget {
    left: AtomicU32,
}

/// What a client starts with, and can never have more than.
pub(crate) const CAPACITY: u32 = 500;
/// What a call gives back that succeeded at once.
pub(crate) const SUCCESS_GAIN: u32 = 1;

impl RetryBudget {
    pub(crate) fn new() -> Self {
        Self { left: AtomicU32::new(CAPACITY) }
    }

    pub(crate) fn left(&self) -> u32 {
        self.left.load(Ordering::Relaxed)
    }

    /// Takes the cost, or nothing where less than that is left.
    pub(crate) fn take(&self, cost: u32) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost)).is_ok()
    }

    /// Gives back what a success is worth: what its last retry cost, or a little where it needed none.
    pub(crate) fn succeeded(&self, last_cost: u32) {
        if self.left() < CAPACITY {
            let add = |left: u32| Some(left.saturating_add(last_cost.max(SUCCESS_GAIN)).min(CAPACITY));
            let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        }
    }
}
