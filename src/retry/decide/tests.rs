use super::*;
use crate::retry::policy::PHYSICAL_MAX_WAIT;

const CLASSES: [RetryClass; 4] =
    [RetryClass::Safe, RetryClass::Idempotent, RetryClass::AtMostOnce, RetryClass::NoRetry];

fn failed(class: FailureClass) -> FailedAttempt {
    FailedAttempt { class, timed_out: false, retry_after: None }
}

fn failed_with_retry_after(class: FailureClass, retry_after: Duration) -> FailedAttempt {
    FailedAttempt { retry_after: Some(retry_after), ..failed(class) }
}

/// The first attempt has failed, and nothing else stands in the way of a retry.
fn state() -> CallState {
    let time_left = Duration::from_secs(45);
    CallState { attempt: 1, token_refreshed: false, time_left, max_wait: None, budget: 500, random: 0.5 }
}

fn retries(class: RetryClass, failed: FailedAttempt, state: CallState) -> bool {
    decide(class, &RetryPolicy::default(), failed, state).is_some()
}

#[test]
fn every_failure_is_retried_as_in_the_table() {
    // What the failure proves, and whether safe, idempotent, at-most-once and no-retry operations are retried.
    let rows = [
        (FailureClass::NotConnected, [true, true, true, true]),
        (FailureClass::RateLimited, [true, true, true, false]),
        (FailureClass::TokenRejected, [true, true, true, true]),
        (FailureClass::MayHaveActed, [true, true, false, false]),
        (FailureClass::ResponseLost, [true, true, false, false]),
        (FailureClass::ResponseUnreadable, [false; 4]),
        (FailureClass::Rejected, [false; 4]),
        (FailureClass::Inconclusive, [false; 4]),
        (FailureClass::NotSent, [false; 4]),
    ];
    for (class, expected) in rows {
        assert_eq!(CLASSES.map(|retry| retries(retry, failed(class), state())), expected, "{class:?}");
    }
}

fn retried_after_status(status: u16) -> [bool; 4] {
    CLASSES.map(|class| retries(class, failed(FailureClass::of_status(status, false)), state()))
}

#[test]
fn status_503_is_retried_only_if_idempotent_even_with_retry_after() {
    assert_eq!(retried_after_status(503), [true, true, false, false]);
    let asked = failed_with_retry_after(FailureClass::of_status(503, false), Duration::from_secs(1));
    assert_eq!(CLASSES.map(|class| retries(class, asked, state())), [true, true, false, false]);
}

#[test]
fn edge_status_without_origin_is_retried_only_if_idempotent() {
    for status in [521, 523, 525, 526] {
        assert_eq!(retried_after_status(status), [true, true, false, false], "{status}");
    }
}

#[test]
fn rejected_token_is_refreshed_once_per_call() {
    for class in CLASSES {
        let refreshed = CallState { token_refreshed: true, ..state() };
        assert!(!retries(class, failed(FailureClass::TokenRejected), refreshed), "{class:?}");
    }
}

#[test]
fn retry_with_a_new_token_is_free_and_waits_only_for_retry_after() {
    let policy = RetryPolicy::default();
    let free = Some(Retry { wait: Duration::ZERO, cost: 0 });
    let nothing_left = CallState { budget: 0, ..state() };
    assert_eq!(decide(RetryClass::AtMostOnce, &policy, failed(FailureClass::TokenRejected), nothing_left), free);
    let wait = Duration::from_secs(2);
    let asked = failed_with_retry_after(FailureClass::TokenRejected, wait);
    assert_eq!(decide(RetryClass::AtMostOnce, &policy, asked, state()), Some(Retry { wait, cost: 0 }));
    let late = CallState { time_left: Duration::ZERO, ..state() };
    assert!(
        !retries(RetryClass::AtMostOnce, failed(FailureClass::TokenRejected), late),
        "there is no time left for it"
    );
}

#[test]
fn retry_after_is_a_floor() {
    let policy = RetryPolicy::default();
    for (asked, wait) in [(0, 100), (50, 100), (3000, 3000), (44_999, 44_999)] {
        let asked = failed_with_retry_after(FailureClass::RateLimited, Duration::from_millis(asked));
        let wait = Duration::from_millis(wait);
        let expected = Some(Retry { wait, cost: RETRY_COST });
        assert_eq!(decide(RetryClass::Safe, &policy, asked, state()), expected);
    }
}

#[test]
fn wait_past_the_deadline_ends_the_call_at_once() {
    for asked in [Duration::from_secs(45), Duration::from_secs(46), Duration::MAX] {
        let asked = failed_with_retry_after(FailureClass::RateLimited, asked);
        assert!(!retries(RetryClass::Safe, asked, state()), "{asked:?}");
    }
    let late = CallState { time_left: Duration::from_millis(100), ..state() };
    assert!(!retries(RetryClass::Safe, failed(FailureClass::NotConnected), late));
}

#[test]
fn wait_longer_than_allowed_ends_the_call() {
    let physical = CallState { max_wait: Some(PHYSICAL_MAX_WAIT), ..state() };
    for (class, failure) in [
        (RetryClass::AtMostOnce, FailureClass::RateLimited),
        (RetryClass::Idempotent, FailureClass::MayHaveActed),
        (RetryClass::AtMostOnce, FailureClass::TokenRejected),
    ] {
        let with = |wait, state| retries(class, failed_with_retry_after(failure, wait), state);
        assert!(with(Duration::from_secs(5), physical), "{failure:?}");
        assert!(!with(Duration::from_millis(5001), physical), "{failure:?}");
        assert!(with(Duration::from_millis(5001), state()), "{failure:?} of what moves nothing");
    }
    let slow = RetryPolicy::default().base_delay(Duration::from_secs(20)).max_delay(Duration::from_secs(20));
    let not_connected = failed(FailureClass::NotConnected);
    assert_eq!(decide(RetryClass::AtMostOnce, &slow, not_connected, physical), None, "by its own backoff");
    assert!(decide(RetryClass::AtMostOnce, &slow, not_connected, state()).is_some());
}

#[test]
fn retry_costs_5_or_10_after_a_time_out_and_is_never_made_on_credit() {
    let timed_out = FailedAttempt { timed_out: true, ..failed(FailureClass::MayHaveActed) };
    for (failure, cost) in [(failed(FailureClass::MayHaveActed), 5), (timed_out, 10)] {
        let with = |budget| retries(RetryClass::Safe, failure, CallState { budget, ..state() });
        assert!(with(cost) && !with(cost - 1), "{failure:?}");
    }
}

#[test]
fn policy_limits_the_number_of_attempts() {
    for (attempts, allowed) in [(0, 1), (1, 1), (2, 2), (7, 7)] {
        let policy = RetryPolicy::default().max_attempts(attempts);
        let last = (1..20).find(|attempt| {
            let state = CallState { attempt: *attempt, ..state() };
            decide(RetryClass::Safe, &policy, failed(FailureClass::NotConnected), state).is_none()
        });
        assert_eq!(last, Some(allowed), "{attempts}");
    }
}
