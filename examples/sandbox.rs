//! Runs a SpKey in memory on a port, for clients in any language.
//!
//! ```sh
//! cargo run --example sandbox --features mock                              # http://127.0.0.1:8787
//! curl -X POST -H "X-API-Key: any" http://127.0.0.1:8787/locks/123/OpenLock -d {}
//! ```
//!
//! It has user 550e8400-e29b-41d4-a716-446655440000 (ada@example.com) and lock 123. Options add more, or make calls fail:
//!
//! ```sh
//! cargo run --example sandbox --features mock -- --port 9000 --lock 7 --user 0a1b2c3d-0000-4000-8000-000000000001
//! cargo run --example sandbox --features mock -- --unreachable 123         # opening lock 123 responds with 502
//! cargo run --example sandbox --features mock -- --hub-offline hub-1       # so does every command for that hub
//! cargo run --example sandbox --features mock -- --fail set_owner=503 --fail add_key=lose-response --fail add_device=lose-request
//! cargo run --example sandbox --features mock -- --fail open_lock=act-late:30      # the connection breaks, it opens 30 s later
//! cargo run --example sandbox --features mock -- --lag get_owned_locks=5   # shows the state of 5 s ago
//! cargo run --example sandbox --features mock -- --credential good-key     # any other credential gets 401
//! cargo run --example sandbox --features mock -- --operations              # lists the operations that it has
//! ```

use std::error::Error;
use std::net::TcpListener;
use std::time::Duration;

use spkey::mock::{Failure, Sandbox};
use spkey::{LockId, Operation, RetryClass, UserId};

/// The port of the service's own local environment.
const PORT: u16 = 8787;
/// The user and the lock that are always there: those of the README.
const USER: &str = "550e8400-e29b-41d4-a716-446655440000";
const EMAIL: &str = "ada@example.com";
const LOCK: u32 = 123;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse(std::env::args().skip(1))?;
    if options.list_operations {
        for operation in Sandbox::operations() {
            println!("{}", operation.id);
        }
        return Ok(());
    }
    let sandbox = start(&options).await?;
    println!("SpKey in memory at {} until Ctrl-C, with user {USER} and lock {LOCK}", sandbox.uri());
    tokio::signal::ctrl_c().await?;
    Ok(())
}

/// What the command line says.
#[derive(Debug, Default)]
pub(crate) struct Options {
    port: Option<u16>,
    locks: Vec<LockId>,
    users: Vec<UserId>,
    unreachable: Vec<LockId>,
    offline_hubs: Vec<String>,
    failures: Vec<(&'static str, Failure)>,
    lags: Vec<(&'static str, Duration)>,
    credentials: Vec<String>,
    list_operations: bool,
}

impl Options {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(option) = arguments.next() {
            if option == "--operations" {
                options.list_operations = true;
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{option} needs a value"))?;
            let lock = |value: &str| value.parse().map_err(|error| format!("{option}: {error}"));
            match option.as_str() {
                "--port" => options.port = Some(value.parse().map_err(|error| format!("--port: {error}"))?),
                "--lock" => options.locks.push(lock(&value)?),
                "--user" => options.users.push(value.parse().map_err(|error| format!("--user: {error}"))?),
                "--unreachable" => options.unreachable.push(lock(&value)?),
                "--hub-offline" => options.offline_hubs.push(value),
                "--lag" => options.lags.push(lag(&value)?),
                "--credential" => options.credentials.push(value),
                "--fail" => options.failures.push(failure(&value)?),
                _ => return Err(format!("{option} is no option: see the top of examples/sandbox.rs")),
            }
        }
        Ok(options)
    }
}

/// `add_key=503`, `add_key=lose-request`, `add_key=lose-response` or `add_key=act-late:30`.
fn failure(text: &str) -> Result<(&'static str, Failure), String> {
    let (operation, how) = of_operation("--fail", text)?;
    let failure = match how {
        "lose-request" => Failure::LoseRequest,
        "lose-response" => Failure::LoseResponse,
        _ => match how.strip_prefix("act-late:") {
            Some(delay) => Failure::ActLate(seconds("--fail", delay)?),
            None => status(how)?,
        },
    };
    Ok((operation.id, failure))
}

fn status(text: &str) -> Result<Failure, String> {
    let status = text.parse().ok().filter(|status| (400..600).contains(status));
    let known = "--fail: give a status from 400 to 599, lose-request, lose-response or act-late:SECONDS";
    status.map(Failure::Status).ok_or_else(|| known.to_owned())
}

/// `get_owned_locks=5`.
fn lag(text: &str) -> Result<(&'static str, Duration), String> {
    let (operation, by) = of_operation("--lag", text)?;
    if operation.retry != RetryClass::Safe {
        return Err(format!("--lag: {} does more than read", operation.id));
    }
    Ok((operation.id, seconds("--lag", by)?))
}

/// An operation, and what is behind the `=`.
fn of_operation<'a>(option: &str, text: &'a str) -> Result<(&'static Operation, &'a str), String> {
    let (id, value) = text.split_once('=').ok_or_else(|| format!("{option} takes OPERATION=VALUE"))?;
    let operation = Operation::find(id).ok_or_else(|| format!("{option}: there is no operation {id}"))?;
    Ok((operation, value))
}

fn seconds(option: &str, text: &str) -> Result<Duration, String> {
    text.parse().map(Duration::from_secs).map_err(|_| format!("{option}: give whole seconds, not {text:?}"))
}

/// Starts the sandbox and fills it.
pub(crate) async fn start(options: &Options) -> Result<Sandbox, Box<dyn Error>> {
    let sandbox = Sandbox::on(TcpListener::bind(("127.0.0.1", options.port.unwrap_or(PORT)))?).await?;
    let spkey = sandbox.client();
    spkey.create_user(USER).email(EMAIL).first_name("Ada").send().await?;
    for user in &options.users {
        spkey.create_user(user).send().await?;
    }
    for lock in [LOCK.try_into()?].iter().chain(&options.locks) {
        let uuid = format!("00000000-0000-4000-8000-{lock:0>12}");
        spkey.create_lock(lock).index(1).uuid(uuid).send().await?;
    }
    if !options.credentials.is_empty() {
        sandbox.accept_only(&options.credentials);
    }
    for lock in &options.unreachable {
        sandbox.unreachable(lock);
    }
    for hub in &options.offline_hubs {
        sandbox.hub_offline(hub);
    }
    for (operation, lag) in &options.lags {
        sandbox.lag(operation, *lag);
    }
    for (operation, failure) in &options.failures {
        sandbox.fail(operation, *failure);
    }
    Ok(sandbox)
}
