use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::Fault;
use crate::retry::budget::RetryBudget;
use crate::retry::{Outcome, Retry, RetryClass, RetryPolicy, Seen, Standing, decide};

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

/// Makes attempts until one succeeds or no other is allowed. The only loop there is.
///
/// `attempt` is given the time at which it must have ended, and ends by then on its own account: it alone knows whether
/// anything was sent.
pub(crate) async fn run<T, A, S>(
    plan: &Plan<'_>,
    mut attempt: impl FnMut(Instant) -> A,
    sleep: impl Fn(Duration) -> S,
    mut random: impl FnMut() -> f64,
    mut on_retry: impl FnMut(u32, Duration, &Fault),
) -> (Result<T, Box<Fault>>, History)
where
    A: Future<Output = Result<T, Box<Fault>>>,
    S: Future<Output = ()>,
{
    let mut history = History::NOTHING_SENT;
    let mut refreshed = false;
    let mut last_cost = 0;
    loop {
        let now = Instant::now();
        history.attempts += 1;
        let end = now + plan.attempt_timeout.min(plan.deadline.saturating_duration_since(now));
        let fault = match attempt(end).await {
            Ok(success) => {
                plan.budget.succeeded(last_cost);
                return (Ok(success), history);
            }
            Err(fault) => fault,
        };
        if fault.failed.seen == Seen::NotSent {
            history.attempts -= 1;
        }
        history.outcome = history.outcome.max(fault.failed.seen.outcome());
        let standing = Standing {
            attempt: history.attempts,
            refreshed,
            time_left: plan.deadline.saturating_duration_since(Instant::now()),
            budget: plan.budget.left(),
            random: random(),
        };
        let Some(Retry { wait, cost }) = decide(plan.class, plan.policy, fault.failed, standing) else {
            return (Err(fault), history);
        };
        refreshed |= fault.failed.seen == Seen::TokenRefused;
        sleep(wait).await;
        // A sleep may end a little late, when there is no time left to send anything, and others may have spent the budget
        // meanwhile. It is taken only now, so that a call that is dropped while it waits owes nothing.
        if Instant::now() >= plan.deadline || !plan.budget.take(cost) {
            return (Err(fault), history);
        }
        last_cost = cost;
        on_retry(history.attempts, wait, &fault);
    }
}

#[cfg(test)]
mod tests;
