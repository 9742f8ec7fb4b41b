//! What becomes of a call whose token is rejected.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use spkey::mock::wiremock::matchers::{any, header};
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};
use spkey::{BoxError, Client, ErrorKind, Outcome, RetryClass, Token};

use crate::{at_once, call, client, requests, server, success};

#[tokio::test]
async fn rejected_token_is_refreshed_once_and_the_call_retried() {
    for class in [RetryClass::Safe, RetryClass::Idempotent, RetryClass::AtMostOnce] {
        let server = MockServer::start().await;
        Mock::given(header("authorization", "Bearer token-2")).respond_with(success()).mount(&server).await;
        Mock::given(any()).respond_with(ResponseTemplate::new(401)).mount(&server).await;
        let fetched = Arc::new(AtomicU32::new(0));
        let client = with_numbered_tokens(&server, &fetched);
        call(&client, class).await.unwrap();
        assert_eq!((requests(&server).await, fetched.load(Ordering::Relaxed)), (2, 2), "{class:?}");
        call(&client, class).await.unwrap();
        assert_eq!((requests(&server).await, fetched.load(Ordering::Relaxed)), (3, 2), "{class:?}: it is cached");
    }
}

#[tokio::test]
async fn refreshed_token_that_is_rejected_ends_the_call() {
    let server = server(ResponseTemplate::new(401)).await;
    let fetched = Arc::new(AtomicU32::new(0));
    let error = call(&with_numbered_tokens(&server, &fetched), RetryClass::Safe).await.unwrap_err();
    assert_eq!((error.status(), error.outcome()), (Some(401), Outcome::NotApplied));
    assert_eq!((requests(&server).await, fetched.load(Ordering::Relaxed)), (2, 2));
}

fn with_numbered_tokens(server: &MockServer, fetched: &Arc<AtomicU32>) -> Client {
    let fetched = Arc::clone(fetched);
    let source = move || {
        let number = fetched.fetch_add(1, Ordering::Relaxed) + 1;
        async move { Ok::<_, BoxError>(Token::new(format!("token-{number}"))) }
    };
    Client::builder().base_url(server.uri()).token_source(source).retry(at_once()).build().unwrap()
}

#[tokio::test]
async fn admin_operation_without_the_admin_key_is_not_sent() {
    let server = server(ResponseTemplate::new(200)).await;
    let error = client(&server).backfill_threedeye().send().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Credentials, Outcome::NotApplied, 0));
    assert!(error.to_string().contains("give it to the client builder's `admin`"), "{error}");
    assert_eq!(requests(&server).await, 0);
}
