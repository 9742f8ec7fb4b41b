use std::time::Duration;

use crate::retry::budget::{RETRY_COST, TIMEOUT_COST};
use crate::retry::class::RetryClass;
use crate::retry::classify::FailureClass;
use crate::retry::policy::RetryPolicy;

/// One failed attempt, as the decision needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FailedAttempt {
    pub(crate) class: FailureClass,
    pub(crate) timed_out: bool,
    /// How long the service asked to wait.
    pub(crate) retry_after: Option<Duration>,
}

/// How far a call has got when an attempt has failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallState {
    /// The number of the attempt that failed, from 1.
    pub(crate) attempt: u32,
    /// Whether this call has had its token refreshed already.
    pub(crate) token_refreshed: bool,
    pub(crate) time_left: Duration,
    /// The longest wait that this call may make; any where there is none.
    pub(crate) max_wait: Option<Duration>,
    /// The tokens that are left in the bucket.
    pub(crate) budget: u32,
    /// In `0.0..1.0`.
    pub(crate) random: f64,
}

/// To retry after the wait, for that many tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Retry {
    pub(crate) wait: Duration,
    pub(crate) cost: u32,
}

/// Whether to retry a call. What matters is whether the service may have acted, then what the operation is.
pub(crate) fn decide(
    class: RetryClass,
    policy: &RetryPolicy,
    failed: FailedAttempt,
    state: CallState,
) -> Option<Retry> {
    let allowed = match failed.class {
        FailureClass::NotConnected => true,
        FailureClass::RateLimited => class != RetryClass::NoRetry,
        FailureClass::TokenRejected => !state.token_refreshed,
        FailureClass::MayHaveActed | FailureClass::ResponseLost => {
            matches!(class, RetryClass::Safe | RetryClass::Idempotent)
        }
        FailureClass::ResponseUnreadable
        | FailureClass::Rejected
        | FailureClass::Inconclusive
        | FailureClass::NotSent => false,
    };
    let backoff = || policy.backoff(state.attempt, state.random);
    let (backoff, cost) = match failed.class {
        _ if !allowed => return None,
        // A new token is a new start: it neither waits nor counts as a failure of the service.
        FailureClass::TokenRejected => (Duration::ZERO, 0),
        _ if failed.timed_out => (backoff(), TIMEOUT_COST),
        _ => (backoff(), RETRY_COST),
    };
    let wait = backoff.max(failed.retry_after.unwrap_or_default());
    let in_time = wait < state.time_left && state.max_wait.is_none_or(|longest| wait <= longest);
    let possible = in_time && state.attempt < policy.max_attempts && cost <= state.budget;
    possible.then_some(Retry { wait, cost })
}

#[cfg(test)]
mod tests;
