//! Opens a lock once and says in plain words what happened.
//!
//! ```sh
//! cargo run --example open_door --features mock -- 123 "parcel"
//! SPKEY_API_KEY=... cargo run --example open_door --features mock -- 123 "parcel"
//! ```
//!
//! The exit code is 0 if the lock got the command, 1 if it did not, and 2 if nobody knows.

use std::process::ExitCode;

use spkey::{Client, LockId, Outcome};

#[path = "common/mod.rs"]
mod common;

#[tokio::main]
async fn main() -> ExitCode {
    match run(std::env::args().skip(1)).await {
        Ok(Opening { verdict, message }) => {
            println!("{message}");
            ExitCode::from(verdict as u8)
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(Verdict::NotOpened as u8)
        }
    }
}

/// Whether the lock got the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Opened = 0,
    NotOpened = 1,
    Unknown = 2,
}

pub(crate) struct Opening {
    pub(crate) verdict: Verdict,
    pub(crate) message: String,
}

pub(crate) async fn run(mut arguments: impl Iterator<Item = String>) -> Result<Opening, Box<dyn std::error::Error>> {
    let lock: LockId = arguments.next().unwrap_or_else(|| "123".to_owned()).parse()?;
    let reason = arguments.next();
    let service = common::connect().await?;
    if service.sandbox.is_some() {
        common::create_lock(&service.client, lock).await?;
    }
    Ok(open(&service.client, lock, reason).await)
}

/// Opens the lock once: the client retries only if the command cannot have arrived.
pub(crate) async fn open(spkey: &Client, lock: LockId, reason: Option<String>) -> Opening {
    let Err(error) = spkey.open_lock(lock).reason(reason).send().await else {
        let message = format!("Lock {lock} got the command to open. Whether the door moved, only a look can tell.");
        return Opening { verdict: Verdict::Opened, message };
    };
    let (verdict, message) = match error.outcome() {
        Outcome::Applied => {
            (Verdict::Opened, format!("Lock {lock} got the command to open, but the response could not be read."))
        }
        Outcome::NotApplied => (Verdict::NotOpened, not_opened(lock, &error)),
        // The service says 502 if it does not reach the lock.
        Outcome::Unknown if error.status() == Some(502) => (
            Verdict::Unknown,
            format!("The service did not reach lock {lock}. Look at the door before you try a second time."),
        ),
        Outcome::Unknown => (
            Verdict::Unknown,
            format!(
                "Nobody knows whether lock {lock} opened. Look at the door before you try a second time. ({error})"
            ),
        ),
    };
    Opening { verdict, message }
}

fn not_opened(lock: LockId, error: &spkey::Error) -> String {
    match error.status() {
        _ if error.is_connect() => "Not opened: the service was not reached. Check the network.".to_owned(),
        Some(401) => "Not opened: the service rejected the credentials.".to_owned(),
        Some(403) => format!("Not opened: these credentials do not allow to open lock {lock}."),
        Some(404) => format!("Not opened: there is no lock {lock}."),
        _ => format!("Not opened: {error}."),
    }
}
