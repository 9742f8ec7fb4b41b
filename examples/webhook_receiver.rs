//! Takes SpKey's webhooks in: verifies them, drops duplicates, answers at once, works afterwards.
//!
//! ```text
//! SPKEY_WEBHOOK_SECRET=some-secret cargo run --example webhook_receiver            # until ctrl-c, on 127.0.0.1:8080
//! SPKEY_WEBHOOK_SECRET=some-secret cargo run --example webhook_receiver -- send    # posts samples there, then ends
//! ```
//!
//! Both take an address after that, and `SPKEY_PARTNER_ID` where deliveries for other partners are to be refused.
//! `SPKEY_WEBHOOK_SECRET` may be two secrets with a comma between them, the new one first, while one replaces the other.

use std::env;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::post;
use spkey::DomainEvent;
use spkey::webhook::{Deduplicator, Delivery, Detail, MAX_DELIVERY_BYTES, Verifier};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

const ADDRESS: &str = "127.0.0.1:8080";
const PARTNER: &str = "partner-1";

/// What a receiver puts up with.
pub(crate) struct Limits {
    /// How many deliveries wait for their work at most. When it is full, the sender is told to come again.
    pub(crate) queue: usize,
    /// How long a sender may take to get a delivery across, and how long it is waited for at the end.
    pub(crate) patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { queue: 1000, patience: Duration::from_secs(10) }
    }
}

struct Receiver {
    verifier: Verifier,
    seen: Deduplicator,
    /// Ends when the server does.
    work: mpsc::WeakSender<Delivery>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secrets = env::var("SPKEY_WEBHOOK_SECRET").map_err(|_| "set SPKEY_WEBHOOK_SECRET, as it is set at SpKey")?;
    let secrets: Vec<&str> = secrets.split(',').collect();
    let partner = env::var("SPKEY_PARTNER_ID").ok();
    let mut arguments = env::args().skip(1).peekable();
    let sending = arguments.next_if_eq("send").is_some();
    let address = arguments.next().unwrap_or_else(|| ADDRESS.to_owned());
    if sending {
        for (what, status) in send(&address, secrets[0], partner.as_deref().unwrap_or(PARTNER)).await? {
            println!("{status} for {what}");
        }
        return Ok(());
    }
    let verifier = Verifier::bearer(secrets)?;
    let verifier = if let Some(partner) = partner { verifier.partner_id(partner)? } else { verifier };
    let listener = TcpListener::bind(&address).await?;
    println!("listening on http://{}/webhooks, until ctrl-c", listener.local_addr()?);
    let stop = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            eprintln!("ctrl-c cannot be waited for: {error}");
        }
    };
    serve(listener, verifier, Limits::default(), stop, handle).await?;
    println!("all deliveries that were taken are worked off");
    Ok(())
}

/// Receives until `stop` ends, then works off what was taken.
pub(crate) async fn serve<W: Future<Output = ()>>(
    listener: TcpListener,
    verifier: Verifier,
    limits: Limits,
    stop: impl Future<Output = ()> + Send + 'static,
    mut handle: impl FnMut(Delivery) -> W,
) -> Result<(), std::io::Error> {
    let Limits { queue, patience } = limits;
    let (work, mut deliveries) = mpsc::channel(queue);
    let receiver = Receiver { verifier, seen: Deduplicator::default(), work: work.downgrade() };
    let in_time = move |request: Request, next: Next| async move {
        let answer = timeout(patience, next.run(request)).await;
        answer.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
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
        // A sender that leaves its request unfinished does not keep the receiver from ending.
        let given_up = async {
            let _ = stopping.await;
            sleep(patience).await;
        };
        let result = tokio::select! {
            result = serving => result,
            () = given_up => Ok(()),
        };
        drop(work);
        result
    };
    let working = async {
        while let Some(delivery) = deliveries.recv().await {
            handle(delivery).await;
        }
    };
    tokio::join!(receiving, working).0
}

async fn receive(State(receiver): State<Arc<Receiver>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let delivery = match receiver.verifier.verify(&headers, &body) {
        Ok(delivery) => delivery,
        Err(rejection) => {
            eprintln!("refused: {rejection}");
            return rejection.status();
        }
    };
    let id = delivery.id().to_owned();
    if !receiver.seen.is_new(&id) {
        return StatusCode::OK;
    }
    if receiver.work.upgrade().is_some_and(|work| work.try_send(delivery).is_ok()) {
        return StatusCode::OK;
    }
    receiver.seen.forget(&id);
    StatusCode::SERVICE_UNAVAILABLE
}

/// The work. Ids are printed, and nothing that is personal.
async fn handle(delivery: Delivery) {
    match (delivery.detail(), delivery.event()) {
        (_, Some(DomainEvent::KeyAdded(key))) => println!("a key was put on lock {:?}", key.lock_id),
        (_, Some(event)) => println!("{} happened", event.event_type().unwrap_or("something untold")),
        (Detail::Shadow(shadow), _) => match shadow.reported_state() {
            Ok(state) => {
                println!("{:?} reported {}", shadow.thing_name(), if state.is_some() { "a state" } else { "none" });
            }
            Err(error) => eprintln!("{error}"),
        },
        _ => println!("a delivery from {} is of no interest", delivery.source()),
    }
}

/// Posts samples to a receiver, and says what each was and how it was answered.
pub(crate) async fn send(
    address: &str,
    secret: &str,
    partner: &str,
) -> Result<Vec<(&'static str, u16)>, spkey::reqwest::Error> {
    let http = spkey::reqwest::Client::builder().timeout(Duration::from_secs(10)).no_proxy().build()?;
    let run = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |time| time.as_millis());
    let envelope = |id: &str, source: &str, detail: &str| {
        format!(
            r#"{{"version":"0","id":"{run}-{id}","detail-type":"Sample","source":"{source}","account":"123456789012",
            "time":"2026-01-01T12:00:00Z","region":"eu-central-1","resources":[],
            "detail":{{"partnerId":"{partner}",{detail}}}}}"#
        )
    };
    let event = |data: &str| {
        format!(
            r#""aggregateType":"lock","aggregateId":"123","version":7,"timestamp":1767268800000,
            "data":{{"lockId":123,"uuid":"lock-uuid","timestamp":"2026-01-01T12:00:00Z",{data}}}"#
        )
    };
    let key = envelope("1", "spk.api", &event(r#""type":"KeyAdded","keyUuid":"key-7""#));
    let newer = envelope("2", "spk.api", &event(r#""type":"LockPolished""#));
    let shadow = r#""thingName":"thing-7","reportedState":"{\"locked\":true}","version":3"#;
    let shadow = envelope("3", "spk.iot.shadow", shadow);
    let samples = [
        ("a key", key.clone(), secret),
        ("the same again, which is dropped", key.clone(), secret),
        ("an event of a type that is not known yet", newer, secret),
        ("a device's state", shadow, secret),
        ("a wrong secret", key, "wrong"),
        ("no envelope", "{}".to_owned(), secret),
    ];
    let mut answers = Vec::new();
    for (what, body, secret) in samples {
        let request = http.post(format!("http://{address}/webhooks")).bearer_auth(secret).body(body);
        answers.push((what, request.send().await?.status().as_u16()));
    }
    Ok(answers)
}
