//! Token sources that fail, calls that are dropped, and many calls at once: which calls fail, and which do not.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod api_keys;
#[path = "../support/mod.rs"]
mod support;

use std::future::pending;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use spkey::mock::wiremock::matchers::header;
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};
use spkey::{BoxError, Client, ErrorKind, Outcome, RetryClass, RetryPolicy, Token, TokenFuture, TokenSource};
use support::Server;
use support::behaviour::Behaviour;
use support::calls::{CLASSES, builder, call};
use tokio::task::{JoinSet, yield_now};

/// A source that counts how often it was asked, and takes a few turns to respond.
#[derive(Clone, Default)]
struct Counting {
    asked: Arc<AtomicU32>,
    lifetimes: &'static [Duration],
}

impl TokenSource for Counting {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            let number = self.asked.fetch_add(1, Ordering::SeqCst);
            for _ in 0..3 {
                yield_now().await;
            }
            let token = Token::new(format!("token-{number}"));
            Ok(match self.lifetimes.get(number as usize) {
                Some(lifetime) => token.expires_in(*lifetime),
                None => token,
            })
        })
    }
}

/// How many requests came with that token.
fn sent_with(server: &Server, token: &str) -> usize {
    let header = format!("authorization: Bearer {token}\r\n");
    server.requests().iter().filter(|request| request.head.contains(&header)).count()
}

async fn at_once(client: &Client, calls: usize) -> Vec<Result<Option<String>, spkey::Error>> {
    let mut all = JoinSet::new();
    for _ in 0..calls {
        let client = client.clone();
        all.spawn(async move { call(&client, RetryClass::AtMostOnce).await });
    }
    all.join_all().await
}

#[tokio::test]
async fn no_token_is_fetched_for_a_call_that_cannot_be_sent() {
    let server = Server::start([Behaviour::good()]).await;
    let source = Counting::default();
    let client = builder(server.url()).token_source(source.clone()).build().unwrap();
    let incomplete = client.set_organization(123).send().await.map(drop);
    let invalid = client.open_lock("front door").send().await.map(drop);
    let too_long = client.get_user_by_email().email("a".repeat(70_000)).send().await.map(drop);
    for (result, advice) in [
        (incomplete, "set it by `.org_id(..)`"),
        (invalid, "give a positive integer"),
        (too_long, "its URL is too long: send shorter values"),
    ] {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
        assert!(error.to_string().contains(advice), "{error}");
    }
    assert_eq!((source.asked.load(Ordering::SeqCst), server.requests().len()), (0, 0));
}

#[tokio::test]
async fn expired_token_is_refreshed_once_for_a_thousand_calls() {
    let server = Server::start([Behaviour::good()]).await;
    let source = Counting { lifetimes: &[Duration::ZERO], ..Counting::default() };
    let client = builder(server.url()).token_source(source.clone()).connect_timeout(Duration::from_secs(30));
    let client = client.attempt_timeout(Duration::from_secs(60)).timeout(Duration::from_secs(90)).build().unwrap();
    call(&client, RetryClass::AtMostOnce).await.unwrap();
    for result in at_once(&client, 1000).await {
        result.unwrap();
    }
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
    assert_eq!((sent_with(&server, "token-0"), sent_with(&server, "token-1")), (1, 1000));
}

#[tokio::test]
async fn rejected_token_is_refreshed_once_for_many_calls() {
    let server = MockServer::start().await;
    let reject = ResponseTemplate::new(401).set_body_string("{\"error\":\"revoked\"}");
    Mock::given(header("authorization", "Bearer token-0")).respond_with(reject).mount(&server).await;
    let accept = ResponseTemplate::new(200).set_body_string("{}");
    Mock::given(header("authorization", "Bearer token-1")).respond_with(accept).mount(&server).await;
    let source = Counting::default();
    let client = builder(&server.uri()).token_source(source.clone()).build().unwrap();
    for result in at_once(&client, 200).await {
        result.unwrap();
    }
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn token_that_is_rejected_again_ends_the_call() {
    for class in [RetryClass::Safe, RetryClass::Idempotent, RetryClass::AtMostOnce] {
        let server = Server::start([Behaviour::status(401, "{\"error\":\"revoked\"}")]).await;
        let client = builder(server.url()).token_source(Counting::default()).build().unwrap();
        let error = call(&client, class).await.unwrap_err();
        assert_eq!((error.status(), error.attempts(), error.outcome()), (Some(401), 2, Outcome::NotApplied));
        assert_eq!((sent_with(&server, "token-0"), sent_with(&server, "token-1")), (1, 1));
    }
}

#[tokio::test]
async fn service_that_rejects_every_token_does_not_cause_a_refresh_for_each_call() {
    let server = Server::start([Behaviour::status(401, "")]).await;
    let source = Counting::default();
    let client = builder(server.url()).token_source(source.clone()).build().unwrap();
    for calls in 0..10 {
        let error = call(&client, RetryClass::AtMostOnce).await.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(401), if calls == 0 { 2 } else { 1 }), "{calls}");
    }
    assert_eq!(source.asked.load(Ordering::SeqCst), 2, "one token, and one that replaced it");
    assert_eq!((sent_with(&server, "token-0"), sent_with(&server, "token-1")), (1, 10));
}

/// How a source fails.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Panic,
    Hang,
    LineBreak,
    Empty,
    Fail,
}

/// A source that fails that many times, and then returns a token.
fn faulty(fault: Fault, times: u32) -> impl TokenSource {
    let asked = AtomicU32::new(0);
    move || {
        let fails = asked.fetch_add(1, Ordering::SeqCst) < times;
        async move {
            match fault {
                _ if !fails => Ok(Token::new("a-token-at-last")),
                Fault::Panic => std::panic::resume_unwind(Box::new("made up")),
                Fault::Hang => pending().await,
                Fault::LineBreak => Ok(Token::new("a-token\r\nx-injected: 1")),
                Fault::Empty => Ok(Token::new("")),
                Fault::Fail => Err::<_, BoxError>("made up".into()),
            }
        }
    }
}

#[tokio::test]
async fn failing_source_fails_only_the_calls_that_wait_for_it() {
    for (fault, says) in [
        (Fault::Panic, "the token source panicked"),
        (Fault::Hang, "the token source gave nothing in time"),
        (Fault::LineBreak, "line break"),
        (Fault::Empty, "the bearer token is empty"),
        (Fault::Fail, "the token source failed"),
    ] {
        let server = Server::start([Behaviour::good()]).await;
        let client = builder(server.url()).token_source(faulty(fault, 1)).build().unwrap();
        let short = client.with_attempt_timeout(Duration::from_millis(200)).with_timeout(Duration::from_secs(5));
        let error = call(&short, RetryClass::AtMostOnce).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Credentials, Outcome::NotApplied), "{fault:?}");
        assert_eq!((error.attempts(), server.connections()), (0, 0), "{fault:?}: something was sent");
        assert!(error.to_string().contains(says), "{error}");
        assert!(error.elapsed() < Duration::from_secs(5), "{fault:?} took {:?}", error.elapsed());
        call(&client, RetryClass::AtMostOnce).await.unwrap();
        assert_eq!(sent_with(&server, "a-token-at-last"), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn call_without_credentials_does_not_wait_for_a_token() {
    let server = Server::start([Behaviour::good()]).await;
    let client = builder(server.url()).token_source(faulty(Fault::Hang, u32::MAX)).build().unwrap();
    let waiting = client.clone();
    let waiting = tokio::spawn(async move { call(&waiting, RetryClass::AtMostOnce).await });
    call(&client, RetryClass::NoRetry).await.unwrap();
    assert!(!waiting.is_finished(), "the other call still waits for its token");
    waiting.abort();
}

/// Polls a future that many times, and then ends.
struct Polls<'a, F>(Pin<&'a mut F>, usize);

impl<F: Future> Future for Polls<'_, F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.0.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.1 == 1 => Poll::Ready(None),
            Poll::Pending => {
                self.1 -= 1;
                Poll::Pending
            }
        }
    }
}

#[tokio::test]
async fn call_can_be_dropped_at_every_await() {
    let mut drops = 0;
    for class in CLASSES {
        let script = [Behaviour::status(401, ""), Behaviour::status(500, ""), Behaviour::good()];
        let server = Server::start(script.clone()).await;
        let source = Counting { lifetimes: &[Duration::ZERO; 1000], ..Counting::default() };
        let policy = RetryPolicy::default().base_delay(Duration::from_nanos(1));
        let client = builder(server.url()).retry(policy).token_source(source).build().unwrap();
        for polls in 1.. {
            server.set_script(script.clone());
            let before = server.requests().len();
            let ended = {
                let call = pin!(call(&client, class));
                Polls(call, polls).await.is_some()
            };
            server.set_script([Behaviour::good()]);
            call(&client, class).await.unwrap();
            assert!(server.requests().len() - before <= 4, "{class:?}: the dropped call went on");
            if ended {
                break;
            }
            drops += 1;
        }
    }
    assert!(drops > 20, "dropped at {drops} places only");
}

#[tokio::test]
async fn token_and_key_of_sources_are_sent_together_and_both_refreshed_after_a_401() {
    let server = Server::start([Behaviour::status(401, ""), Behaviour::good()]).await;
    let (tokens, keys) = (Counting::default(), Counting::default());
    let client = builder(server.url()).token_source(tokens.clone()).api_key_source(keys.clone()).build().unwrap();
    call(&client, RetryClass::AtMostOnce).await.unwrap();
    let requests = server.requests();
    for (number, request) in requests.iter().enumerate() {
        assert!(request.head.contains(&format!("authorization: Bearer token-{number}\r\n")), "{}", request.head);
        assert!(request.head.contains(&format!("x-api-key: token-{number}\r\n")), "{}", request.head);
    }
    assert_eq!(requests.len(), 2);
}

#[tokio::test]
async fn source_that_is_chosen_at_run_time_is_asked() {
    let server = Server::start([Behaviour::good()]).await;
    let shared: Arc<dyn TokenSource> = Arc::new(Counting::default());
    let boxed: Box<dyn TokenSource> = Box::new(Counting::default());
    let clients = [
        builder(server.url()).token_source(Arc::clone(&shared)).build().unwrap(),
        builder(server.url()).token_source(shared).build().unwrap(),
        builder(server.url()).token_source(boxed).build().unwrap(),
    ];
    for client in &clients {
        call(client, RetryClass::AtMostOnce).await.unwrap();
    }
    assert_eq!((sent_with(&server, "token-0"), sent_with(&server, "token-1")), (2, 1), "the first two share a source");
}
