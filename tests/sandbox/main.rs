//! The sandbox behaves as the service is documented to.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends with it")]

mod cameras;
mod coverage;
mod events;
mod failures;
mod guests;
mod hubs;
mod inventory;
mod lags;
mod locks;
mod matter_devices;
mod requests;
mod rtsp_cameras;
mod users;

use spkey::mock::Sandbox;
use spkey::{Client, Error};

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";
const STAFF: &str = "0a1b2c3d-0000-4000-8000-000000000002";
const LOCK_UUID: &str = "0a1b2c3d-0000-4000-8000-0000000000ff";

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    (sandbox, client)
}

/// A sandbox with the user and lock 1.
async fn with_user_and_lock() -> (Sandbox, Client) {
    let (sandbox, spkey) = start().await;
    create_user_and_lock(&spkey).await;
    (sandbox, spkey)
}

/// Creates the user and lock 1.
async fn create_user_and_lock(spkey: &Client) {
    spkey.create_user(USER).email("ada@example.com").first_name("Ada").send().await.unwrap();
    spkey.create_lock(1).index(1).uuid(LOCK_UUID).send().await.unwrap();
}

#[track_caller]
fn status<T: std::fmt::Debug>(result: Result<T, Error>) -> u16 {
    result.unwrap_err().status().unwrap()
}

/// The type of a command's event.
fn kind(event: Option<&spkey::SensitiveJson>) -> Option<String> {
    event.map(|event| event["type"].as_str().unwrap().to_owned())
}
