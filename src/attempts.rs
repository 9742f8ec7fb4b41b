use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

use crate::budget::RetryBudget;
use crate::retry::{Decision, Failed, Outcome, RetryClass, RetryPolicy, Seen, Standing, decide};

/// The rules that one call is made under.
pub(crate) struct Plan<'a> {
    pub(crate) class: RetryClass,
    pub(crate) policy: &'a RetryPolicy,
    pub(crate) budget: &'a RetryBudget,
    pub(crate) deadline: Instant,
    pub(crate) attempt_timeout: Duration,
}

/// What the attempts of a call amounted to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct History {
    pub(crate) attempts: u32,
    pub(crate) outcome: Outcome,
}

impl History {
    pub(crate) const NOTHING_SENT: Self = Self { attempts: 0, outcome: Outcome::NotApplied };
}

/// An attempt that was no success, with whatever the caller wants to know of it.
pub(crate) struct Failure<E> {
    pub(crate) failed: Failed,
    pub(crate) detail: E,
}

/// Makes attempts until one succeeds or no other is allowed. The only loop there is.
///
/// `attempt` is given the time at which it must have ended, and ends by then on its own account: it alone knows whether
/// anything was sent.
pub(crate) async fn run<T, E, A, S>(
    plan: &Plan<'_>,
    mut attempt: impl FnMut(Instant) -> A,
    sleep: impl Fn(Duration) -> S,
    mut random: impl FnMut() -> f64,
    mut on_retry: impl FnMut(u32, Duration, &E),
) -> (Result<T, E>, History)
where
    A: Future<Output = Result<T, Failure<E>>>,
    S: Future<Output = ()>,
{
    let mut history = History::NOTHING_SENT;
    let mut refreshed = false;
    let mut last_cost = 0;
    loop {
        let now = Instant::now();
        history.attempts += 1;
        let end = now.checked_add(plan.attempt_timeout).map_or(plan.deadline, |end| end.min(plan.deadline));
        let Failure { failed, detail } = match attempt(end).await {
            Ok(success) => {
                plan.budget.succeeded(last_cost);
                return (Ok(success), history);
            }
            Err(failure) => failure,
        };
        if failed.seen == Seen::NotSent {
            history.attempts -= 1;
        }
        history.outcome = history.outcome.max(failed.seen.outcome());
        let standing = Standing {
            attempt: history.attempts,
            refreshed,
            time_left: plan.deadline.saturating_duration_since(Instant::now()),
            budget: plan.budget.left(),
            random: random(),
        };
        let Decision::Retry { wait, cost } = decide(plan.class, plan.policy, failed, standing) else {
            return (Err(detail), history);
        };
        let Some(spent) = plan.budget.take(cost) else { return (Err(detail), history) };
        refreshed |= failed.seen == Seen::TokenRefused;
        on_retry(history.attempts, wait, &detail);
        sleep(wait).await;
        // A sleep may end a little late, and then there is no time left to send anything.
        if Instant::now() >= plan.deadline {
            return (Err(detail), history);
        }
        last_cost = spent.sent();
    }
}

#[cfg(test)]
mod tests;
