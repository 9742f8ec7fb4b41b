//! Connections that die between calls, and names that lead nowhere.

use std::time::Duration;

use spkey::reqwest::dns::{Name, Resolve, Resolving};
use spkey::{Client, ErrorKind, Outcome, RetryClass};

use crate::support::Server;
use crate::support::behaviour::Behaviour;
use crate::support::calls::{CLASSES, builder, call, client};

#[tokio::test]
async fn a_kept_connection_that_dies_between_calls_costs_nothing() {
    for class in CLASSES {
        let server = Server::start([Behaviour::AnswerAndClose]).await;
        let client = client(server.url());
        for calls in 1..=5 {
            // Whether the client has seen the end of the connection before it sends again is left to chance.
            match call(&client, class).await {
                Ok(_) => {}
                Err(error) => assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error:?}"),
            }
            assert!(server.requests().len() <= calls, "{class:?}: one call arrived twice");
        }
    }
}

#[tokio::test]
async fn a_kept_connection_that_takes_the_request_and_dies() {
    for class in CLASSES {
        let server = Server::start([Behaviour::good(), Behaviour::CloseAfterRequest, Behaviour::good()]).await;
        let client = client(server.url());
        call(&client, class).await.unwrap();
        let second = call(&client, class).await;
        let harmless = matches!(class, spkey::RetryClass::Safe | spkey::RetryClass::Repeatable);
        assert_eq!(second.is_ok(), harmless, "{class:?}");
        if let Err(error) = second {
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Transport, Outcome::Unknown), "{class:?}");
        }
        assert_eq!(server.requests().len(), if harmless { 3 } else { 2 }, "{class:?}");
    }
}

/// A resolver that knows no name.
struct Nameless;

impl Resolve for Nameless {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(async { Err("no such name".into()) })
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve() {
    for class in CLASSES {
        let client = builder("https://api.example.com").http(|http| http.dns_resolver(Nameless)).build().unwrap();
        let error = call(&client, class).await.unwrap_err();
        let seen = (error.kind(), error.outcome(), error.attempts());
        assert_eq!(seen, (ErrorKind::Connect, Outcome::NotApplied, 3), "{class:?}");
    }
}

/// A client that waits that long for a name that never comes.
fn with_a_silent_resolver(limit: Duration) -> Client {
    struct Silent;
    impl Resolve for Silent {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(std::future::pending())
        }
    }
    let builder = builder("https://api.example.com").connect_timeout(limit);
    builder.http(|http| http.dns_resolver(Silent)).build().unwrap()
}

#[tokio::test]
async fn a_name_that_takes_too_long_to_resolve() {
    for class in CLASSES {
        let client = with_a_silent_resolver(Duration::from_millis(50));
        let error = call(&client, class).await.unwrap_err();
        let seen = (error.kind(), error.outcome(), error.attempts());
        assert_eq!(seen, (ErrorKind::Connect, Outcome::NotApplied, 3), "{class:?}");
        assert!(error.elapsed() < spkey::DEFAULT_CONNECT_TIMEOUT, "{class:?}");
    }
}

#[tokio::test]
async fn a_time_out_of_a_connection_costs_the_budget_of_a_time_out() {
    let client = with_a_silent_resolver(Duration::from_millis(1));
    let mut retries = 0;
    for _ in 0..30 {
        retries += call(&client, RetryClass::Once).await.unwrap_err().attempts() - 1;
    }
    assert_eq!(retries, 500 / 10, "a budget of 500, and 10 for each");
}
