//! A receiver for SpKey's webhooks: verifies deliveries, drops duplicates, responds at once and does the work
//! afterwards.
//!
//! ```text
//! export SPKEY_WEBHOOK_SECRET=some-secret
//! cargo run --features mock --example webhook_receiver            # until ctrl-c, on 127.0.0.1:8080
//! cargo run --features mock --example webhook_receiver -- send    # posts samples there, then ends
//! ```
//!
//! Both take an address as last argument. Set `SPKEY_PARTNER_ID` to reject deliveries for other partners. While you
//! replace the secret, `SPKEY_WEBHOOK_SECRET` may be two secrets with a comma between them, the new one first.

use std::env;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::post;
use serde_json::json;
use spkey::types::KeyAddedEvent;
use spkey::webhook::{Deduplicator, Delivery, Detail, MAX_DELIVERY_BYTES, Verifier};
use spkey::{DomainEvent, matter, mock};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

const ADDRESS: &str = "127.0.0.1:8080";
const PARTNER: &str = "partner-1";

pub(crate) struct Limits {
    /// How many accepted deliveries may wait to be processed. Beyond that, the sender has to retry.
    pub(crate) queue: usize,
    /// How long one request may take, and how long a shutdown waits for unfinished requests.
    pub(crate) timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { queue: 1000, timeout: Duration::from_secs(10) }
    }
}

struct Receiver {
    verifier: Verifier,
    deduplicator: Deduplicator,
    /// Weak, so that the queue closes when the server has ended.
    queue: mpsc::WeakSender<Delivery>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secrets =
        env::var("SPKEY_WEBHOOK_SECRET").map_err(|_| "set SPKEY_WEBHOOK_SECRET to the secret that is set at SpKey")?;
    let secrets: Vec<&str> = secrets.split(',').map(str::trim).collect();
    let partner = env::var("SPKEY_PARTNER_ID").ok();
    let mut arguments = env::args().skip(1).peekable();
    let sending = arguments.next_if_eq("send").is_some();
    let address = arguments.next().unwrap_or_else(|| ADDRESS.to_owned());
    if sending {
        for (sample, status) in send(&address, secrets[0], partner.as_deref().unwrap_or(PARTNER)).await? {
            println!("{status} for {sample}");
        }
        return Ok(());
    }
    let verifier = Verifier::bearer(secrets)?;
    let verifier = if let Some(partner) = partner { verifier.partner_id(partner)? } else { verifier };
    let listener = TcpListener::bind(&address).await?;
    println!("listening on http://{}/webhooks, until ctrl-c", listener.local_addr()?);
    let stop = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            eprintln!("cannot wait for ctrl-c: {error}");
        }
    };
    serve(listener, verifier, Limits::default(), stop, process).await?;
    println!("all accepted deliveries are processed");
    Ok(())
}

/// Receives until `stop` ends, then processes what was accepted before.
pub(crate) async fn serve<W: Future<Output = ()>>(
    listener: TcpListener,
    verifier: Verifier,
    limits: Limits,
    stop: impl Future<Output = ()> + Send + 'static,
    mut process: impl FnMut(Delivery) -> W,
) -> Result<(), std::io::Error> {
    let (queue, mut deliveries) = mpsc::channel(limits.queue);
    let receiver = Receiver { verifier, deduplicator: Deduplicator::default(), queue: queue.downgrade() };
    let in_time = move |request: Request, next: Next| async move {
        let response = timeout(limits.timeout, next.run(request)).await;
        response.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
    };
    let app = Router::new()
        .route("/webhooks", post(receive))
        .layer(DefaultBodyLimit::max(MAX_DELIVERY_BYTES))
        .layer(middleware::from_fn(in_time))
        .with_state(Arc::new(receiver));
    let (stopped, stopping) = oneshot::channel();
    let stop = async {
        stop.await;
        let _ = stopped.send(());
    };
    let receiving = async {
        let serving = axum::serve(listener, app).with_graceful_shutdown(stop).into_future();
        // A graceful shutdown waits for open requests, so one that never finishes would block it.
        let grace_period = async {
            let _ = stopping.await;
            sleep(limits.timeout).await;
        };
        let result = tokio::select! {
            result = serving => result,
            () = grace_period => Ok(()),
        };
        drop(queue);
        result
    };
    let processing = async {
        while let Some(delivery) = deliveries.recv().await {
            process(delivery).await;
        }
    };
    tokio::join!(receiving, processing).0
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> StatusCode {
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => return rejection.status(),
        // The connection broke. axum would respond with 400, after which the sender does not retry.
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE,
    };
    let delivery = match receiver.verifier.verify(&headers, &body) {
        Ok(delivery) => delivery,
        Err(rejection) => {
            eprintln!("rejected: {rejection}");
            return rejection.status();
        }
    };
    let Some(queue) = receiver.queue.upgrade() else { return StatusCode::SERVICE_UNAVAILABLE };
    // A place in the queue first: an id that is marked as seen must not need to be forgotten again, since a second copy
    // may arrive in between and would get a 200.
    let Ok(place) = queue.try_reserve() else { return StatusCode::SERVICE_UNAVAILABLE };
    if receiver.deduplicator.is_new(delivery.id()) {
        place.send(delivery);
    }
    StatusCode::OK
}

/// Prints ids and types, and nothing personal.
async fn process(delivery: Delivery) {
    match (delivery.detail(), delivery.event()) {
        (_, Some(DomainEvent::KeyAdded(key))) => println!("a key was added to lock {:?}", key.lock_id),
        (_, Some(event)) => println!("event: {}", event.event_type().unwrap_or("without a type")),
        (Detail::Shadow(shadow), _) => match shadow.reported() {
            Ok(Some(state)) => println!("{}", summary(shadow.thing_name().unwrap_or("without a name"), state)),
            Ok(None) => println!("no state was reported"),
            Err(error) => eprintln!("{error}"),
        },
        _ => println!("ignored: a delivery from {}", delivery.source()),
    }
}

/// What a Matter device reports, on one line.
pub(crate) fn summary(device: &str, state: &matter::State) -> String {
    let lock = state.lock_state().map(|lock| format!("door {device} {lock}"));
    let battery = state.battery_percent().map(|percent| format!(", battery {percent} %"));
    lock.unwrap_or_else(|| format!("device {device}")) + &battery.unwrap_or_default()
}

/// Posts samples to a receiver, and returns what each of them was and the status of the response.
pub(crate) async fn send(
    address: &str,
    secret: &str,
    partner: &str,
) -> Result<Vec<(&'static str, u16)>, Box<dyn Error>> {
    let key = KeyAddedEvent { lock_id: Some(123.try_into()?), ..KeyAddedEvent::default() };
    let key = mock::delivery(DomainEvent::KeyAdded(key)).aggregate("lock", 123).version(7);
    let newer = DomainEvent::read(&json!({ "type": "LockPainted", "lockId": 123 })).ok_or("no event")?;
    let state = matter::State::try_from(json!({ "1/257/0": 2, "1/47/12": 150, "available": true }))?;
    let samples = [
        ("a key", key.clone(), secret),
        ("the same again, a duplicate", key.clone(), secret),
        ("an event of an unknown type", mock::delivery(newer).aggregate("lock", 123).version(8), secret),
        ("the state of a device", mock::shadow_delivery("7d44", &state), secret),
        ("a wrong secret", key, "wrong"),
    ];
    let mut responses = Vec::new();
    for (sample, delivery, secret) in samples {
        let delivery = delivery.partner_id(partner).bearer(secret);
        responses.push((sample, delivery.send(&format!("http://{address}/webhooks")).await?.as_u16()));
    }
    Ok(responses)
}
