//! `spkey webhook send`: what is sent, and what the response means.

use std::fs;

use serde_json::{Value, json};
use spkey::mock::wiremock::matchers::{header, method};
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};

use crate::home::{Home, Run};

/// A receiver that accepts one secret and responds with that status.
async fn receiver(status: u16) -> MockServer {
    let server = MockServer::start().await;
    let accept = Mock::given(method("POST")).and(header("authorization", "Bearer s3cret-1"));
    let response = ResponseTemplate::new(status).insert_header("location", "https://elsewhere.example/");
    accept.respond_with(response).mount(&server).await;
    server
}

/// Sends a fixture with the secret.
fn send(fixture: &str, url: &str, arguments: &[&str]) -> Run {
    let home = Home::new();
    let file = home.path("fixture.json");
    fs::write(&file, fixture).unwrap();
    let arguments = [&["webhook", "send", file.to_str().unwrap(), url], arguments].concat();
    home.run(&arguments, &[("SPKEY_WEBHOOK_SECRET", "s3cret-1,s3cret-old")])
}

const EVENT: &str = r#"{"type": "KeyAdded", "lockId": 123}"#;

#[tokio::test]
async fn event_is_sent_in_an_envelope_with_the_new_secret() {
    let receiver = receiver(204).await;
    let run = send(EVENT, &receiver.uri(), &["--json"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "{\"status\":204}\n"));
    let sent: Value = receiver.received_requests().await.unwrap()[0].body_json().unwrap();
    assert_eq!(sent["source"], "spk.api");
    assert_eq!((&sent["detail"]["data"]["type"], &sent["detail"]["data"]["lockId"]), (&json!("KeyAdded"), &json!(123)));
}

#[tokio::test]
async fn whole_delivery_is_sent_as_it_is() {
    let receiver = receiver(200).await;
    let delivery = r#"{ "id": "d-1", "source": "spk.other", "detail": {"a": 1.50} }"#;
    assert_eq!(send(delivery, &receiver.uri(), &[]).status, 0);
    assert_eq!(receiver.received_requests().await.unwrap()[0].body, delivery.as_bytes());
}

#[tokio::test]
async fn standard_input_is_a_fixture_too() {
    let receiver = receiver(200).await;
    let mut command = Home::new().spkey(&[]);
    command.args(["webhook", "send", "-", &receiver.uri(), "--secret", "s3cret-1"]).write_stdin(EVENT);
    command.assert().success().stdout("200 OK\n");
}

#[tokio::test]
async fn other_statuses_are_not_applied_and_say_what_the_sender_does() {
    for (status, expected) in [
        (401, "401 Unauthorized: check the secret"),
        (413, "413 Payload Too Large: SpKey would not retry it"),
        (503, "503 Service Unavailable: SpKey would retry it later"),
        (307, "307 Temporary Redirect: SpKey does not follow redirects"),
    ] {
        let receiver = receiver(status).await;
        let run = send(EVENT, &receiver.uri(), &[]);
        assert_eq!(run.status, 3);
        assert!(run.stdout.starts_with(&status.to_string()), "{}", run.stdout);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
        assert_eq!(receiver.received_requests().await.unwrap().len(), 1);
    }
}

#[test]
fn receiver_that_is_down_is_not_applied() {
    let run = send(EVENT, "http://127.0.0.1:9/", &[]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("the receiver did not respond: "), "{}", run.stderr);
}

#[tokio::test]
async fn fixture_that_is_none_is_rejected_and_nothing_sent() {
    let receiver = receiver(200).await;
    for (fixture, expected) in [
        ("{\"type\": \"s3cret-1\"", "is not JSON, in line 1 column 19: fix it"),
        ("[]", "is neither an event with a `type`"),
        ("{\"data\": \"s3cret-1\"}", "is neither an event with a `type`"),
        ("{\"detail\": {}}", "is no delivery: "),
    ] {
        let run = send(fixture, &receiver.uri(), &[]);
        assert_eq!(run.status, 2, "{fixture}");
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    let run = send("{\"id\": \"d-1\", \"detail\": {}}", &receiver.uri(), &["--partner-id", "partner-1"]);
    assert!(run.status == 2 && run.stderr.contains("without --partner-id"), "{}", run.stderr);
    let run = Home::new().run(&["webhook", "send", "no-such-file.json", &receiver.uri()], &[]);
    assert!(run.status == 2 && run.stderr.contains("no-such-file.json cannot be read"), "{}", run.stderr);
    assert!(receiver.received_requests().await.unwrap().is_empty());
}

#[test]
fn url_and_secret_that_cannot_work_are_rejected() {
    for (url, arguments, expected) in [
        ("webhooks", &[][..], "the URL is malformed"),
        ("ftp://127.0.0.1/", &[], "neither http nor https"),
        ("http://192.0.2.1/webhooks", &[], "would show the secret to the network: use https"),
        ("http://127.0.0.1:9/", &["--secret", "s3cret 1"], "has characters that headers cannot hold"),
        ("http://127.0.0.1:9/", &["--secret", ""], "the secret is empty"),
    ] {
        let run = send(EVENT, url, arguments);
        assert_eq!(run.status, 2, "{url}");
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
}
