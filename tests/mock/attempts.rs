//! The record of what has arrived.

use std::time::{Duration, Instant};

use spkey::mock::{MockSpKey, any};
use spkey::types::CommandResult;
use spkey::{RetryPolicy, reqwest};

use crate::USER;

#[tokio::test]
async fn attempts_are_recorded_in_order_with_their_times() {
    let mock = MockSpKey::start().await;
    let policy = RetryPolicy::default().base_delay(Duration::ZERO);
    let spkey = mock.client().with_retry(policy);
    let latency = Duration::from_millis(100);
    mock.given(spkey.set_owner(any()))
        .fail(503, "down")
        .delay(latency)
        .drop_connection()
        .respond_with(CommandResult::default())
        .expect(3);
    let before = Instant::now();
    spkey.set_owner(7).user_id(USER).header("x-trace", "t").send().await.unwrap();
    let attempts = mock.attempts();
    let seen: Vec<_> =
        attempts.iter().map(|attempt| (attempt.operation(), attempt.method(), attempt.target())).collect();
    assert_eq!(seen, [(Some("set_owner"), "POST", "/locks/7/SetOwner"); 3]);
    let times: Vec<_> = attempts.iter().map(spkey::mock::RecordedAttempt::at).collect();
    assert!(before <= times[0] && times[1] - times[0] >= latency, "it is recorded as it arrives, before its delay");
    assert!(times.is_sorted() && times[2] <= Instant::now());
    for attempt in &attempts {
        assert_eq!(attempt.headers()["x-trace"], "t");
        assert_eq!(String::from_utf8_lossy(attempt.body()), format!(r#"{{"userId":"{USER}"}}"#));
    }
}

#[tokio::test]
async fn attempts_without_a_stub_or_credentials_are_recorded_too() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    spkey.get_residents(1).send().await.unwrap_err();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for path in ["/locks/1/residents?x=1", "/moon"] {
        http.get(mock.uri() + path).send().await.unwrap();
    }
    let attempts = mock.attempts();
    let seen: Vec<_> = attempts.iter().map(|attempt| (attempt.operation(), attempt.target())).collect();
    let residents = Some("get_residents");
    assert_eq!(seen, [(residents, "/locks/1/residents"), (residents, "/locks/1/residents?x=1"), (None, "/moon")]);
    assert!(!format!("{attempts:?}").contains("made-up.bearer.token"));
    mock.finish().unwrap_err();
}
