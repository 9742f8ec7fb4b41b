//! A small backend in front of SpKey: one client, shared by all requests, with time limits and errors of its own.
//!
//! ```sh
//! cargo run --example axum_service --features mock
//! curl -X POST http://127.0.0.1:3000/doors/123/open
//! curl http://127.0.0.1:3000/doors/123/residents
//! ```

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use spkey::{Client, ConversionError, Error, ErrorKind, LockId, Outcome};
use tokio::net::TcpListener;

#[path = "common/mod.rs"]
mod common;

/// How long a visitor waits at most.
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let service = common::connect().await?;
    if service.sandbox.is_some() {
        common::furnish(&service.client, &LockId::try_from(123)?).await?;
    }
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router(service.client)).await?;
    Ok(())
}

/// The routes. The client is cheap to clone: axum gives every request one, and all of them share connections and limits.
pub(crate) fn router(spkey: Client) -> Router {
    let routes = Router::new().route("/doors/{lock}/open", post(open)).route("/doors/{lock}/residents", get(residents));
    routes.with_state(spkey.with_timeout(PATIENCE).with_attempt_timeout(PATIENCE))
}

async fn open(State(spkey): State<Client>, Path(lock): Path<String>) -> Result<Json<Value>, Refused> {
    let lock: LockId = lock.parse()?;
    let opened = spkey.open_lock().lock_id(&lock).send().await?;
    Ok(Json(json!({ "lock": lock, "opened": true, "version": opened.version })))
}

async fn residents(State(spkey): State<Client>, Path(lock): Path<String>) -> Result<Json<Value>, Refused> {
    let lock: LockId = lock.parse()?;
    let residents = spkey.get_residents().lock_id(&lock).send().await?.into_inner().residents;
    let names: Vec<_> = residents.into_iter().filter_map(|resident| resident.name).collect();
    Ok(Json(json!({ "lock": lock, "residents": names })))
}

/// What a visitor is told. Our own credentials are our own affair: a refused key is no 401 for the visitor.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    message: &'static str,
}

impl From<ConversionError> for Refused {
    fn from(_: ConversionError) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: "that is no lock's id" }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        // The whole error is for the log of those who run the backend, and has no credentials in it.
        eprintln!("{error}");
        let (status, message) = match (error.outcome(), error.kind(), error.status()) {
            (Outcome::Unknown, ..) => (StatusCode::GATEWAY_TIMEOUT, "it may have been done: look before trying again"),
            (Outcome::Applied, ..) => (StatusCode::OK, "it was done"),
            (_, ErrorKind::Connect, _) => (StatusCode::BAD_GATEWAY, "the door service cannot be reached"),
            (_, _, Some(404)) => (StatusCode::NOT_FOUND, "there is no such door"),
            (_, _, Some(429)) => (StatusCode::SERVICE_UNAVAILABLE, "too busy: try again later"),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "it was not done: tell whoever runs this"),
        };
        Self { status, message }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "message": self.message }))).into_response()
    }
}
