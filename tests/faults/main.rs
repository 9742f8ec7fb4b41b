//! Servers and networks that fail, one fault at a time, for every class of operation: how often the request arrived, how
//! long the call took, and what the error says about the outcome of the command.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod connections;
mod environment;
mod physical;
mod requests;
mod responses;
mod statuses;
#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use spkey::{ErrorKind, Outcome, RetryClass};
use support::Server;
use support::behaviour::Behaviour;
use support::calls::{CLASSES, builder, call, is_repeatable};

const ATTEMPTS: u32 = 3;

/// Which classes are retried.
#[derive(Clone, Copy)]
enum Retried {
    AllButNoRetry,
    Repeatable,
    None,
}

impl Retried {
    fn includes(self, class: RetryClass) -> bool {
        match self {
            Self::AllButNoRetry => class != RetryClass::NoRetry,
            Self::Repeatable => is_repeatable(class),
            Self::None => false,
        }
    }
}

/// Makes a call of every class to a server that behaves like this every time. The time limits are generous.
async fn check(behaviour: Behaviour, kind: ErrorKind, outcome: Outcome, retried: Retried) {
    check_within(Duration::from_secs(30), behaviour, kind, outcome, retried).await;
}

/// The same, with that time limit for an attempt.
async fn check_within(limit: Duration, behaviour: Behaviour, kind: ErrorKind, outcome: Outcome, retried: Retried) {
    let mut calls = tokio::task::JoinSet::new();
    for class in CLASSES {
        let behaviour = behaviour.clone();
        calls.spawn(async move {
            let server = Server::start([behaviour.clone()]).await;
            let client = builder(server.url()).attempt_timeout(limit).timeout(limit * 10).build().unwrap();
            let error = call(&client, class).await.unwrap_err();

            let attempts = if retried.includes(class) { ATTEMPTS } else { 1 };
            let arrived = if behaviour.reads() { attempts as usize } else { 0 };
            assert_eq!(error.kind(), kind, "{class:?} {error:?}");
            assert_eq!(error.outcome(), outcome, "{class:?} {error:?}");
            assert_eq!(error.attempts(), attempts, "{class:?} {error:?}");
            assert_eq!(server.requests().len(), arrived, "{class:?} {error:?}");
            if outcome == Outcome::NotApplied {
                assert!(server.requests().iter().all(|request| request.behaviour.rejects()), "{class:?}");
            }
            let took = if kind == ErrorKind::Timeout { limit * attempts } else { Duration::ZERO };
            assert!(error.elapsed() >= took, "{class:?} ended early: {:?}", error.elapsed());
            assert!(error.elapsed() < limit * 10, "{class:?} took {:?}", error.elapsed());

            // The fault leaves nothing behind in the client.
            server.set_script([Behaviour::good()]);
            call(&client, class).await.unwrap();
        });
    }
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
}

/// The same, for a server that lets every attempt time out.
async fn check_timeout(behaviour: Behaviour, outcome: Outcome) {
    check_within(Duration::from_secs(1), behaviour, ErrorKind::Timeout, outcome, Retried::Repeatable).await;
}

/// Makes calls of every class to a server that behaves like this and then responds with success. All of them succeed at once.
async fn check_success(behaviour: Behaviour) {
    for class in CLASSES {
        let server = Server::start([behaviour.clone(), Behaviour::good()]).await;
        let client = builder(server.url()).build().unwrap();
        for calls in 1..=3 {
            let id = call(&client, class).await.unwrap();
            assert!(id.is_none_or(|id| id == "the right one"), "{class:?}: a response to no request was used");
            assert_eq!(server.requests().len(), calls, "{class:?}");
        }
    }
}
