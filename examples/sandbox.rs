//! Runs a SpKey in memory on a port, until ctrl-c.
//!
//! ```sh
//! cargo run --example sandbox --features mock
//! curl -X POST -H "X-API-Key: any" http://127.0.0.1:8787/locks/123/OpenLock -d {}
//! ```
//!
//! `spkey sandbox` on the command line can do more: other ports, users, locks and credentials, and calls that fail. `Sandbox` has
//! a method for each.

use std::error::Error;
use std::net::TcpListener;

use spkey::mock::Sandbox;

/// The address of the service's own local environment.
const ADDRESS: &str = "127.0.0.1:8787";
/// The user and the lock of the README.
const USER: &str = "550e8400-e29b-41d4-a716-446655440000";
const LOCK: u32 = 123;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = start(TcpListener::bind(ADDRESS)?).await?;
    println!("SpKey in memory at {} until ctrl-c, with user {USER} and lock {LOCK}", sandbox.uri());
    tokio::signal::ctrl_c().await?;
    Ok(())
}

/// Starts the sandbox, and fills it as a program would fill the service.
pub(crate) async fn start(listener: TcpListener) -> Result<Sandbox, Box<dyn Error>> {
    let sandbox = Sandbox::on(listener).await?;
    let spkey = sandbox.client();
    spkey.create_user(USER).email("ada@example.com").first_name("Ada").send().await?;
    spkey.create_lock(LOCK).index(1).uuid("00000000-0000-4000-8000-000000000123").send().await?;
    Ok(sandbox)
}
