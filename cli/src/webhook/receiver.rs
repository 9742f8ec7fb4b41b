use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use spkey::webhook::{Deduplicator, MAX_DELIVERY_BYTES, Verifier};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::failure::Failure;
use crate::note::note;
use crate::output;
use crate::webhook::delivery_line::LineFormat;

/// How long one request may take: the sender does not wait longer either.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// What requests share.
struct Receiver {
    verifier: Verifier,
    deduplicator: Deduplicator,
    format: LineFormat,
    verbose: bool,
    /// Ends the program: the output cannot be written any more.
    failed: mpsc::Sender<Failure>,
}

/// Receives deliveries at any path and prints them, until the output cannot be written.
pub(crate) async fn receive_on(
    listener: TcpListener,
    verifier: Verifier,
    format: LineFormat,
    verbose: bool,
) -> Result<(), Failure> {
    let (failed, mut failure) = mpsc::channel(1);
    let receiver = Receiver { verifier, deduplicator: Deduplicator::default(), format, verbose, failed };
    let app = Router::new()
        .fallback_service(post(receive).with_state(Arc::new(receiver)))
        .layer(DefaultBodyLimit::max(MAX_DELIVERY_BYTES))
        .layer(middleware::from_fn(in_time));
    tokio::select! {
        served = axum::serve(listener, app).into_future() => {
            served.map_err(|error| Failure::local(format!("deliveries cannot be received any more: {error}: start it again")))
        }
        Some(failure) = failure.recv() => Err(failure),
    }
}

async fn in_time(request: Request, next: Next) -> Response {
    let response = timeout(REQUEST_TIMEOUT, next.run(request)).await;
    response.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// Prints the delivery before it responds: what has got a 2xx is not lost.
async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> StatusCode {
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            note(&format!("rejected with {}: it has more than {MAX_DELIVERY_BYTES} bytes", rejection.status()));
            return rejection.status();
        }
        // The connection broke. axum would respond with 400, after which the sender does not retry.
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE,
    };
    let delivery = match receiver.verifier.verify(&headers, &body) {
        Ok(delivery) => delivery,
        Err(rejection) => {
            note(&format!("rejected with {}: {rejection}", rejection.status()));
            return rejection.status();
        }
    };
    if !receiver.deduplicator.is_new(delivery.id()) {
        if receiver.verbose {
            note("dropped a duplicate");
        }
        return StatusCode::OK;
    }
    if let Err(failure) = output::line(&receiver.format.line(&delivery)) {
        receiver.deduplicator.forget(delivery.id());
        // If there is one already, it ends the program.
        let _ = receiver.failed.try_send(failure);
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    StatusCode::OK
}
