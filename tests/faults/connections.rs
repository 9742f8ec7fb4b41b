//! Connections that cannot be made, and connections that end between calls.

use std::time::Duration;

use spkey::reqwest::dns::{Name, Resolve, Resolving};
use spkey::{Client, ErrorKind, Outcome, RetryClass};

use crate::ATTEMPTS;
use crate::support::behaviour::Behaviour;
use crate::support::calls::{CLASSES, builder, call, client, is_repeatable};
use crate::support::{Server, closed_port};

/// A client of another machine, whose name that resolver looks up.
fn client_with(resolver: impl Resolve + 'static, limit: Duration) -> Client {
    let builder = builder("http://api.example.com").dangerously_allow_plain_http().connect_timeout(limit);
    builder.http(|http| http.dns_resolver(resolver).no_proxy()).build().unwrap()
}

mod no_connection {
    use super::*;

    /// A resolver that knows no name.
    struct Unknown;

    impl Resolve for Unknown {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(async { Err("no such name".into()) })
        }
    }

    /// A resolver that never ends.
    struct Hanging;

    impl Resolve for Hanging {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test]
    async fn connection_refused_is_not_applied() {
        for class in CLASSES {
            let error = call(&client(&closed_port().await), class).await.unwrap_err();
            let seen = (error.kind(), error.outcome(), error.attempts());
            assert_eq!(seen, (ErrorKind::Connect, Outcome::NotApplied, ATTEMPTS), "{class:?}");
            assert!(error.is_connect());
        }
    }

    #[tokio::test]
    async fn name_that_does_not_resolve_is_not_applied() {
        for class in CLASSES {
            let client = client_with(Unknown, spkey::DEFAULT_CONNECT_TIMEOUT);
            let error = call(&client, class).await.unwrap_err();
            let seen = (error.kind(), error.outcome(), error.attempts());
            assert_eq!(seen, (ErrorKind::Connect, Outcome::NotApplied, ATTEMPTS), "{class:?}");
        }
    }

    #[tokio::test]
    async fn connection_that_times_out_is_not_applied() {
        for class in CLASSES {
            let client = client_with(Hanging, Duration::from_millis(50));
            let error = call(&client, class).await.unwrap_err();
            let seen = (error.kind(), error.outcome(), error.attempts());
            assert_eq!(seen, (ErrorKind::Connect, Outcome::NotApplied, ATTEMPTS), "{class:?}");
            assert!(error.elapsed() < spkey::DEFAULT_CONNECT_TIMEOUT, "{class:?}");
        }
    }

    #[tokio::test]
    async fn attempt_that_ends_before_it_is_connected_is_not_applied() {
        for class in CLASSES {
            let client = client_with(Hanging, spkey::DEFAULT_CONNECT_TIMEOUT);
            let error = call(&client.with_attempt_timeout(Duration::from_millis(50)), class).await.unwrap_err();
            let seen = (error.kind(), error.outcome(), error.attempts());
            assert_eq!(seen, (ErrorKind::Connect, Outcome::NotApplied, ATTEMPTS), "{class:?}");
            assert!(error.elapsed() < spkey::DEFAULT_CONNECT_TIMEOUT, "{class:?}");
        }
    }

    #[tokio::test]
    async fn connection_that_times_out_costs_the_budget_of_a_timeout() {
        let client = client_with(Hanging, Duration::from_millis(1));
        let mut retries = 0;
        for _ in 0..30 {
            retries += call(&client, RetryClass::AtMostOnce).await.unwrap_err().attempts() - 1;
        }
        assert_eq!(retries, 500 / 10, "a budget of 500, and 10 for each");
    }
}

mod kept_connection {
    use super::*;

    #[tokio::test]
    async fn connection_that_ends_between_calls_delivers_nothing_twice() {
        for class in CLASSES {
            let server = Server::start([Behaviour::RespondAndClose]).await;
            let client = client(server.url());
            for calls in 1..=5 {
                // Whether the client notices the end of the connection before it sends the next request is left to chance.
                match call(&client, class).await {
                    Ok(_) => {}
                    Err(error) => assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error:?}"),
                }
                assert!(server.requests().len() <= calls, "{class:?}: one call arrived twice");
            }
        }
    }

    #[tokio::test]
    async fn connection_that_ends_after_the_request_is_unknown() {
        for class in CLASSES {
            let server = Server::start([Behaviour::good(), Behaviour::CloseAfterRequest, Behaviour::good()]).await;
            let client = client(server.url());
            call(&client, class).await.unwrap();
            let second = call(&client, class).await;
            assert_eq!(second.is_ok(), is_repeatable(class), "{class:?}");
            if let Err(error) = second {
                assert_eq!((error.kind(), error.outcome()), (ErrorKind::Transport, Outcome::Unknown), "{class:?}");
            }
            assert_eq!(server.requests().len(), if is_repeatable(class) { 3 } else { 2 }, "{class:?}");
        }
    }
}
