//! The examples, run.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends with it")]

macro_rules! example {
    ($name:ident, $path:literal) => {
        #[allow(clippy::duplicate_mod, dead_code, reason = "an example is a program of its own")]
        #[path = $path]
        mod $name;
    };
}

example!(axum_service, "../../examples/axum_service.rs");
example!(bulk_grant, "../../examples/bulk_grant/main.rs");
example!(onboard_resident, "../../examples/onboard_resident.rs");
example!(open_door, "../../examples/open_door.rs");
example!(sandbox, "../../examples/sandbox.rs");

mod backend;
mod bulk;
mod door;
mod onboarding;
mod readme;

use spkey::mock::Sandbox;
use spkey::{Client, LockId};

/// A sandbox with a lock, and a client of it.
async fn with_lock(lock: u32) -> (Sandbox, Client, LockId) {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    client.create_lock(lock).index(1).uuid("0a1b2c3d-0000-4000-8000-0000000000ff").send().await.unwrap();
    (sandbox, client, LockId::try_from(lock).unwrap())
}
