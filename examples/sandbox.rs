//! Runs a SpKey in memory on a port, for clients in any language.
//!
//! ```sh
//! cargo run --example sandbox --features mock                              # http://127.0.0.1:8787
//! cargo run --example sandbox --features mock -- --port 9000 \
//!     --lock 1 --user 550e8400-e29b-41d4-a716-446655440000 \
//!     --unreachable 7 --fail set_owner=503 --fail add_key=lose-answer
//! cargo run --example sandbox --features mock -- --credential good-key      # any other is refused with 401
//! cargo run --example sandbox --features mock -- --operations              # what it has
//! curl -X POST -H "X-API-Key: anything" http://127.0.0.1:8787/locks/1/OpenLock
//! ```

use std::error::Error;
use std::net::TcpListener;

use spkey::mock::{Failure, Sandbox};
use spkey::{LockId, Operation, UserId};

/// The port of the service's own local environment.
const PORT: u16 = 8787;

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
    println!("SpKey in memory at {} until Ctrl-C; any credentials will do", sandbox.uri());
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
    failures: Vec<(&'static str, Failure)>,
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
            let value = arguments.next().ok_or_else(|| format!("{option} takes a value"))?;
            let lock = |value: &str| value.parse().map_err(|error| format!("{option}: {error}"));
            match option.as_str() {
                "--port" => options.port = Some(value.parse().map_err(|error| format!("--port: {error}"))?),
                "--lock" => options.locks.push(lock(&value)?),
                "--user" => options.users.push(value.parse().map_err(|error| format!("--user: {error}"))?),
                "--unreachable" => options.unreachable.push(lock(&value)?),
                "--credential" => options.credentials.push(value),
                "--fail" => options.failures.push(failure(&value)?),
                _ => return Err(format!("{option} is no option: see the head of examples/sandbox.rs")),
            }
        }
        Ok(options)
    }
}

/// `add_key=503`, `add_key=drop` or `add_key=lose-answer`.
fn failure(text: &str) -> Result<(&'static str, Failure), String> {
    let (id, how) = text.split_once('=').ok_or("--fail takes OPERATION=STATUS")?;
    let operation = Operation::find(id).ok_or_else(|| format!("--fail: there is no operation {id}"))?;
    let failure = match how {
        "drop" => Failure::Drop,
        "lose-answer" => Failure::LoseAnswer,
        _ => {
            let status = how.parse().ok().filter(|status| (400..600).contains(status));
            Failure::Status(status.ok_or("--fail: give a status from 400 to 599, drop or lose-answer")?)
        }
    };
    Ok((operation.id, failure))
}

pub(crate) async fn start(options: &Options) -> Result<Sandbox, Box<dyn Error>> {
    let sandbox = Sandbox::on(TcpListener::bind(("127.0.0.1", options.port.unwrap_or(PORT)))?).await?;
    let spkey = sandbox.client();
    for lock in &options.locks {
        let create = spkey.create_lock().lock_id(lock);
        let uuid = format!("00000000-0000-4000-8000-{:0>12}", lock.as_str());
        create.body_map(|body| body.index(1).uuid(uuid)).send().await?;
    }
    for user in &options.users {
        spkey.create_user().user_id(user).body_map(|body| body.user_id(user)).send().await?;
    }
    if !options.credentials.is_empty() {
        sandbox.accept_only(&options.credentials);
    }
    for lock in &options.unreachable {
        sandbox.unreachable(lock);
    }
    for (operation, failure) in &options.failures {
        sandbox.fail(operation, *failure);
    }
    Ok(sandbox)
}
