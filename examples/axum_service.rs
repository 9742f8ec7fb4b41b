//! A small backend in front of SpKey: all requests share one client, with time limits and error messages of its own.
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
use spkey::{Client, ConversionError, Error, LockId, Outcome};
use tokio::net::TcpListener;

#[path = "common/mod.rs"]
mod common;

/// How long a visitor waits at most.
const TIME_LIMIT: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let service = common::connect().await?;
    if service.sandbox.is_some() {
        common::create_lock(&service.client, LockId::try_from(123)?).await?;
    }
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router(service.client)).await?;
    Ok(())
}

/// The routes. A client is cheap to clone: axum gives one to every request, and all of them share connections and limits.
pub(crate) fn router(spkey: Client) -> Router {
    Router::new()
        .route("/doors/{lock}/open", post(open))
        .route("/doors/{lock}/residents", get(residents))
        .with_state(spkey.with_timeout(TIME_LIMIT).with_attempt_timeout(TIME_LIMIT))
}

async fn open(State(spkey): State<Client>, Path(lock): Path<String>) -> Result<Json<Value>, Rejected> {
    let lock: LockId = lock.parse()?;
    let opened = spkey.open_lock(lock).send().await?;
    Ok(Json(json!({ "lock": lock, "opened": true, "version": opened.version })))
}

async fn residents(State(spkey): State<Client>, Path(lock): Path<String>) -> Result<Json<Value>, Rejected> {
    let lock: LockId = lock.parse()?;
    let residents = spkey.get_residents(lock).send().await?.into_inner().residents;
    let names: Vec<_> = residents.into_iter().filter_map(|resident| resident.name).collect();
    Ok(Json(json!({ "lock": lock, "residents": names })))
}

/// What a visitor sees. Whether the backend's own credentials are valid is no visitor's concern: never a 401.
#[derive(Debug)]
pub(crate) struct Rejected {
    status: StatusCode,
    message: &'static str,
}

impl From<ConversionError> for Rejected {
    fn from(_: ConversionError) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: "this is not a lock's id" }
    }
}

impl From<Error> for Rejected {
    fn from(error: Error) -> Self {
        // For the log of those who run the backend. It has no credentials in it.
        eprintln!("{error}");
        let (status, message) = match error.outcome() {
            Outcome::Unknown => (StatusCode::GATEWAY_TIMEOUT, "the door may have opened: look before you try again"),
            Outcome::Applied => (StatusCode::OK, "the door got the command"),
            _ if error.is_connect() => (StatusCode::BAD_GATEWAY, "the door service is not reachable"),
            _ if error.is_not_found() => (StatusCode::NOT_FOUND, "there is no such door"),
            _ if error.is_rate_limited() => (StatusCode::SERVICE_UNAVAILABLE, "too many requests: try again later"),
            Outcome::NotApplied => (StatusCode::INTERNAL_SERVER_ERROR, "it did not work: call the operator"),
        };
        Self { status, message }
    }
}

impl IntoResponse for Rejected {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "message": self.message }))).into_response()
    }
}
