//! Commands that move something physical do not wait long for a retry: a door must not open half a minute later.

use std::time::Duration;

use spkey::{Client, Error, ErrorKind, Operation, Outcome, RetryClass};

use crate::support::behaviour::Behaviour;
use crate::support::calls::{call, client};
use crate::support::{Server, closed_port};

async fn server(status: u16, retry_after: u64) -> Server {
    Server::start([Behaviour::with_header(status, &format!("retry-after: {retry_after}")), Behaviour::good()]).await
}

async fn open(client: &Client) -> Result<(), Error> {
    client.open_lock(123).send().await.map(drop)
}

#[tokio::test]
async fn open_lock_is_retried_after_a_short_retry_after() {
    let server = server(429, 1).await;
    let started = std::time::Instant::now();
    open(&client(server.url())).await.unwrap();
    assert_eq!(server.requests().len(), 2);
    assert!(started.elapsed() >= Duration::from_secs(1), "the wait that the service asked for was not kept");
}

#[tokio::test]
async fn open_lock_is_not_retried_after_a_long_retry_after() {
    for seconds in [6, 30] {
        let server = server(429, seconds).await;
        let error = open(&client(server.url())).await.unwrap_err();
        assert_eq!((error.kind(), error.status(), error.attempts()), (ErrorKind::Api, Some(429), 1));
        assert_eq!(error.outcome(), Outcome::NotApplied);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
        assert!(error.elapsed() < Duration::from_secs(1), "it waited for a retry that it did not make");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn grant_waits_for_a_long_retry_after() {
    let server = server(429, 30).await;
    let client = client(server.url());
    let waiting = tokio::time::timeout(Duration::from_millis(500), call(&client, RetryClass::AtMostOnce)).await;
    assert!(waiting.is_err(), "the limit is for what moves something physical alone: {waiting:?}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn open_lock_is_retried_without_connection_and_never_after_it_may_have_acted() {
    let error = open(&client(&closed_port().await)).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Connect, Outcome::NotApplied, 3));
    for status in [500, 503, 521, 523, 525, 526] {
        let server = server(status, 0).await;
        let error = open(&client(server.url())).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{status}");
        assert_eq!(server.requests().len(), 1, "{status}: it was delivered again");
    }
}

#[test]
fn every_operation_that_opens_something_is_physical() {
    let physical = Operation::all().iter().filter(|operation| operation.physical);
    let physical: Vec<_> = physical.map(|operation| operation.id).collect();
    for id in ["open_lock", "open_lock_with_pin", "open_temp_key", "open_temp_key_door", "send_hub_command"] {
        assert!(physical.contains(&id), "{id}: {physical:?}");
    }
    for operation in Operation::all().iter().filter(|operation| operation.id.starts_with("open_")) {
        assert!(operation.physical, "{}", operation.id);
    }
    for operation in Operation::all().iter().filter(|operation| operation.physical) {
        let class = operation.retry;
        assert!(matches!(class, RetryClass::AtMostOnce | RetryClass::NoRetry), "{}: {class}", operation.id);
    }
}
