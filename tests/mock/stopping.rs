//! Nothing listens on the port of a mock or a sandbox once it is dropped.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use spkey::mock::wiremock::matchers::path;
use spkey::mock::wiremock::{Mock, ResponseTemplate};
use spkey::mock::{MockSpKey, Sandbox, any};
use spkey::{ErrorKind, Outcome, RetryPolicy};

use crate::{USER, panic_of};

/// Often enough that a server that stops some time later is seen.
const ROUNDS: usize = 50;

fn address(uri: &str) -> SocketAddr {
    uri.strip_prefix("http://").unwrap().parse().unwrap()
}

#[track_caller]
fn assert_refused(address: SocketAddr) {
    let refused = TcpStream::connect(address).expect_err("nothing listens any more");
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
}

mod connection_is_refused {
    use super::*;

    #[tokio::test]
    async fn after_a_mock_is_dropped() {
        for _ in 0..ROUNDS {
            let mock = MockSpKey::start().await;
            let address = address(&mock.uri());
            TcpStream::connect(address).unwrap();
            drop(mock);
            assert_refused(address);
        }
    }

    #[tokio::test]
    async fn after_a_mock_is_finished() {
        let mock = MockSpKey::start().await;
        let address = address(&mock.uri());
        mock.finish().unwrap();
        assert_refused(address);
    }

    #[tokio::test]
    async fn after_a_mock_has_panicked_with_its_report() {
        let mock = MockSpKey::start().await;
        let address = address(&mock.uri());
        mock.given(mock.client().open_lock(1)).expect(1);
        catch_unwind(AssertUnwindSafe(|| drop(mock))).unwrap_err();
        assert_refused(address);
    }

    #[tokio::test]
    async fn after_a_sandbox_is_dropped() {
        for _ in 0..ROUNDS {
            let sandbox = Sandbox::start().await;
            let address = address(&sandbox.uri());
            TcpStream::connect(address).unwrap();
            drop(sandbox);
            assert_refused(address);
        }
    }

    #[tokio::test]
    async fn after_a_sandbox_on_a_listener_is_dropped_and_its_port_is_free_again() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let sandbox = Sandbox::on(listener).await.unwrap();
        sandbox.client().create_user(USER).send().await.unwrap();
        drop(sandbox);
        assert_refused(address);
        TcpListener::bind(address).unwrap();
    }
}

mod call_to_a_service_that_is_down {
    use super::*;

    #[tokio::test]
    async fn fails_to_connect_and_is_not_applied() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        drop(mock);
        let error = spkey.open_lock(1).send().await.unwrap_err();
        assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Connect, Outcome::NotApplied, 3));
    }

    #[tokio::test]
    async fn does_not_reuse_a_connection_that_was_accepted_before() {
        for _ in 0..ROUNDS {
            let mock = MockSpKey::start().await;
            let spkey = mock.client().with_retry(RetryPolicy::none());
            mock.given(spkey.open_lock(any())).expect(1);
            spkey.open_lock(1).send().await.unwrap();
            drop(mock);
            let error = spkey.open_lock(1).send().await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotApplied));
        }
    }

    #[tokio::test]
    async fn is_not_applied_by_a_sandbox_that_is_dropped() {
        let sandbox = Sandbox::start().await;
        let spkey = sandbox.client();
        spkey.create_user(USER).send().await.unwrap();
        drop(sandbox);
        let error = spkey.update_user_email(USER).email("ada@example.com").send().await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotApplied));
    }
}

#[tokio::test]
async fn call_that_waits_for_a_response_ends_when_the_mock_is_dropped() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.open_lock(any())).delay(Duration::from_secs(60));
    let address = address(&mock.uri());
    let waiting = tokio::spawn(spkey.open_lock(1).send());
    // Until the request is there.
    while mock.server().received_requests().await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let started = Instant::now();
    drop(mock);
    assert_refused(address);
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Transport, Outcome::Unknown));
    assert!(started.elapsed() < Duration::from_secs(3), "it took {:?}", started.elapsed());
}

#[tokio::test]
async fn mocks_do_not_share_a_server() {
    let first = MockSpKey::start().await;
    let spkey = first.client();
    first.given(spkey.open_lock(any())).expect(1);
    spkey.open_lock(1).send().await.unwrap();
    let second = MockSpKey::start().await;
    assert_ne!(first.uri(), second.uri());
    drop(first);
    assert_eq!(second.client().open_lock(1).send().await.unwrap_err().status(), Some(501));
    second.finish().unwrap_err();
}

#[tokio::test]
async fn drop_panics_if_a_plain_mock_did_not_get_its_calls() {
    let mock = MockSpKey::start().await;
    let address = address(&mock.uri());
    let plain = Mock::given(path("/health")).respond_with(ResponseTemplate::new(200)).named("health").expect(1);
    plain.mount(mock.server()).await;
    let (message, _) = panic_of(|| drop(mock));
    assert!(message.contains("health"), "{message}");
    assert_refused(address);
}
