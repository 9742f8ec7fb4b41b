use std::sync::atomic::{AtomicU32, Ordering};

/// What all clones of a client may spend on retries, so that a failing service is not hit the harder for it.
#[derive(Debug)]
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
    pub(crate) fn take(&self, cost: u32) -> Option<Spent<'_>> {
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost));
        taken.is_ok().then_some(Spent { budget: self, cost })
    }

    /// Gives back what a success is worth: what its last retry cost, or a little where it needed none.
    pub(crate) fn succeeded(&self, last_cost: u32) {
        self.give(last_cost.max(SUCCESS_GAIN));
    }

    fn give(&self, gain: u32) {
        if self.left() < CAPACITY {
            let add = |left: u32| Some(left.saturating_add(gain).min(CAPACITY));
            let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        }
    }
}

/// What was taken for a retry. It goes back where the retry is not made: a call may be dropped while it waits.
#[must_use]
pub(crate) struct Spent<'a> {
    budget: &'a RetryBudget,
    cost: u32,
}

impl Spent<'_> {
    /// Keeps the cost, which is answered: the retry is made.
    pub(crate) fn sent(mut self) -> u32 {
        std::mem::take(&mut self.cost)
    }
}

impl Drop for Spent<'_> {
    fn drop(&mut self) {
        self.budget.give(self.cost);
    }
}
