//! Where the examples run: against the service, with credentials from the environment, or against a sandbox in memory.

use spkey::Client;
use spkey::mock::Sandbox;

pub(crate) struct Service {
    pub(crate) client: Client,
    /// The sandbox behind the client, if it is one. It runs until it is dropped.
    pub(crate) sandbox: Option<Sandbox>,
}

/// Connects to the service that the environment names: see `Client::from_env`. If it names none, starts a sandbox.
pub(crate) async fn connect() -> Result<Service, spkey::Error> {
    let named = ["SPKEY_API_KEY", "SPKEY_TOKEN", "SPKEY_BASE_URL"].iter().any(|name| std::env::var_os(name).is_some());
    if named {
        return Ok(Service { client: Client::from_env()?, sandbox: None });
    }
    eprintln!("SPKEY_API_KEY and SPKEY_TOKEN are not set: this runs against a sandbox in memory");
    let sandbox = Sandbox::start().await;
    Ok(Service { client: sandbox.client(), sandbox: Some(sandbox) })
}

/// Creates a lock in a sandbox.
#[allow(dead_code, reason = "not every example needs a lock")]
pub(crate) async fn create_lock(spkey: &Client, lock: spkey::LockId) -> Result<(), spkey::Error> {
    spkey.create_lock(lock).index(1).uuid("0a1b2c3d-0000-4000-8000-0000000000ff").send().await?;
    Ok(())
}
