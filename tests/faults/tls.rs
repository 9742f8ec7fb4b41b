//! Certificates that are not the service's.

use std::time::Duration;

use spkey::{Client, ErrorKind, Outcome};

use crate::support::Server;
use crate::support::behaviour::Behaviour;
use crate::support::calls::{CLASSES, builder, call};
use crate::support::tls::Authority;

fn trusting(server: &Server, authority: &Authority) -> Client {
    let certificate = authority.certificate();
    builder(server.url()).http(|http| http.tls_certs_only([certificate])).build().unwrap()
}

async fn check_refused(server: Server, client: Client) {
    for class in CLASSES {
        let error = call(&client, class).await.unwrap_err();
        let seen = (error.kind(), error.outcome(), error.attempts());
        assert_eq!(seen, (ErrorKind::Connect, Outcome::NotApplied, 3), "{class:?}: {error:?}");
    }
    assert_eq!(server.requests().len(), 0, "something was sent to a server that is not the service");
    assert!(server.connections() >= CLASSES.len() * 3);
}

#[tokio::test]
async fn a_certificate_of_an_authority_that_is_trusted() {
    let authority = Authority::new();
    let server = Server::start_tls(&authority, "localhost", [Behaviour::good()]).await;
    let client = trusting(&server, &authority);
    for class in CLASSES {
        call(&client, class).await.unwrap();
    }
    assert_eq!(server.requests().len(), CLASSES.len());
}

#[tokio::test]
async fn a_certificate_of_another_authority() {
    let server = Server::start_tls(&Authority::new(), "localhost", [Behaviour::good()]).await;
    let client = trusting(&server, &Authority::new());
    check_refused(server, client).await;
}

#[tokio::test]
async fn a_certificate_for_another_name() {
    let authority = Authority::new();
    let server = Server::start_tls(&authority, "api.example.com", [Behaviour::good()]).await;
    let client = trusting(&server, &authority);
    check_refused(server, client).await;
}

#[tokio::test]
async fn a_server_without_tls() {
    let server = Server::start([Behaviour::good()]).await;
    let url = server.url().replace("http://127.0.0.1", "https://localhost");
    let authority = Authority::new().certificate();
    let client = builder(&url)
        .connect_timeout(Duration::from_millis(50))
        .http(|http| http.tls_certs_only([authority]))
        .build()
        .unwrap();
    for class in CLASSES {
        let error = call(&client, class).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotApplied), "{class:?}");
    }
}

#[tokio::test]
async fn a_break_under_tls_after_the_request() {
    let authority = Authority::new();
    for class in CLASSES {
        let script = [Behaviour::ResetAfterRequest, Behaviour::good()];
        let server = Server::start_tls(&authority, "localhost", script).await;
        let answer = call(&trusting(&server, &authority), class).await;
        let harmless = matches!(class, spkey::RetryClass::Safe | spkey::RetryClass::Repeatable);
        assert_eq!(answer.is_ok(), harmless, "{class:?}");
        assert_eq!(server.requests().len(), if harmless { 2 } else { 1 }, "{class:?}");
        assert!(harmless || answer.unwrap_err().outcome() == Outcome::Unknown, "{class:?}");
    }
}
