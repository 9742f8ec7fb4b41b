//! Servers with TLS: nothing is sent to one whose certificate does not prove that it is the service.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod authority;
#[path = "../../support/mod.rs"]
mod support;

use std::time::Duration;

use authority::Authority;
use spkey::{Client, ErrorKind, Outcome};
use support::behaviour::Behaviour;
use support::calls::{CLASSES, call, is_repeatable};
use support::{Server, Wire};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

impl Wire for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }

    async fn arrival(&mut self, buffer: &mut Vec<u8>) -> bool {
        matches!(self.read_buf(buffer).await, Ok(1..))
    }
}

/// A server with a certificate for that name. Its URL is `https://localhost:PORT`.
async fn start(authority: &Authority, name: &str, script: impl IntoIterator<Item = Behaviour>) -> Server {
    let acceptor = authority.acceptor(name, &["http/1.1"]);
    let serve = move |stream, log: std::sync::Arc<support::Log>| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                log.serve(stream).await;
            }
        }
    };
    Server::start_with("https://localhost", script, serve).await
}

async fn check_rejected(server: Server, client: Client) {
    for class in CLASSES {
        let error = call(&client, class).await.unwrap_err();
        let seen = (error.kind(), error.outcome(), error.attempts());
        assert_eq!(seen, (ErrorKind::Connect, Outcome::NotApplied, 3), "{class:?}: {error:?}");
    }
    assert_eq!(server.requests().len(), 0, "something was sent to a server that is not the service");
    assert!(server.connections() >= CLASSES.len() * 3);
}

#[tokio::test]
async fn certificate_of_a_trusted_authority_is_accepted() {
    let authority = Authority::new();
    let server = start(&authority, "localhost", [Behaviour::good()]).await;
    let client = authority.client(server.url());
    for class in CLASSES {
        call(&client, class).await.unwrap();
    }
    assert_eq!(server.requests().len(), CLASSES.len());
}

#[tokio::test]
async fn certificate_of_another_authority_is_rejected_and_not_applied() {
    let server = start(&Authority::new(), "localhost", [Behaviour::good()]).await;
    let client = Authority::new().client(server.url());
    check_rejected(server, client).await;
}

#[tokio::test]
async fn certificate_for_another_name_is_rejected_and_not_applied() {
    let authority = Authority::new();
    let server = start(&authority, "api.example.com", [Behaviour::good()]).await;
    let client = authority.client(server.url());
    check_rejected(server, client).await;
}

#[tokio::test]
async fn server_without_tls_is_not_applied() {
    let server = Server::start([Behaviour::good()]).await;
    let url = server.url().replace("http://127.0.0.1", "https://localhost");
    let client = Authority::new().trusted_by(&url).connect_timeout(Duration::from_millis(50)).build().unwrap();
    for class in CLASSES {
        let error = call(&client, class).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotApplied), "{class:?}");
    }
    assert_eq!(server.requests().len(), 0, "something was sent without TLS");
}

#[tokio::test]
async fn reset_after_the_request_is_unknown_under_tls_too() {
    let authority = Authority::new();
    for class in CLASSES {
        let script = [Behaviour::ResetAfterRequest, Behaviour::good()];
        let server = start(&authority, "localhost", script).await;
        let result = call(&authority.client(server.url()), class).await;
        assert_eq!(result.is_ok(), is_repeatable(class), "{class:?}");
        assert_eq!(server.requests().len(), if is_repeatable(class) { 2 } else { 1 }, "{class:?}");
        assert!(is_repeatable(class) || result.unwrap_err().outcome() == Outcome::Unknown, "{class:?}");
    }
}
