use std::sync::atomic::{AtomicU32, Ordering};

/// The tokens that a client starts with, and the most that it can have.
pub(crate) const CAPACITY: u32 = 500;
/// What a retry costs.
pub(crate) const RETRY_COST: u32 = 5;
/// What a retry after a time-out costs: a service that lets calls time out is worse off than one that rejects them.
pub(crate) const TIMEOUT_COST: u32 = 10;
/// What a call refunds that succeeds at its first attempt.
pub(crate) const SUCCESS_REFUND: u32 = 1;

/// A token bucket that all clones of a client pay their retries from, so that retries do not multiply the load on a service
/// that is failing. The figures are those of the AWS SDKs.
pub(crate) struct RetryBudget {
    left: AtomicU32,
}

impl RetryBudget {
    pub(crate) fn new() -> Self {
        Self { left: AtomicU32::new(CAPACITY) }
    }

    /// The tokens that are left.
    pub(crate) fn left(&self) -> u32 {
        self.left.load(Ordering::Relaxed)
    }

    /// Takes the cost, or nothing where less than that is left.
    pub(crate) fn take(&self, cost: u32) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost)).is_ok()
    }

    /// Refunds a success: what its last retry cost, or [`SUCCESS_REFUND`] where it needed none.
    pub(crate) fn succeeded(&self, last_cost: u32) {
        if self.left() < CAPACITY {
            let add = |left: u32| Some(left.saturating_add(last_cost.max(SUCCESS_REFUND)).min(CAPACITY));
            let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_refunds_its_last_retry_or_one_token_up_to_the_capacity() {
        let budget = RetryBudget::new();
        budget.succeeded(0);
        assert_eq!(budget.left(), CAPACITY);
        assert!(budget.take(CAPACITY));
        budget.succeeded(0);
        assert_eq!(budget.left(), SUCCESS_REFUND);
        budget.succeeded(TIMEOUT_COST);
        assert_eq!(budget.left(), SUCCESS_REFUND + TIMEOUT_COST);
        budget.succeeded(u32::MAX);
        assert_eq!(budget.left(), CAPACITY);
    }

    #[test]
    fn cost_above_what_is_left_takes_nothing() {
        let budget = RetryBudget::new();
        assert!(budget.take(CAPACITY - RETRY_COST + 1));
        assert!(!budget.take(RETRY_COST));
        assert_eq!(budget.left(), RETRY_COST - 1);
    }
}
