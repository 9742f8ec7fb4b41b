//! `spkey webhook listen`: what it prints of deliveries, and what it responds.

use std::fs;
use std::net::TcpListener;

use serde_json::{Value, json};
use spkey::reqwest::{Client, StatusCode};
use spkey::{DomainEvent, mock};

use crate::home::{Home, SECRET};
use crate::running::Running;

const WEBHOOK_SECRET: (&str, &str) = ("SPKEY_WEBHOOK_SECRET", "s3cret-1");

/// A listener, and its URL.
struct Listener {
    running: Running,
    url: String,
}

impl Listener {
    fn start(arguments: &[&str]) -> Self {
        Self::with(arguments, &[WEBHOOK_SECRET])
    }

    fn with(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut running = Running::start(&[&["webhook", "listen", "--port", "0"], arguments].concat(), variables);
        let line = running.stderr_line();
        let url = line.strip_prefix("spkey: listening on ").and_then(|rest| rest.split(',').next()).unwrap().to_owned();
        Self { running, url }
    }

    async fn post(&self, delivery: &mock::DeliveryRequest) -> StatusCode {
        delivery.send(&format!("{}/webhooks", self.url)).await.unwrap()
    }
}

fn event(event_type: &str) -> mock::DeliveryRequest {
    let event = json!({ "type": event_type, "lockId": 123, "pin": "s3cret-pin" });
    mock::delivery(DomainEvent::read(&event).unwrap()).aggregate("lock", 123).version(7).bearer("s3cret-1").id("d-1")
}

#[tokio::test]
async fn delivery_is_a_line_without_its_data() {
    let mut listener = Listener::start(&[]);
    assert_eq!(listener.post(&event("KeyAdded")).await, 200);
    let line = listener.running.stdout_line();
    assert!(line.ends_with("Z KeyAdded lock 123 version 7 delivery d-1\n"), "{line}");
}

#[tokio::test]
async fn json_has_the_same() {
    let mut listener = Listener::start(&["--json"]);
    listener.post(&event("LockPainted")).await;
    let line = listener.running.stdout_line();
    assert!(!line.contains(SECRET), "{line}");
    let mut line: Value = serde_json::from_str(&line).unwrap();
    assert!(line["time"].take().is_string());
    let expected = json!({
        "id": "d-1", "time": null, "type": "LockPainted", "aggregateType": "lock", "aggregateId": "123", "version": 7,
    });
    assert_eq!(line, expected);
}

#[tokio::test]
async fn data_is_shown_on_request() {
    let mut listener = Listener::start(&["--json", "--show-secrets"]);
    listener.post(&event("LockPainted")).await;
    let line: Value = serde_json::from_str(&listener.running.stdout_line()).unwrap();
    assert_eq!(line["detail"]["data"]["pin"], "s3cret-pin");
    let mut listener = Listener::start(&["--show-secrets"]);
    listener.post(&event("LockPainted")).await;
    let line = listener.running.stdout_line();
    assert!(line.contains(" delivery d-1 {") && line.contains("s3cret-pin"), "{line}");
}

#[tokio::test]
async fn duplicates_are_dropped_and_accepted() {
    let mut listener = Listener::start(&["--verbose"]);
    for (id, expected) in [("d-1", 200), ("d-1", 200), ("d-2", 200)] {
        assert_eq!(listener.post(&event("KeyAdded").id(id)).await, expected);
    }
    for id in ["d-1", "d-2"] {
        let line = listener.running.stdout_line();
        assert!(line.ends_with(&format!("delivery {id}\n")), "{line}");
    }
    assert_eq!(listener.running.stderr_line(), "spkey: dropped a duplicate\n");
}

#[tokio::test]
async fn rejected_deliveries_are_on_standard_error_with_the_reason() {
    let mut listener = Listener::start(&["--partner-id", "partner-1"]);
    let large = mock::delivery(DomainEvent::read(&json!({ "type": "A", "text": "a".repeat(2 << 20) })).unwrap());
    for (delivery, status, reason) in [
        (event("KeyAdded").bearer("s3cret-2"), 401, "rejected with 401 Unauthorized: the secret is missing or wrong"),
        (event("KeyAdded"), 403, "rejected with 403 Forbidden: the delivery is for another partner"),
        (event("KeyAdded").partner_id("partner-2"), 403, "rejected with 403 Forbidden"),
        (large.bearer("s3cret-1"), 413, "rejected with 413 Payload Too Large"),
    ] {
        assert_eq!(listener.post(&delivery).await, status);
        let line = listener.running.stderr_line();
        assert!(line.contains(reason) && !line.contains(SECRET), "{line}");
    }
    assert_eq!(Client::new().get(&listener.url).send().await.unwrap().status(), 405);
    assert_eq!(listener.post(&event("KeyAdded").partner_id("partner-1")).await, 200);
}

#[tokio::test]
async fn both_secrets_are_accepted_while_one_replaces_the_other() {
    let listener = Listener::with(&[], &[("SPKEY_WEBHOOK_SECRET", "s3cret-2, s3cret-1")]);
    for (secret, expected) in [("s3cret-1", 200), ("s3cret-2", 200), ("s3cret-3", 401)] {
        assert_eq!(listener.post(&event("KeyAdded").bearer(secret)).await, expected, "{secret}");
    }
}

#[tokio::test]
async fn states_of_devices_and_what_is_newer_are_lines_too() {
    let mut listener = Listener::start(&[]);
    let state = json!({ "1/257/0": 2 }).try_into().unwrap();
    listener.post(&mock::shadow_delivery("thing-7", &state).id("d-1").bearer("s3cret-1")).await;
    let line = listener.running.stdout_line();
    assert!(line.ends_with(" Shadow Update device thing-7 version 1 delivery d-1\n"), "{line}");
    let newer =
        json!({ "id": "d-2", "source": "spk.other", "detail-type": "Other", "detail": { "pin": "s3cret-pin" } });
    let request = Client::new().post(&listener.url).header("authorization", "Bearer s3cret-1").body(newer.to_string());
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(listener.running.stdout_line(), "- Other delivery d-2\n");
}

#[tokio::test]
async fn delivery_cannot_control_the_terminal() {
    let mut listener = Listener::start(&[]);
    listener.post(&event("\u{1b}[2J\nKeyAdded")).await;
    let line = listener.running.stdout_line();
    assert!(line.contains(" \\u{1b}[2J\\nKeyAdded lock 123 "), "{line}");
}

#[tokio::test]
async fn closed_output_ends_it_and_loses_no_delivery() {
    let mut listener = Listener::start(&[]);
    listener.running.close_stdout();
    assert_eq!(listener.post(&event("KeyAdded")).await, 503, "so that the sender retries it");
    assert_eq!(listener.running.wait(), Some(0));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_success() {
    assert_eq!(Listener::start(&[]).running.interrupt(), Some(0));
}

#[test]
fn port_in_use_is_a_local_failure() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = Home::new().run(&["webhook", "listen", "--port", &port], &[WEBHOOK_SECRET]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains(&format!("127.0.0.1 port {port} cannot be used")), "{}", run.stderr);
}

#[test]
fn secret_and_partner_that_cannot_work_are_rejected() {
    for (arguments, variables, expected) in [
        (&[][..], &[][..], "no secret: set SPKEY_WEBHOOK_SECRET"),
        (&[], &[("SPKEY_WEBHOOK_SECRET", "")], "a secret is empty"),
        (&["--secret", "'s3cret-1'"], &[], "a secret is in quotation marks"),
        (&["--partner-id", ""], &[WEBHOOK_SECRET], "the partner id is empty"),
    ] {
        let arguments = [&["webhook", "listen", "--port", "0"], arguments].concat();
        let run = Home::new().run(&arguments, variables);
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
}

#[tokio::test]
async fn fixture_that_is_sent_is_printed() {
    let home = Home::new();
    let fixture = home.path("event.json");
    fs::write(&fixture, json!({ "type": "KeyAdded", "lockId": 123 }).to_string()).unwrap();
    let mut listener = Listener::start(&["--json", "--partner-id", "partner-1"]);
    let arguments = ["webhook", "send", fixture.to_str().unwrap(), &listener.url, "--partner-id", "partner-1"];
    let run = home.run(&arguments, &[WEBHOOK_SECRET]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "200 OK\n", ""));
    let line: Value = serde_json::from_str(&listener.running.stdout_line()).unwrap();
    assert_eq!(line["type"], "KeyAdded");
}
