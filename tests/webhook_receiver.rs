//! The example `webhook_receiver`, tested over HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by them")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use spkey::matter::State;
use spkey::reqwest;
use spkey::webhook::{Delivery, MAX_DELIVERY_BYTES, Verifier};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

#[allow(dead_code, reason = "its main is for the command line")]
#[path = "../examples/webhook_receiver.rs"]
mod webhook_receiver;

use webhook_receiver::{Limits, send, serve, summary};

const SECRET: &str = "the-secret";
const PARTNER: &str = "partner-1";
/// Longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(10);

/// A receiver that records the ids of processed deliveries, and processes only as many as the test permits.
struct Running {
    address: String,
    processed: Arc<Mutex<Vec<String>>>,
    /// One permit for each delivery that may be processed.
    permits: Arc<Semaphore>,
    /// Notified when the processing of a delivery starts.
    started: Arc<Notify>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), std::io::Error>>,
}

impl Running {
    async fn start(limits: Limits, permits: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let verifier = Verifier::bearer([SECRET]).unwrap().partner_id(PARTNER).unwrap();
        let processed = Arc::new(Mutex::new(Vec::new()));
        let (permits, started) = (Arc::new(Semaphore::new(permits)), Arc::new(Notify::new()));
        let (stop, stopped) = oneshot::channel();
        let process = {
            let (processed, permits, started) = (processed.clone(), permits.clone(), started.clone());
            move |delivery: Delivery| {
                let (processed, permits) = (processed.clone(), permits.clone());
                started.notify_one();
                async move {
                    permits.acquire().await.unwrap().forget();
                    processed.lock().unwrap().push(delivery.id().to_owned());
                }
            }
        };
        let server = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            serve(listener, verifier, limits, stopped, process).await
        });
        Self { address, processed, permits, started, stop, server }
    }

    async fn post(&self, secret: &str, body: String) -> u16 {
        let url = format!("http://{}/webhooks", self.address);
        let request = reqwest::Client::builder().no_proxy().build().unwrap().post(url).bearer_auth(secret).body(body);
        request.send().await.unwrap().status().as_u16()
    }

    /// Shuts the receiver down, waits until it ends and returns the ids that it has processed.
    async fn shut_down(self) -> Vec<String> {
        self.stop.send(()).unwrap();
        timeout(DEADLINE, self.server).await.expect("it does not shut down").unwrap().unwrap();
        self.processed.lock().unwrap().clone()
    }
}

fn delivery(id: &str) -> String {
    let data = json!({ "type": "KeyAdded", "lockId": 123 });
    json!({ "id": id, "source": "spk.api", "detail": { "partnerId": PARTNER, "data": data } }).to_string()
}

#[tokio::test]
async fn delivery_is_processed_once() {
    let receiver = Running::start(Limits::default(), 10).await;
    assert_eq!(receiver.post(SECRET, delivery("a")).await, 200);
    assert_eq!(receiver.post(SECRET, delivery("a")).await, 200);
    assert_eq!(receiver.post(SECRET, delivery("b")).await, 200);
    assert_eq!(receiver.shut_down().await, ["a", "b"]);
}

#[tokio::test]
async fn rejected_delivery_is_not_processed_and_not_counted_as_duplicate() {
    let receiver = Running::start(Limits::default(), 10).await;
    assert_eq!(receiver.post("wrong", delivery("a")).await, 401);
    assert_eq!(receiver.post(SECRET, delivery("a").replace(PARTNER, "partner-2")).await, 403);
    assert_eq!(receiver.post(SECRET, "{}".to_owned()).await, 400);
    assert_eq!(receiver.post(SECRET, " ".repeat(MAX_DELIVERY_BYTES + 1)).await, 413);
    assert_eq!(receiver.post(SECRET, delivery("a")).await, 200, "the rejected delivery was counted as seen");
    assert_eq!(receiver.shut_down().await, ["a"]);
}

#[tokio::test]
async fn responses_come_before_the_work_and_shutdown_finishes_the_work() {
    let receiver = Running::start(Limits::default(), 0).await;
    for id in ["a", "b", "c"] {
        assert_eq!(receiver.post(SECRET, delivery(id)).await, 200);
    }
    assert!(receiver.processed.lock().unwrap().is_empty());
    receiver.permits.add_permits(3);
    assert_eq!(receiver.shut_down().await, ["a", "b", "c"]);
}

#[tokio::test]
async fn full_queue_responds_503_and_the_retry_is_processed() {
    let receiver = Running::start(Limits { queue: 1, ..Limits::default() }, 0).await;
    assert_eq!(receiver.post(SECRET, delivery("in progress")).await, 200);
    receiver.started.notified().await;
    assert_eq!(receiver.post(SECRET, delivery("queued")).await, 200);
    assert_eq!(receiver.post(SECRET, delivery("too many")).await, 503);
    receiver.permits.add_permits(3);
    receiver.started.notified().await;
    assert_eq!(receiver.post(SECRET, delivery("too many")).await, 200);
    assert_eq!(receiver.shut_down().await, ["in progress", "queued", "too many"]);
}

#[tokio::test]
async fn stalled_sender_times_out_with_503_and_does_not_block_shutdown() {
    let limits = Limits { timeout: Duration::from_millis(300), ..Limits::default() };
    let receiver = Running::start(limits, 10).await;
    let mut in_head = TcpStream::connect(&receiver.address).await.unwrap();
    in_head.write_all(b"POST /webhooks HTTP/1.1\r\nHost: local").await.unwrap();
    // Connections are accepted in order: after this response, the connection before has been read.
    assert_eq!(receiver.post(SECRET, delivery("a")).await, 200);

    let mut in_body = TcpStream::connect(&receiver.address).await.unwrap();
    in_body.write_all(b"POST /webhooks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{").await.unwrap();
    let mut response = vec![0; 12];
    timeout(DEADLINE, in_body.read_exact(&mut response)).await.expect("it waits forever").unwrap();
    assert_eq!(response, b"HTTP/1.1 503");
    assert_eq!(receiver.shut_down().await, ["a"]);
}

#[tokio::test]
async fn body_that_breaks_off_is_rejected_with_503() {
    let receiver = Running::start(Limits::default(), 10).await;
    for (framing, body) in [("Content-Length: 100", "{"), ("Transfer-Encoding: chunked", "5\r\n{\"id\"\r\nbroken")] {
        let mut sender = TcpStream::connect(&receiver.address).await.unwrap();
        let head =
            format!("POST /webhooks HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {SECRET}\r\n{framing}\r\n");
        sender.write_all(format!("{head}\r\n{body}").as_bytes()).await.unwrap();
        sender.shutdown().await.unwrap();
        let mut response = Vec::new();
        timeout(DEADLINE, sender.read_to_end(&mut response)).await.expect("it waits forever").unwrap();
        let response = String::from_utf8(response).unwrap();
        assert!(response.starts_with("HTTP/1.1 503"), "{framing}: {response}");
    }
    receiver.shut_down().await;
}

#[tokio::test]
async fn samples_get_the_expected_responses() {
    let receiver = Running::start(Limits::default(), 10).await;
    let responses = send(&receiver.address, SECRET, PARTNER).await.unwrap();
    let statuses: Vec<_> = responses.iter().map(|(_, status)| *status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 401], "{responses:?}");
    assert_eq!(receiver.shut_down().await.len(), 3, "the duplicate is dropped");
    send("127.0.0.1:1", SECRET, PARTNER).await.unwrap_err();
}

#[test]
fn state_of_a_matter_device_is_one_line() {
    let line = |json| summary("7d44", &State::try_from(json).unwrap());
    assert_eq!(line(json!({ "1/257/0": 2, "1/47/12": 150 })), "door 7d44 unlocked, battery 75 %");
    assert_eq!(line(json!({ "1/257/0": 1 })), "door 7d44 locked");
    assert_eq!(line(json!({ "1/47/12": 1 })), "device 7d44, battery 0.5 %");
}
