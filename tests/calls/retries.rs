//! Which responses are retried, how often and how soon, and what the outcome is in the end.

use std::time::Duration;

use spkey::mock::wiremock::matchers::any;
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};
use spkey::{ErrorKind, Outcome, RetryClass, RetryPolicy};

use crate::{CLASSES, at_once, call, client, requests, server, success};

#[tokio::test]
async fn each_status_is_retried_as_its_class_allows() {
    let may_have_acted = [408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526];
    let is_final = [300, 302, 307, 400, 401, 403, 404, 409, 410, 418, 422, 451, 501, 505, 507, 511, 530, 599];
    for (class, statuses, expected_attempts) in CLASSES.into_iter().flat_map(|class| {
        let repeats = matches!(class, RetryClass::Safe | RetryClass::Idempotent);
        [
            (class, &[429][..], if class == RetryClass::NoRetry { 1 } else { 3 }),
            (class, &may_have_acted[..], if repeats { 3 } else { 1 }),
            (class, &is_final[..], 1),
        ]
    }) {
        for &status in statuses {
            let server = server(ResponseTemplate::new(status)).await;
            let error = call(&client(&server), class).await.unwrap_err();
            assert_eq!(requests(&server).await, expected_attempts, "{class:?} {status}");
            assert_eq!(error.attempts() as usize, expected_attempts, "{class:?} {status}");
            assert_eq!((error.status(), error.kind()), (Some(status), ErrorKind::Api));
            let rejected = (400..500).contains(&status) && status != 408;
            let expected = if rejected { Outcome::NotApplied } else { Outcome::Unknown };
            assert_eq!(error.outcome(), expected, "{class:?} {status}");
        }
    }
}

#[tokio::test]
async fn outcome_is_unknown_after_an_earlier_attempt_that_may_have_acted() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(500)).up_to_n_times(1).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(404)).mount(&server).await;
    let error = call(&client(&server), RetryClass::Idempotent).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(404), 2));
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn success_after_transient_failures_is_returned() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(503)).up_to_n_times(2).mount(&server).await;
    Mock::given(any()).respond_with(success()).mount(&server).await;
    call(&client(&server), RetryClass::Safe).await.unwrap();
    assert_eq!(requests(&server).await, 3);
}

#[tokio::test]
async fn policy_of_a_variant_applies_to_that_variant_only() {
    let server = server(ResponseTemplate::new(503)).await;
    let client = client(&server);
    let error = call(&client.with_retry(RetryPolicy::none()), RetryClass::Safe).await.unwrap_err();
    assert_eq!((error.attempts(), requests(&server).await), (1, 1));
    let error = call(&client.with_retry(at_once().max_attempts(5)), RetryClass::Safe).await.unwrap_err();
    assert_eq!((error.attempts(), requests(&server).await), (5, 6));
    assert_eq!(call(&client, RetryClass::Safe).await.unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn retry_after_beyond_the_deadline_ends_the_call_at_once() {
    for value in ["3600", "3155760000", "99999999999999999999", "Tue, 31 Dec 2999 23:59:59 GMT"] {
        let server = server(ResponseTemplate::new(429).insert_header("retry-after", value)).await;
        let error = call(&client(&server), RetryClass::Safe).await.unwrap_err();
        assert_eq!(requests(&server).await, 1, "{value}");
        assert!(error.retry_after().unwrap() >= Duration::from_secs(3600), "{value}");
        assert!(error.elapsed() < Duration::from_secs(30), "{value}");
    }
}

#[tokio::test]
async fn malformed_retry_after_counts_as_missing() {
    for value in ["soon", "-1", "1.5", "0"] {
        let server = server(ResponseTemplate::new(429).insert_header("retry-after", value)).await;
        let error = call(&client(&server), RetryClass::Safe).await.unwrap_err();
        assert_eq!(requests(&server).await, 3, "{value}");
        assert_eq!(error.retry_after(), (value == "0").then_some(Duration::ZERO), "{value}");
    }
}

/// A door must not open half a minute later, unattended.
#[tokio::test]
async fn physical_operation_does_not_wait_longer_than_five_seconds() {
    let server = server(ResponseTemplate::new(429).insert_header("retry-after", "6")).await;
    let error = client(&server).open_lock(1).send().await.unwrap_err();
    assert_eq!((requests(&server).await, error.attempts()), (1, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(6)));
    assert!(error.elapsed() < Duration::from_secs(5), "{:?}", error.elapsed());
}
