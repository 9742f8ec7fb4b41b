//! The example `webhook_receiver`, driven over HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by them")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
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

use webhook_receiver::{Limits, send, serve};

const SECRET: &str = "the-secret";
const PARTNER: &str = "partner-1";
/// Long enough for anything that ends at all.
const DEADLINE: Duration = Duration::from_secs(10);

/// A receiver that notes what it worked off, and works only as far as it is let.
struct Running {
    address: String,
    worked: Arc<Mutex<Vec<String>>>,
    /// A permit for each delivery that may be worked off.
    allowed: Arc<Semaphore>,
    begun: Arc<Notify>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), std::io::Error>>,
}

impl Running {
    async fn start(limits: Limits, allowed: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let verifier = Verifier::bearer([SECRET]).unwrap().partner_id(PARTNER).unwrap();
        let worked = Arc::new(Mutex::new(Vec::new()));
        let (allowed, begun) = (Arc::new(Semaphore::new(allowed)), Arc::new(Notify::new()));
        let (stop, stopped) = oneshot::channel();
        let (notes, permits, beginning) = (worked.clone(), allowed.clone(), begun.clone());
        let server = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            let handle = move |delivery: Delivery| {
                let (notes, permits) = (notes.clone(), permits.clone());
                beginning.notify_one();
                async move {
                    permits.acquire().await.unwrap().forget();
                    notes.lock().unwrap().push(delivery.id().to_owned());
                }
            };
            serve(listener, verifier, limits, stopped, handle).await
        });
        Self { address, worked, allowed, begun, stop, server }
    }

    async fn post(&self, secret: &str, body: String) -> u16 {
        let url = format!("http://{}/webhooks", self.address);
        let request = reqwest::Client::new().post(url).bearer_auth(secret).body(body);
        request.send().await.unwrap().status().as_u16()
    }

    /// Stops it, waits for its end and tells what it worked off.
    async fn end(self) -> Vec<String> {
        self.stop.send(()).unwrap();
        timeout(DEADLINE, self.server).await.expect("it does not end").unwrap().unwrap();
        self.worked.lock().unwrap().clone()
    }
}

fn delivery(id: &str) -> String {
    let data = json!({ "type": "KeyAdded", "lockId": 123 });
    json!({ "id": id, "source": "spk.api", "detail": { "partnerId": PARTNER, "data": data } }).to_string()
}

#[tokio::test]
async fn a_delivery_is_taken_once_and_worked_off() {
    let receiver = Running::start(Limits::default(), 10).await;
    assert_eq!(receiver.post(SECRET, delivery("a")).await, 200);
    assert_eq!(receiver.post(SECRET, delivery("a")).await, 200);
    assert_eq!(receiver.post(SECRET, delivery("b")).await, 200);
    assert_eq!(receiver.end().await, ["a", "b"]);
}

#[tokio::test]
async fn what_is_not_for_it_is_refused_and_not_worked_on() {
    let receiver = Running::start(Limits::default(), 10).await;
    assert_eq!(receiver.post("wrong", delivery("a")).await, 401);
    assert_eq!(receiver.post(SECRET, delivery("a").replace(PARTNER, "partner-2")).await, 403);
    assert_eq!(receiver.post(SECRET, "{}".to_owned()).await, 400);
    assert_eq!(receiver.post(SECRET, " ".repeat(MAX_DELIVERY_BYTES + 1)).await, 413);
    assert_eq!(receiver.post(SECRET, delivery("a")).await, 200, "a refused delivery counted as seen");
    assert_eq!(receiver.end().await, ["a"]);
}

#[tokio::test]
async fn it_answers_before_the_work_and_works_off_what_it_took_before_it_ends() {
    let receiver = Running::start(Limits::default(), 0).await;
    for id in ["a", "b", "c"] {
        assert_eq!(receiver.post(SECRET, delivery(id)).await, 200);
    }
    assert!(receiver.worked.lock().unwrap().is_empty());
    receiver.allowed.add_permits(3);
    assert_eq!(receiver.end().await, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_full_queue_is_answered_with_503_and_the_delivery_is_taken_when_it_comes_again() {
    let receiver = Running::start(Limits { queue: 1, ..Limits::default() }, 0).await;
    assert_eq!(receiver.post(SECRET, delivery("at work")).await, 200);
    receiver.begun.notified().await;
    assert_eq!(receiver.post(SECRET, delivery("queued")).await, 200);
    assert_eq!(receiver.post(SECRET, delivery("too many")).await, 503);
    receiver.allowed.add_permits(3);
    receiver.begun.notified().await;
    assert_eq!(receiver.post(SECRET, delivery("too many")).await, 200);
    assert_eq!(receiver.end().await, ["at work", "queued", "too many"]);
}

#[tokio::test]
async fn a_sender_that_stalls_is_given_up_and_does_not_keep_it_from_ending() {
    let limits = Limits { patience: Duration::from_millis(300), ..Limits::default() };
    let receiver = Running::start(limits, 10).await;
    let mut in_head = TcpStream::connect(&receiver.address).await.unwrap();
    in_head.write_all(b"POST /webhooks HTTP/1.1\r\nHost: local").await.unwrap();
    // Connections are accepted in turn: once this one is answered, the one before has been read.
    assert_eq!(receiver.post(SECRET, delivery("a")).await, 200);

    let mut in_body = TcpStream::connect(&receiver.address).await.unwrap();
    in_body.write_all(b"POST /webhooks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{").await.unwrap();
    let mut answer = vec![0; 12];
    timeout(DEADLINE, in_body.read_exact(&mut answer)).await.expect("it waits for ever").unwrap();
    assert_eq!(answer, b"HTTP/1.1 503");
    assert_eq!(receiver.end().await, ["a"]);
}

#[tokio::test]
async fn the_samples_are_answered_as_they_should_be() {
    let receiver = Running::start(Limits::default(), 10).await;
    let answers = send(&receiver.address, SECRET, PARTNER).await.unwrap();
    let statuses: Vec<_> = answers.iter().map(|(_, status)| *status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 401, 400], "{answers:?}");
    assert_eq!(receiver.end().await.len(), 3, "the duplicate is dropped");
    send("127.0.0.1:1", SECRET, PARTNER).await.unwrap_err();
}
