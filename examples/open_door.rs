//! Opens a lock once and says in words what came of it.
//!
//! ```sh
//! cargo run --example open_door --features mock -- 123 "parcel"
//! SPKEY_API_KEY=... cargo run --example open_door --features mock -- 123 "parcel"
//! ```
//!
//! It ends with 0 where the command went out, 1 where the door was not opened, and 2 where nobody knows.

use std::process::ExitCode;

use spkey::{Client, ErrorKind, LockId, Outcome};

#[path = "common/mod.rs"]
mod common;

#[tokio::main]
async fn main() -> ExitCode {
    match run(std::env::args().skip(1)).await {
        Ok(Opening { verdict, words }) => {
            println!("{words}");
            ExitCode::from(verdict as u8)
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(Verdict::NotOpened as u8)
        }
    }
}

/// Whether the door was told to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Opened = 0,
    NotOpened = 1,
    Unknown = 2,
}

pub(crate) struct Opening {
    pub(crate) verdict: Verdict,
    pub(crate) words: String,
}

pub(crate) async fn run(mut arguments: impl Iterator<Item = String>) -> Result<Opening, Box<dyn std::error::Error>> {
    let lock: LockId = arguments.next().unwrap_or_else(|| "123".to_owned()).parse()?;
    let reason = arguments.next();
    let service = common::connect().await?;
    if service.sandbox.is_some() {
        common::furnish(&service.client, &lock).await?;
    }
    Ok(open(&service.client, &lock, reason).await)
}

/// Opens the lock once. The client sends an opening again only where it cannot have arrived.
pub(crate) async fn open(spkey: &Client, lock: &LockId, reason: Option<String>) -> Opening {
    let Err(error) = spkey.open_lock().lock_id(lock).body_map(|body| body.reason(reason)).send().await else {
        let words = format!("Lock {lock} was told to open. Whether the door moved, only the door knows.");
        return Opening { verdict: Verdict::Opened, words };
    };
    let (verdict, words) = match (error.outcome(), error.kind(), error.status()) {
        (Outcome::Applied, ..) => {
            (Verdict::Opened, format!("Lock {lock} was told to open; only the answer could not be read."))
        }
        (Outcome::NotApplied, ErrorKind::Connect, _) => {
            (Verdict::NotOpened, "Not opened: the service could not be reached. Check the network.".to_owned())
        }
        (Outcome::NotApplied, _, Some(401)) => {
            (Verdict::NotOpened, "Not opened: the credentials are not good.".to_owned())
        }
        (Outcome::NotApplied, _, Some(403)) => {
            (Verdict::NotOpened, format!("Not opened: these credentials may not open lock {lock}."))
        }
        (Outcome::NotApplied, _, Some(404)) => (Verdict::NotOpened, format!("Not opened: there is no lock {lock}.")),
        (Outcome::NotApplied, ..) => (Verdict::NotOpened, format!("Not opened: {error}.")),
        (_, _, Some(502)) => (
            Verdict::Unknown,
            format!("Lock {lock} could not be reached, says the service. Look at the door before trying again."),
        ),
        _ => (
            Verdict::Unknown,
            format!("Nobody knows whether lock {lock} opened. Look at the door before trying again. ({error})"),
        ),
    };
    Opening { verdict, words }
}
