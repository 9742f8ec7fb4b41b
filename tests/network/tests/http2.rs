//! HTTP/2: requests that the server takes back (GOAWAY for a connection, a reset for a stream), and connections that stay open
//! and go deaf.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod authority;
mod server;
#[path = "../../support/mod.rs"]
mod support;

use std::time::Duration;

use authority::Authority;
use h2::Reason;
use server::{Act, Http2};
use spkey::{Client, ClientBuilder, ErrorKind, Outcome, RetryClass};
use support::calls::{CLASSES, call, is_repeatable};

mod taken_back {
    use super::*;

    /// Every class against a server that takes back what it has read, every time.
    async fn check(script: &'static [Act]) {
        let authority = Authority::new();
        for class in CLASSES {
            let server = Http2::start(&authority, script).await;
            let error = call(&authority.client(server.url()), class).await.unwrap_err();
            let attempts = if is_repeatable(class) { 3 } else { 1 };
            let seen = (error.kind(), error.outcome(), error.attempts());
            assert_eq!(seen, (ErrorKind::Transport, Outcome::Unknown, attempts), "{class:?} {error:?}");
            assert_eq!(server.requests(), attempts, "{class:?}: a layer below retried it");
        }
    }

    #[tokio::test]
    async fn refused_stream_is_unknown_and_not_retried_by_a_layer_below() {
        check(&[Act::Reset(Reason::REFUSED_STREAM)]).await;
    }

    #[tokio::test]
    async fn reset_stream_is_unknown() {
        check(&[Act::Reset(Reason::INTERNAL_ERROR)]).await;
    }

    #[tokio::test]
    async fn connection_that_goes_away_with_the_request_is_unknown() {
        check(&[Act::GoAway(Reason::NO_ERROR)]).await;
        check(&[Act::GoAway(Reason::ENHANCE_YOUR_CALM)]).await;
    }

    #[tokio::test]
    async fn connection_that_goes_away_between_calls_is_replaced() {
        let authority = Authority::new();
        for class in CLASSES {
            let server = Http2::start(&authority, &[Act::RespondAndLeave, Act::Respond]).await;
            let client = authority.client(server.url());
            for calls in 1..=3 {
                call(&client, class).await.unwrap();
                assert_eq!(server.requests(), calls, "{class:?}");
            }
        }
    }
}

mod deaf {
    use super::*;

    const SCRIPT: &[Act] = &[Act::RespondAndGoDeaf, Act::Respond];

    /// A ping after 200 ms of silence, whose response may take 200 ms.
    fn with_quick_pings(builder: ClientBuilder) -> Client {
        let pings = Duration::from_millis(200);
        let builder = builder.http(move |http| http.http2_keep_alive_interval(pings).http2_keep_alive_timeout(pings));
        builder.build().unwrap()
    }

    /// A client whose only connection has gone deaf, and its server.
    async fn deaf_connection(configure: fn(ClientBuilder) -> Client) -> (Http2, Client) {
        let authority = Authority::new();
        let server = Http2::start(&authority, SCRIPT).await;
        let client = configure(authority.trusted_by(server.url()));
        call(&client, RetryClass::Safe).await.unwrap();
        server.is_deaf().await;
        assert_eq!((server.requests(), server.connections()), (1, 1));
        (server, client)
    }

    /// Makes a read whose first attempt meets the deaf connection, and returns how long it took.
    async fn check_recovery(configure: fn(ClientBuilder) -> Client) -> Duration {
        let (server, client) = deaf_connection(configure).await;
        let started = std::time::Instant::now();
        call(&client, RetryClass::Safe).await.unwrap();
        assert_eq!((server.requests(), server.connections()), (2, 2), "not by another connection");
        started.elapsed()
    }

    #[tokio::test]
    async fn read_recovers_on_another_connection_within_the_call() {
        let took = check_recovery(with_quick_pings).await;
        assert!(took < Duration::from_secs(5), "{took:?}");
    }

    /// Slow, but the only test of the default interval and limit: together they are less than an attempt.
    #[tokio::test]
    async fn read_recovers_with_the_default_limits_before_its_attempt_times_out() {
        let took = check_recovery(|builder| builder.build().unwrap()).await;
        assert!(took < spkey::DEFAULT_ATTEMPT_TIMEOUT, "{took:?}");
    }

    #[tokio::test]
    async fn command_on_a_deaf_connection_is_unknown_and_not_retried() {
        let (server, client) = deaf_connection(with_quick_pings).await;
        let error = call(&client, RetryClass::AtMostOnce).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error:?}");
        assert!(matches!(error.kind(), ErrorKind::Transport | ErrorKind::Timeout), "{error:?}");
        assert_eq!(server.requests(), 1, "it was delivered again");
        call(&client, RetryClass::AtMostOnce).await.unwrap();
        assert_eq!((server.requests(), server.connections()), (2, 2), "the deaf connection was used again");
    }
}

mod pings {
    use super::*;

    /// How much an idle client sends in half a second, with a ping after every 50 ms of silence.
    async fn bytes_sent_idle(while_idle: bool) -> usize {
        let authority = Authority::new();
        let server = Http2::start(&authority, &[Act::Respond]).await;
        let builder = authority.trusted_by(server.url()).http(move |http| {
            let http = http.http2_keep_alive_interval(Duration::from_millis(50));
            if while_idle { http.http2_keep_alive_while_idle(true) } else { http }
        });
        let client = builder.build().unwrap();
        call(&client, RetryClass::Safe).await.unwrap();
        // What ends the call itself, such as the acknowledgement of settings.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let before = server.bytes_received();
        tokio::time::sleep(Duration::from_millis(500)).await;
        let sent = server.bytes_received() - before;
        assert_eq!(server.connections(), 1);
        drop(client);
        sent
    }

    #[tokio::test]
    async fn idle_client_sends_no_ping() {
        assert_eq!(bytes_sent_idle(false).await, 0);
        assert!(bytes_sent_idle(true).await > 0, "the server would not have noticed a ping");
    }
}
