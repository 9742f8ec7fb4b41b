use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

use crate::retry::budget::RetryBudget;
use crate::retry::class::RetryClass;
use crate::retry::classify::FailureClass;
use crate::retry::decide::{CallState, FailedAttempt, Retry, decide};
use crate::retry::outcome::Outcome;
use crate::retry::policy::RetryPolicy;

/// The rules that one call is made under.
pub(crate) struct RetryPlan<'a> {
    pub(crate) class: RetryClass,
    pub(crate) policy: &'a RetryPolicy,
    pub(crate) budget: &'a RetryBudget,
    pub(crate) deadline: Instant,
    pub(crate) attempt_timeout: Duration,
    /// The longest wait for a retry, where there is a limit: `PHYSICAL_MAX_WAIT` for what moves something physical.
    pub(crate) max_wait: Option<Duration>,
}

/// The attempts of a call, and what they amount to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallHistory {
    pub(crate) attempts: u32,
    pub(crate) outcome: Outcome,
}

impl CallHistory {
    pub(crate) const NOTHING_SENT: Self = Self { attempts: 0, outcome: Outcome::NotApplied };
}

/// The attempt that is to be made next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NextAttempt {
    /// When it must have ended.
    pub(crate) end: Instant,
    /// How many attempts came before it.
    pub(crate) resend_count: u32,
    /// How long the call waited for it.
    pub(crate) waited: Duration,
}

/// Makes attempts until one succeeds or no other is allowed. The only loop there is.
///
/// `attempt` ends in time on its own account: it alone knows whether anything was sent. `failed` says of its error what the
/// decision needs to know. `sleep` and `random` (in `0.0..1.0`) are the clock and the dice. `on_retry` is called before each
/// retry with the number of the attempt that failed, the wait that was made and the error.
pub(crate) fn retry_loop<T, E, A, S>(
    plan: &RetryPlan<'_>,
    mut attempt: impl FnMut(NextAttempt) -> A,
    failed: impl Fn(&E) -> FailedAttempt,
    sleep: impl Fn(Duration) -> S,
    mut random: impl FnMut() -> f64,
    mut on_retry: impl FnMut(u32, Duration, &E),
) -> impl Future<Output = (Result<T, E>, CallHistory)>
where
    A: Future<Output = Result<T, E>>,
    S: Future<Output = ()>,
{
    async move {
        let mut history = CallHistory::NOTHING_SENT;
        let mut token_refreshed = false;
        let mut last_cost = 0;
        let mut waited = Duration::ZERO;
        loop {
            let now = Instant::now();
            let end = now + plan.attempt_timeout.min(plan.deadline.saturating_duration_since(now));
            let next = NextAttempt { end, resend_count: history.attempts, waited };
            history.attempts += 1;
            let error = match attempt(next).await {
                Ok(success) => {
                    plan.budget.succeeded(last_cost);
                    return (Ok(success), history);
                }
                Err(error) => error,
            };
            let failed = failed(&error);
            if failed.class == FailureClass::NotSent {
                history.attempts -= 1;
            }
            history.outcome = history.outcome.max(failed.class.outcome());
            let state = CallState {
                attempt: history.attempts,
                token_refreshed,
                time_left: plan.deadline.saturating_duration_since(Instant::now()),
                max_wait: plan.max_wait,
                budget: plan.budget.left(),
                random: random(),
            };
            let Some(Retry { wait, cost }) = decide(plan.class, plan.policy, failed, state) else {
                return (Err(error), history);
            };
            token_refreshed |= failed.class == FailureClass::TokenRejected;
            sleep(wait).await;
            // A sleep may end a little late, when there is no time left to send anything, and others may have spent the budget
            // meanwhile. It is taken only now, so that a call that is dropped while it waits has paid for nothing.
            if Instant::now() >= plan.deadline || !plan.budget.take(cost) {
                return (Err(error), history);
            }
            last_cost = cost;
            waited = wait;
            on_retry(history.attempts, wait, &error);
        }
    }
}

#[cfg(test)]
mod tests;
