use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::task::{Context, Waker};

use proptest::prelude::*;
use tokio::time::sleep;

use super::*;
use crate::retry::budget::{CAPACITY, RETRY_COST, TIMEOUT_COST};
use crate::retry::policy::PHYSICAL_MAX_WAIT;

const CLASSES: [RetryClass; 4] =
    [RetryClass::Safe, RetryClass::Idempotent, RetryClass::AtMostOnce, RetryClass::NoRetry];

/// What the service does to one attempt.
#[derive(Clone, Copy, Debug)]
struct Behaviour {
    /// Nothing where it succeeds.
    failure: Option<FailureClass>,
    /// Whether it carries the command out, where the failure leaves that open.
    acts: bool,
    takes: Duration,
    retry_after: Option<Duration>,
}

/// What happened in one attempt, and after how long it began.
#[derive(Clone, Copy, Debug)]
struct Made {
    behaviour: Behaviour,
    failure: Option<FailureClass>,
    timed_out: bool,
    began: Duration,
    ended: Duration,
}

impl Made {
    fn acted(&self) -> bool {
        match self.failure {
            None | Some(FailureClass::ResponseLost | FailureClass::ResponseUnreadable) => true,
            Some(FailureClass::MayHaveActed | FailureClass::Inconclusive) => self.behaviour.acts,
            _ => false,
        }
    }
}

struct Run {
    made: Vec<Made>,
    history: CallHistory,
    succeeded: bool,
    took: Duration,
    budget: u32,
}

/// The terms of a call.
#[derive(Clone, Debug)]
struct Terms {
    class: RetryClass,
    policy: RetryPolicy,
    timeout: Duration,
    attempt_timeout: Duration,
    max_wait: Option<Duration>,
    /// What others have left of the budget.
    budget: u32,
}

/// The error of an attempt, which here is nothing but what the decision needs to know of it.
fn failed(class: FailureClass) -> FailedAttempt {
    FailedAttempt { class, timed_out: false, retry_after: None }
}

/// A plan in which only the budget and the number of attempts end a call.
fn patient_plan<'a>(policy: &'a RetryPolicy, budget: &'a RetryBudget, deadline: Instant) -> RetryPlan<'a> {
    RetryPlan { class: RetryClass::Safe, policy, budget, deadline, attempt_timeout: Duration::MAX, max_wait: None }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

/// Makes a call on a clock that stands still but for waits. The last behaviour stays.
fn make(terms: &Terms, script: &[Behaviour], random: f64) -> Run {
    runtime().block_on(async {
        let budget = RetryBudget::new();
        assert!(budget.take(CAPACITY - terms.budget));
        let started = Instant::now();
        let deadline = started + terms.timeout;
        let Terms { class, policy, attempt_timeout, max_wait, .. } = terms;
        let plan = RetryPlan {
            class: *class,
            policy,
            budget: &budget,
            deadline,
            attempt_timeout: *attempt_timeout,
            max_wait: *max_wait,
        };
        let made = RefCell::new(Vec::new());
        let attempt = async |NextAttempt { end, .. }| {
            let began = started.elapsed();
            let number = made.borrow().len();
            let behaviour = script[number.min(script.len() - 1)];
            let timed_out = Instant::now() + behaviour.takes > end;
            let failure = if timed_out { Some(FailureClass::MayHaveActed) } else { behaviour.failure };
            sleep(behaviour.takes.min(end - Instant::now())).await;
            let ended = started.elapsed();
            made.borrow_mut().push(Made { behaviour, failure, timed_out, began, ended });
            let retry_after = if timed_out { None } else { behaviour.retry_after };
            match failure {
                None => Ok(()),
                Some(class) => Err(FailedAttempt { class, timed_out, retry_after }),
            }
        };
        let (result, history) = retry_loop(&plan, attempt, |failed| *failed, sleep, || random, |_, _, _| {}).await;
        let took = started.elapsed();
        let made = made.into_inner();
        Run { made, history, succeeded: result.is_ok(), took, budget: budget.left() }
    })
}

fn behaviours() -> impl Strategy<Value = Vec<Behaviour>> {
    let failure = prop_oneof![
        1 => Just(None),
        6 => prop::sample::select(vec![
            FailureClass::NotConnected, FailureClass::RateLimited, FailureClass::TokenRejected, FailureClass::MayHaveActed, FailureClass::ResponseLost,
            FailureClass::ResponseUnreadable, FailureClass::Rejected, FailureClass::Inconclusive, FailureClass::NotSent,
        ]).prop_map(Some),
    ];
    let millis = |most: u64| (0..most).prop_map(Duration::from_millis);
    let behaviour = (failure, any::<bool>(), millis(20_000), prop::option::weighted(0.3, millis(60_000)));
    let behaviour =
        behaviour.prop_map(|(failure, acts, takes, retry_after)| Behaviour { failure, acts, takes, retry_after });
    prop::collection::vec(behaviour, 1..8)
}

fn terms() -> impl Strategy<Value = Terms> {
    let millis = |most: u64| (0..most).prop_map(Duration::from_millis);
    let policy = (0..8_u32, millis(2_000), millis(10_000)).prop_map(|(attempts, base, max)| {
        RetryPolicy::default().max_attempts(attempts).base_delay(base).max_delay(max)
    });
    let class = prop::sample::select(CLASSES.to_vec());
    let max_wait = prop::option::of(Just(PHYSICAL_MAX_WAIT));
    (class, policy, millis(90_000), millis(30_000), max_wait, 0..=CAPACITY).prop_map(
        |(class, policy, timeout, attempt_timeout, max_wait, budget)| Terms {
            class,
            policy,
            timeout,
            attempt_timeout,
            max_wait,
            budget,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn call_keeps_its_promises_whatever_each_attempt_meets(terms in terms(), script in behaviours(), random in 0.0..1.0_f64) {
        let run = make(&terms, &script, random);
        let harmless = matches!(terms.class, RetryClass::Safe | RetryClass::Idempotent);
        let sent: Vec<_> = run.made.iter().filter(|made| made.failure != Some(FailureClass::NotSent)).collect();
        prop_assert!(u32::try_from(sent.len()).unwrap() <= terms.policy.max_attempts);
        prop_assert_eq!(usize::try_from(run.history.attempts).unwrap(), sent.len());
        prop_assert!(run.took <= terms.timeout + Duration::from_millis(50), "{:?}", run.took);
        prop_assert_eq!(run.succeeded, run.made.last().unwrap().failure.is_none());

        let mut spent = 0;
        let mut last_cost = 0;
        for (number, pair) in run.made.windows(2).enumerate() {
            let [before, next] = [pair[0], pair[1]];
            let failure = before.failure.unwrap();
            let may_have_acted = !matches!(failure, FailureClass::NotConnected | FailureClass::RateLimited | FailureClass::TokenRejected);
            prop_assert!(harmless || !may_have_acted, "it was retried after {before:?}");
            prop_assert!(terms.class != RetryClass::NoRetry || failure != FailureClass::RateLimited, "it was retried during a lock-out");
            let wait = next.began.saturating_sub(before.ended);
            let asked = if before.timed_out { None } else { before.behaviour.retry_after };
            prop_assert!(wait >= asked.unwrap_or_default(), "waited {wait:?} where {asked:?} was asked");
            let doubled = terms.policy.base_delay.saturating_mul(1 << number);
            let longest = doubled.min(terms.policy.max_delay).max(asked.unwrap_or_default());
            // A timer counts in whole milliseconds.
            prop_assert!(wait <= longest + Duration::from_millis(1), "waited {wait:?}, longer than {longest:?}");
            let allowed = terms.max_wait.unwrap_or(Duration::MAX).saturating_add(Duration::from_millis(1));
            prop_assert!(wait <= allowed, "waited {wait:?}, longer than {:?}", terms.max_wait);
            last_cost = match failure {
                FailureClass::TokenRejected => 0,
                _ if before.timed_out => TIMEOUT_COST,
                _ => RETRY_COST,
            };
            spent += last_cost;
        }
        prop_assert!(run.made.windows(2).filter(|pair| pair[0].failure == Some(FailureClass::TokenRejected)).count() <= 1);
        prop_assert!(spent <= terms.budget);
        let gained = if run.succeeded { last_cost.max(1) } else { 0 };
        prop_assert_eq!(run.budget, (terms.budget - spent + gained).min(CAPACITY));

        if !run.succeeded {
            let acted = run.made.iter().any(Made::acted);
            prop_assert!(run.history.outcome != Outcome::NotApplied || !acted, "it acted: {:?}", run.made);
            prop_assert!(run.history.outcome != Outcome::Applied || acted, "it did not act: {:?}", run.made);
        }
    }

    /// A call that is dropped, wherever it stands, has paid for no retry that it did not make.
    #[test]
    fn dropped_call_has_paid_only_for_the_retries_it_made(after in 0..6_usize, class in prop::sample::select(vec![FailureClass::NotConnected, FailureClass::MayHaveActed])) {
        let budget = RetryBudget::new();
        let policy = RetryPolicy::default();
        let deadline = Instant::now() + Duration::from_secs(3600);
        let plan = patient_plan(&policy, &budget, deadline);
        let attempts = Cell::new(0_u32);
        let attempt = async |_| {
            attempts.set(attempts.get() + 1);
            yields_once().await;
            Err::<(), _>(failed(class))
        };
        {
            let mut call = pin!(retry_loop(&plan, attempt, |failed| *failed, |_| yields_once(), || 0.5, |_, _, _| {}));
            for _ in 0..after {
                if call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
                    break;
                }
            }
        }
        let retries = attempts.get().saturating_sub(1);
        prop_assert_eq!(budget.left(), CAPACITY - retries * RETRY_COST);
    }
}

async fn yields_once() {
    let mut waited = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut waited, true) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

#[test]
fn retry_is_not_made_when_others_spent_the_budget_during_the_wait() {
    let (budget, policy) = (RetryBudget::new(), RetryPolicy::default());
    assert!(budget.take(CAPACITY - RETRY_COST));
    let (attempts, retries) = (Cell::new(0_u32), Cell::new(0_u32));
    runtime().block_on(async {
        let deadline = Instant::now() + Duration::from_secs(45);
        let plan = patient_plan(&policy, &budget, deadline);
        let attempt = async |_| {
            attempts.set(attempts.get() + 1);
            Err::<(), _>(failed(FailureClass::NotConnected))
        };
        let others = async |_| assert!(budget.take(RETRY_COST));
        let (result, history) =
            retry_loop(&plan, attempt, |failed| *failed, others, || 0.5, |_, _, _| retries.set(retries.get() + 1))
                .await;
        assert!(result.is_err());
        assert_eq!(history.attempts, 1);
    });
    assert_eq!((attempts.get(), retries.get(), budget.left()), (1, 0, 0));
}

#[test]
fn no_attempt_begins_after_the_deadline() {
    let timeout = Duration::from_millis(100);
    // A timer counts in whole milliseconds: this wait ends with the time, and not before.
    let retry_after = Some(timeout.saturating_sub(Duration::from_micros(1)));
    let rejected =
        Behaviour { failure: Some(FailureClass::RateLimited), acts: false, takes: Duration::ZERO, retry_after };
    let policy = RetryPolicy::default();
    let terms = Terms {
        class: RetryClass::AtMostOnce,
        policy,
        timeout,
        attempt_timeout: timeout,
        max_wait: None,
        budget: CAPACITY,
    };
    let run = make(&terms, &[rejected], 0.0);
    assert_eq!((run.made.len(), run.history.outcome, run.budget), (1, Outcome::NotApplied, CAPACITY));
}

#[test]
fn service_that_fails_every_call_gets_one_attempt_per_call_once_the_budget_is_spent() {
    let (budget, policy) = (RetryBudget::new(), RetryPolicy::default());
    let sent = Cell::new(0_u32);
    let calls = 10_000;
    runtime().block_on(async {
        for _ in 0..calls {
            let deadline = Instant::now() + Duration::from_secs(45);
            let plan = patient_plan(&policy, &budget, deadline);
            let attempt = async |_| {
                sent.set(sent.get() + 1);
                Err::<(), _>(failed(FailureClass::MayHaveActed))
            };
            let _ = retry_loop(&plan, attempt, |failed| *failed, sleep, || 0.5, |_, _, _| {}).await;
        }
    });
    assert_eq!(sent.get() - calls, CAPACITY / RETRY_COST, "retries beyond what the budget pays for");
}
