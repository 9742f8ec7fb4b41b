//! `spkey sandbox`: a SpKey in memory, for clients in any language.

pub(crate) mod options;

use std::future::pending;
use std::net::TcpListener;

use serde_json::json;
use spkey::mock::Sandbox;
use spkey::{Error, LockId};

use crate::ctrl_c::until_ctrl_c;
use crate::failure::Failure;
use crate::output;
use crate::sandbox::options::SandboxOptions;

/// The user and the lock that are always there.
const USER: &str = "550e8400-e29b-41d4-a716-446655440000";
const EMAIL: &str = "ada@example.com";
const LOCK: u32 = 123;

/// Runs a sandbox until ctrl-c.
pub(crate) async fn run(options: &SandboxOptions, json: bool) -> Result<(), Failure> {
    let in_use = |error| {
        let port = options.port;
        Failure::local(format!("port {port} of this machine cannot be used: {error}: give another by --port"))
    };
    let listener = TcpListener::bind(("127.0.0.1", options.port)).map_err(in_use)?;
    let sandbox = Sandbox::on(listener).await.map_err(in_use)?;
    fill(&sandbox, options).await?;
    make_faulty(&sandbox, options);
    until_ctrl_c(async {
        output::line(&greeting(&sandbox.uri(), options, json))?;
        pending().await
    })
    .await
}

/// Creates the users and locks.
async fn fill(sandbox: &Sandbox, options: &SandboxOptions) -> Result<(), Error> {
    let spkey = sandbox.client();
    spkey.create_user(USER).email(EMAIL).first_name("Ada").send().await?;
    for user in &options.users {
        spkey.create_user(user).send().await?;
    }
    for lock in [LockId::try_from(LOCK)?].iter().chain(&options.locks) {
        let uuid = format!("00000000-0000-4000-8000-{lock:0>12}");
        spkey.create_lock(lock).index(1).uuid(uuid).send().await?;
    }
    Ok(())
}

/// Turns on what fails.
fn make_faulty(sandbox: &Sandbox, options: &SandboxOptions) {
    if !options.credentials.is_empty() {
        sandbox.accept_only(&options.credentials);
    }
    for lock in &options.unreachable {
        sandbox.unreachable(lock);
    }
    for hub in &options.offline_hubs {
        sandbox.hub_offline(hub);
    }
    for lag in &options.lags {
        sandbox.lag(lag.operation, lag.value);
    }
    for failure in &options.failures {
        sandbox.fail(failure.operation, failure.value);
    }
}

/// Says where it is and how it is called.
fn greeting(url: &str, options: &SandboxOptions, json: bool) -> String {
    if json {
        return json!({ "url": url, "user": USER, "lock": LOCK }).to_string();
    }
    let key = if options.credentials.is_empty() { "any" } else { "KEY" };
    format!(
        "SpKey in memory at {url} until ctrl-c, with user {USER} ({EMAIL}) and lock {LOCK}.\n\
         For this program and others that use spkey:\n  \
           export SPKEY_BASE_URL={url} SPKEY_API_KEY={key}\n\
         For clients in other languages:\n  \
           curl -X POST -H 'X-API-Key: {key}' -H 'Content-Type: application/json' {url}/locks/{LOCK}/OpenLock -d '{{}}'"
    )
}
