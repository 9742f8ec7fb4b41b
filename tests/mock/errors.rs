//! Errors and responses that are made without a server are as those of a call.

use std::time::Duration;

use spkey::mock::{self, MockSpKey, any};
use spkey::types::CommandResult;
use spkey::{ApiError, Error, ErrorKind, Outcome, RetryPolicy};

use crate::panic_of;

/// All that can be asked of an error, but for the time it took.
fn all(error: &Error) -> String {
    format!(
        "{error} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
        (error.kind(), error.outcome(), error.operation()),
        (error.status(), error.attempts(), error.retry_after(), error.request_id()),
        error.api().map(|api| (&api.error, &api.message, &api.code)),
        (error.is_not_found(), error.is_unauthorized(), error.is_forbidden(), error.is_conflict()),
        (error.is_rate_limited(), error.is_timeout(), error.is_connect()),
        error.headers().get("retry-after"),
        error.headers().get("x-request-id"),
        std::error::Error::source(error).is_some(),
        String::from_utf8_lossy(error.body()),
    )
}

#[tokio::test]
async fn error_of_a_status_is_that_of_a_call() {
    for (status, outcome) in [
        (400, Outcome::NotApplied),
        (401, Outcome::NotApplied),
        (403, Outcome::NotApplied),
        (404, Outcome::NotApplied),
        (409, Outcome::NotApplied),
        (429, Outcome::NotApplied),
        (500, Outcome::Unknown),
        (503, Outcome::Unknown),
        (521, Outcome::Unknown),
        (599, Outcome::Unknown),
    ] {
        let mock = MockSpKey::start().await;
        let spkey = mock.client().with_retry(RetryPolicy::none());
        let stub = mock.given(spkey.open_lock(any())).fail(status, "not now").header("retry-after", "7");
        stub.header("x-request-id", "r-1");
        let called = spkey.open_lock(1).send().await.unwrap_err();
        let made = mock::error("open_lock", outcome).status(status, "not now").header("retry-after", "7");
        assert_eq!(all(&made.header("x-request-id", "r-1").build()), all(&called));
    }
}

#[tokio::test]
async fn error_without_a_status_is_that_of_a_call() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client().with_retry(RetryPolicy::none());
    mock.given(spkey.open_lock(any())).delay(Duration::from_secs(60));
    let called = spkey.open_lock(1).timeout(Duration::from_millis(30)).send().await.unwrap_err();
    assert_eq!(all(&mock::error("open_lock", Outcome::Unknown).build()), all(&called));

    drop(mock);
    let called = spkey.open_lock(1).send().await.unwrap_err();
    let made = mock::error("open_lock", Outcome::NotApplied).build();
    assert_eq!(all(&made), all(&called).replace(" true ", " false "), "but for the cause");
}

#[test]
fn outcome_beyond_the_last_attempt_is_of_one_before() {
    let error = mock::error("set_owner", Outcome::Unknown).status(404, "no such lock").build();
    assert_eq!((error.outcome(), error.status(), error.attempts()), (Outcome::Unknown, Some(404), 2));
    let error = mock::error("set_owner", Outcome::Applied).kind(ErrorKind::Connect).build();
    assert_eq!((error.outcome(), error.kind(), error.attempts()), (Outcome::Applied, ErrorKind::Connect, 2));
}

#[test]
fn applied_error_has_the_status_of_a_success() {
    for kind in [ErrorKind::Decode, ErrorKind::TooLarge, ErrorKind::Transport, ErrorKind::Timeout] {
        let error = mock::error("open_lock", Outcome::Applied).kind(kind).build();
        assert_eq!((error.kind(), error.status(), error.attempts()), (kind, Some(200), 1));
    }
}

#[test]
fn error_before_anything_was_sent_has_no_attempt() {
    for kind in [ErrorKind::Request, ErrorKind::Credentials, ErrorKind::Pages] {
        let error = mock::error("open_lock", Outcome::NotApplied).kind(kind).build();
        assert_eq!((error.kind(), error.status(), error.attempts()), (kind, None, 0));
    }
}

#[test]
fn whole_error_of_the_service_can_be_given() {
    let mut api = ApiError::from("the request is malformed");
    api.code = Some("BAD".to_owned());
    let error = mock::error("create_user", Outcome::NotApplied).status(422, api).build();
    assert_eq!(error.api().unwrap().code.as_deref(), Some("BAD"));
    assert!(error.to_string().starts_with("create_user: 422 Unprocessable Entity: the request is malformed"));
}

#[test]
fn error_that_no_call_returns_panics_at_its_line() {
    let unknown = "there is no operation open_door: give the name of a method of the client";
    let line = line!() + 1;
    assert_eq!(panic_of(|| drop(mock::error("open_door", Outcome::Unknown))), (unknown.to_owned(), line));

    let acted = "503 Service Unavailable: not-applied is less than such an error says: give unknown or more";
    let made = || mock::error("open_lock", Outcome::NotApplied);
    let line = line!() + 1;
    assert_eq!(panic_of(|| drop(made().status(503, "down").build())), (acted.to_owned(), line));
    let decode = "decode: unknown is less than such an error says: give applied or more";
    let (message, _) = panic_of(|| drop(mock::error("open_lock", Outcome::Unknown).kind(ErrorKind::Decode).build()));
    assert_eq!(message, decode);

    let (message, _) = panic_of(|| drop(made().status(200, "fine")));
    assert_eq!(message, "200 is no error status: give one from 400 to 599");
    let (message, _) = panic_of(|| drop(made().header("retry after", "7")));
    assert_eq!(message, "retry after: a header cannot have that name or value");
}

#[test]
fn response_has_the_value_and_status_200() {
    let response = mock::response(CommandResult { version: Some(7.into()), ..Default::default() });
    assert_eq!((response.version, response.status().as_u16()), (Some(7.into()), 200));
    assert!(response.headers().is_empty() && response.ignored().is_empty());
}
