//! Where the examples run: against the real service with credentials in the environment, otherwise in memory.

use spkey::Client;
use spkey::mock::Sandbox;

/// A client, and the sandbox that it is of, where it is of one.
pub(crate) struct Service {
    pub(crate) client: Client,
    /// It runs as long as it is held.
    pub(crate) sandbox: Option<Sandbox>,
}

/// Connects to the service that the environment names: see `Client::from_env`. Starts a sandbox where it names none.
pub(crate) async fn connect() -> Result<Service, spkey::Error> {
    let named = ["SPKEY_API_KEY", "SPKEY_TOKEN", "SPKEY_BASE_URL"].iter().any(|name| std::env::var_os(name).is_some());
    if named {
        return Ok(Service { client: Client::from_env()?, sandbox: None });
    }
    eprintln!("no SPKEY_API_KEY or SPKEY_TOKEN: running against a sandbox in memory");
    let sandbox = Sandbox::start().await;
    Ok(Service { client: sandbox.client(), sandbox: Some(sandbox) })
}

/// Gives a sandbox a lock to try things with.
#[allow(dead_code, reason = "not every example needs a lock")]
pub(crate) async fn furnish(spkey: &Client, lock: &spkey::LockId) -> Result<(), spkey::Error> {
    let create = spkey.create_lock().lock_id(lock);
    create.body_map(|body| body.index(1).uuid("0a1b2c3d-0000-4000-8000-0000000000ff")).send().await?;
    Ok(())
}
