//! API keys that come from a source, and are rotated while the program runs.

use std::sync::atomic::Ordering;
use std::time::Duration;

use spkey::mock::wiremock::matchers::header;
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};
use spkey::{Client, ErrorKind, Outcome, RetryClass, RetryPolicy, TokenSource};

use crate::support::Server;
use crate::support::behaviour::Behaviour;
use crate::support::calls::call;
use crate::{Counting, Fault, at_once, faulty};

/// A client whose API key comes from a source.
fn with_key_source(url: &str, source: impl TokenSource) -> Client {
    let policy = RetryPolicy::default().base_delay(Duration::ZERO);
    Client::builder().base_url(url).api_key_source(source).retry(policy).build().unwrap()
}

#[tokio::test]
async fn rotated_api_key_is_fetched_once_and_no_call_fails() {
    let server = MockServer::start().await;
    let accept = ResponseTemplate::new(200).set_body_string("{}");
    let valid = Mock::given(header("x-api-key", "token-0")).respond_with(accept.clone()).mount_as_scoped(&server).await;
    Mock::given(header("x-api-key", "token-1")).respond_with(accept).mount(&server).await;
    let reject = ResponseTemplate::new(401).set_body_string("{\"error\":\"no such key\"}");
    Mock::given(header("x-api-key", "token-0")).respond_with(reject).mount(&server).await;
    let source = Counting::default();
    let client = with_key_source(&server.uri(), source.clone());
    for result in at_once(&client, 50).await {
        result.unwrap();
    }
    assert_eq!(source.asked.load(Ordering::SeqCst), 1, "it is kept while it is valid");
    drop(valid);
    for result in at_once(&client, 200).await {
        result.unwrap();
    }
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn api_key_that_is_rejected_again_ends_the_call() {
    for class in [RetryClass::Safe, RetryClass::Idempotent, RetryClass::AtMostOnce] {
        let server = Server::start([Behaviour::status(401, "")]).await;
        let client = with_key_source(server.url(), Counting::default());
        let error = call(&client, class).await.unwrap_err();
        assert_eq!((error.status(), error.attempts(), error.outcome()), (Some(401), 2, Outcome::NotApplied));
        let keys = |number| format!("x-api-key: token-{number}\r\n");
        let sent: Vec<_> = server.requests().into_iter().map(|request| request.head).collect();
        assert!(sent[0].contains(&keys(0)) && sent[1].contains(&keys(1)), "{sent:?}");
    }
}

#[tokio::test]
async fn failing_source_of_keys_is_named_in_the_error() {
    for (fault, says) in [
        (Fault::Panic, "the API key source panicked"),
        (Fault::Hang, "the API key source gave nothing in time"),
        (Fault::LineBreak, "the API key has a space, a line break"),
        (Fault::Empty, "the API key is empty"),
        (Fault::Fail, "the API key source failed"),
    ] {
        let server = Server::start([Behaviour::good()]).await;
        let client = with_key_source(server.url(), faulty(fault, 1)).with_attempt_timeout(Duration::from_millis(200));
        let error = call(&client, RetryClass::AtMostOnce).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Credentials, Outcome::NotApplied), "{fault:?}");
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!(server.connections(), 0, "{fault:?}: something was sent");
    }
}
