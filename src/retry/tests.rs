use proptest::prelude::*;

use super::*;

const CLASSES: [RetryClass; 4] = [RetryClass::Safe, RetryClass::Repeatable, RetryClass::Once, RetryClass::Never];

fn failed(seen: Seen) -> Failed {
    Failed { seen, timed_out: false, retry_after: None }
}

/// The first attempt has failed, and everything else is plentiful.
fn standing() -> Standing {
    Standing { attempt: 1, refreshed: false, time_left: Duration::from_secs(45), budget: 500, random: 0.5 }
}

fn retries(class: RetryClass, failed: Failed, standing: Standing) -> bool {
    decide(class, &RetryPolicy::default(), failed, standing).is_some()
}

#[test]
fn every_row_of_the_table() {
    // What came back, and whether safe, repeatable, once and never send again.
    let rows = [
        (Seen::NeverArrived, [true, true, true, true]),
        (Seen::RateLimited, [true, true, true, false]),
        (Seen::TokenRefused, [true, true, true, true]),
        (Seen::MayHaveActed, [true, true, false, false]),
        (Seen::AnswerLost, [true, true, false, false]),
        (Seen::Unreadable, [false; 4]),
        (Seen::Refused, [false; 4]),
        (Seen::Unclear, [false; 4]),
        (Seen::NotSent, [false; 4]),
    ];
    for (seen, expected) in rows {
        assert_eq!(CLASSES.map(|class| retries(class, failed(seen), standing())), expected, "{seen:?}");
    }
}

#[test]
fn every_status_says_what_the_table_says() {
    for status in 100..=999 {
        let expected = match status {
            521 | 523 | 525 | 526 => Seen::NeverArrived,
            429 => Seen::RateLimited,
            408 | 500 | 502 | 503 | 504 | 520 | 522 | 524 => Seen::MayHaveActed,
            400..=499 => Seen::Refused,
            _ => Seen::Unclear,
        };
        assert_eq!(Seen::of_status(status, false), expected, "{status}");
        let refreshable = if status == 401 { Seen::TokenRefused } else { expected };
        assert_eq!(Seen::of_status(status, true), refreshable, "{status} with a token that can be refreshed");
    }
}

#[test]
fn only_what_surely_did_nothing_counts_as_not_applied() {
    for seen in [Seen::NeverArrived, Seen::RateLimited, Seen::TokenRefused, Seen::Refused, Seen::NotSent] {
        assert_eq!(seen.outcome(), Outcome::NotApplied, "{seen:?}");
    }
    for seen in [Seen::MayHaveActed, Seen::Unclear] {
        assert_eq!(seen.outcome(), Outcome::Unknown, "{seen:?}");
    }
    for seen in [Seen::AnswerLost, Seen::Unreadable] {
        assert_eq!(seen.outcome(), Outcome::Applied, "{seen:?}");
    }
}

#[test]
fn a_token_is_refreshed_once() {
    for class in CLASSES {
        let again = Standing { refreshed: true, ..standing() };
        assert!(!retries(class, failed(Seen::TokenRefused), again), "{class:?}");
    }
}

#[test]
fn a_new_token_waits_for_nothing_but_what_the_service_asks() {
    let policy = RetryPolicy::default();
    let free = Some(Retry { wait: Duration::ZERO, cost: 0 });
    let nothing_left = Standing { budget: 0, ..standing() };
    assert_eq!(decide(RetryClass::Once, &policy, failed(Seen::TokenRefused), nothing_left), free);
    let asked = Failed { retry_after: Some(Duration::from_secs(2)), ..failed(Seen::TokenRefused) };
    let wait = Duration::from_secs(2);
    assert_eq!(decide(RetryClass::Once, &policy, asked, standing()), Some(Retry { wait, cost: 0 }));
    let late = Standing { time_left: Duration::ZERO, ..standing() };
    assert!(!retries(RetryClass::Once, failed(Seen::TokenRefused), late), "there is no time left for it");
}

#[test]
fn retry_after_is_a_floor() {
    let policy = RetryPolicy::default();
    for (asked, wait) in [(0, 100), (50, 100), (3000, 3000), (44_999, 44_999)] {
        let asked = Failed { retry_after: Some(Duration::from_millis(asked)), ..failed(Seen::RateLimited) };
        let wait = Duration::from_millis(wait);
        let expected = Some(Retry { wait, cost: RETRY_COST });
        assert_eq!(decide(RetryClass::Safe, &policy, asked, standing()), expected);
    }
}

#[test]
fn a_wait_that_ends_with_the_time_ends_the_call_at_once() {
    for asked in [Duration::from_secs(45), Duration::from_secs(46), Duration::MAX] {
        let asked = Failed { retry_after: Some(asked), ..failed(Seen::RateLimited) };
        assert!(!retries(RetryClass::Safe, asked, standing()), "{asked:?}");
    }
    let late = Standing { time_left: Duration::from_millis(100), ..standing() };
    assert!(!retries(RetryClass::Safe, failed(Seen::NeverArrived), late));
}

#[test]
fn a_time_out_costs_twice_as_much_and_nothing_is_retried_on_credit() {
    let timed_out = Failed { timed_out: true, ..failed(Seen::MayHaveActed) };
    for (failure, cost) in [(failed(Seen::MayHaveActed), 5), (timed_out, 10)] {
        let with = |budget| retries(RetryClass::Safe, failure, Standing { budget, ..standing() });
        assert!(with(cost) && !with(cost - 1), "{failure:?}");
    }
}

#[test]
fn the_policy_sets_the_number_of_attempts_and_cannot_set_none() {
    for (attempts, allowed) in [(0, 1), (1, 1), (2, 2), (7, 7)] {
        let policy = RetryPolicy::default().max_attempts(attempts);
        let last = (1..20).find(|attempt| {
            let standing = Standing { attempt: *attempt, ..standing() };
            decide(RetryClass::Safe, &policy, failed(Seen::NeverArrived), standing).is_none()
        });
        assert_eq!(last, Some(allowed), "{attempts}");
    }
}

#[test]
fn waits_double_up_to_the_longest() {
    let policy = RetryPolicy::default();
    let longest = [1, 2, 3, 4, 5, 6, 32, 33, u32::MAX].map(|attempt| policy.backoff(attempt, 1.0).as_millis());
    assert_eq!(longest, [200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000]);
    assert_eq!(policy.backoff(1, 0.0), Duration::ZERO);
    let policy = policy.base_delay(Duration::from_secs(1)).max_delay(Duration::from_secs(3));
    assert_eq!([1, 2, 3].map(|attempt| policy.backoff(attempt, 1.0).as_secs()), [1, 2, 3]);
}

/// Of every magnitude: most of all durations are longer than the universe is old.
fn delay() -> impl Strategy<Value = Duration> {
    (any::<Duration>(), 1..96_u32).prop_map(|(delay, halved)| delay.div_f64(2_f64.powi(halved.cast_signed())))
}

proptest! {
    #[test]
    fn a_wait_stays_in_its_bounds(
        base in delay(), max in delay(), attempt in prop_oneof![1..100_u32, 1..u32::MAX],
        random in 0.0..1.0_f64,
    ) {
        let policy = RetryPolicy::default().base_delay(base).max_delay(max);
        let wait = policy.backoff(attempt, random);
        prop_assert!(wait <= max, "{wait:?}");
        prop_assert!(wait <= base.saturating_mul(1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX)), "{wait:?}");
    }
}
