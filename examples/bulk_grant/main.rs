//! Grants users access to locks, by the thousand, from a CSV file with the columns user, lock, name of the lock, access
//! level and granting user.
//!
//! ```sh
//! cargo run --example bulk_grant --features mock                           # 2,000 grants of a made-up list
//! SPKEY_API_KEY=... cargo run --example bulk_grant --features mock -- grants.csv grants.journal
//! ```
//!
//! The journal beside the list records what is done. The program may be killed at any moment: run it a second time, and it
//! continues. What became of a grant whose response was lost is found out, in this run or the next. What the service rejected is
//! tried in the next run.

use std::error::Error;
use std::fmt::{self, Write};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use spkey::{Client, Confirmation, DEFAULT_SETTLE, Outcome};
use tokio::task::JoinSet;

#[path = "../common/mod.rs"]
mod common;
mod journal;
mod list;

use journal::{Journal, State};
use list::{BadLine, Grant};

type Failed = Box<dyn Error + Send + Sync>;

/// How many grants are sent at once.
const AT_ONCE: usize = 16;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let service = common::connect().await?;
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let (grants, journal) = match arguments.as_slice() {
        [grants, journal] => (grants.clone(), journal.clone()),
        [] if service.sandbox.is_some() => made_up(&service.client).await?,
        _ => return Err("give GRANTS.csv and JOURNAL".into()),
    };
    let report = run(&service.client, &grants, &journal, (AT_ONCE, DEFAULT_SETTLE), show_progress).await?;
    println!("{report}");
    Ok(())
}

/// One line that changes, for people: nothing where the output is not a terminal.
fn show_progress(done: usize, all: usize) {
    if std::io::stderr().is_terminal() {
        eprint!("\r{done} of {all} {}", if done == all { "\n" } else { "" });
    }
}

/// A list to try it with, and the users in it.
async fn made_up(spkey: &Client) -> Result<(PathBuf, PathBuf), Failed> {
    let mut text = list::HEADER.to_owned();
    for number in 1..=20 {
        let user = format!("00000000-0000-4000-8000-{number:012}");
        spkey.create_user(&user).send().await?;
        for lock in 1..=100 {
            writeln!(text, "{user},{lock},Door {lock},USER,{user}")?;
        }
    }
    let folder = std::env::temp_dir().join(format!("spkey-bulk-grant-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (grants, journal) = (folder.join("grants.csv"), folder.join("grants.journal"));
    std::fs::write(&grants, text)?;
    println!("the list is {}", grants.display());
    Ok((grants, journal))
}

/// The results of a list, over all runs.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) applied: usize,
    pub(crate) already_there: usize,
    /// Rejected by the service: the line and the reason.
    pub(crate) rejected: Vec<(u64, String)>,
    /// For a person to check: the line and the reason.
    pub(crate) unknown: Vec<(u64, String)>,
    pub(crate) bad_lines: Vec<BadLine>,
}

/// The result of one grant.
enum GrantResult {
    Applied,
    AlreadyThere,
    Rejected(String),
    Unknown(String),
}

/// Sends the grants of the list that the journal does not have yet: so many at once, each of which may act for so long.
pub(crate) async fn run(
    spkey: &Client,
    grants: &Path,
    journal: &Path,
    (at_once, settle): (usize, Duration),
    progress: impl Fn(usize, usize),
) -> Result<Report, Failed> {
    let (grants, bad_lines) = list::read(grants)?;
    let journal = Arc::new(Mutex::new(Journal::open(journal)?));
    let mut report = Report { bad_lines, ..Report::default() };
    let all = grants.len();
    let mut pending = JoinSet::new();
    for grant in grants {
        if pending.len() >= at_once
            && let Some(ended) = pending.join_next().await
        {
            report.take(ended??);
            progress(report.done(), all);
        }
        let (spkey, journal) = (spkey.clone(), Arc::clone(&journal));
        pending.spawn(async move { send(&spkey, &grant, &journal, settle).await.map(|result| (grant.line, result)) });
    }
    while let Some(ended) = pending.join_next().await {
        report.take(ended??);
        progress(report.done(), all);
    }
    Ok(report)
}

async fn send(
    spkey: &Client,
    grant: &Grant,
    journal: &Mutex<Journal>,
    settle: Duration,
) -> Result<GrantResult, Failed> {
    let key = grant.key();
    let before = lock(journal).state(&key);
    match &before {
        Some(State::Applied) => return Ok(GrantResult::Applied),
        Some(State::AlreadyThere) => return Ok(GrantResult::AlreadyThere),
        // An earlier run got no response.
        Some(State::Unknown(ticket)) => match spkey.confirm(ticket).settle(settle).await {
            Ok(Confirmation::InEffect(_)) => return note(journal, &key, State::Applied, GrantResult::Applied),
            Ok(other) => return Ok(GrantResult::Unknown(format!("an earlier run got no response: {other:?}"))),
            Err(error) => return Ok(GrantResult::Unknown(error.to_string())),
        },
        // An earlier run ended before the response; a second grant of the same lock is rejected.
        Some(State::Started) | None => lock(journal).note(&key, State::Started)?,
    }
    let call = spkey.add_accessible_lock(grant.user).lock_id(grant.lock).lock_name(&grant.lock_name);
    let call = call.access_level(grant.access_level.clone()).granted_by(grant.granted_by);
    let Err(error) = call.send().await else { return note(journal, &key, State::Applied, GrantResult::Applied) };
    let confirmation = error.confirm(spkey).settle(settle).await;
    match (error.outcome(), error.ticket()) {
        // A duplicate gets 400, and so does a mistake: a look tells which it is.
        (Outcome::NotApplied, _) => match confirmation {
            Ok(Confirmation::InEffect(_)) if before == Some(State::Started) => {
                note(journal, &key, State::Applied, GrantResult::Applied)
            }
            Ok(Confirmation::InEffect(_)) => note(journal, &key, State::AlreadyThere, GrantResult::AlreadyThere),
            _ => Ok(GrantResult::Rejected(error.to_string())),
        },
        (Outcome::Unknown, Some(ticket)) if !matches!(confirmation, Ok(Confirmation::InEffect(_))) => {
            note(journal, &key, State::Unknown(ticket.into()), GrantResult::Unknown(error.to_string()))
        }
        _ => note(journal, &key, State::Applied, GrantResult::Applied),
    }
}

fn note(journal: &Mutex<Journal>, key: &str, state: State, result: GrantResult) -> Result<GrantResult, Failed> {
    lock(journal).note(key, state)?;
    Ok(result)
}

fn lock(journal: &Mutex<Journal>) -> MutexGuard<'_, Journal> {
    journal.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Report {
    fn done(&self) -> usize {
        self.applied + self.already_there + self.rejected.len() + self.unknown.len()
    }

    fn take(&mut self, (line, result): (u64, GrantResult)) {
        match result {
            GrantResult::Applied => self.applied += 1,
            GrantResult::AlreadyThere => self.already_there += 1,
            GrantResult::Rejected(why) => self.rejected.push((line, why)),
            GrantResult::Unknown(why) => self.unknown.push((line, why)),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "applied        {}", self.applied)?;
        writeln!(f, "already there  {}", self.already_there)?;
        writeln!(f, "rejected       {}", self.rejected.len())?;
        for (line, why) in &self.rejected {
            writeln!(f, "  line {line}: {why}")?;
        }
        writeln!(f, "unknown        {} (for a person to check)", self.unknown.len())?;
        for (line, why) in &self.unknown {
            writeln!(f, "  line {line}: {why}")?;
        }
        write!(f, "bad lines      {} (skipped)", self.bad_lines.len())?;
        for BadLine { line, why } in &self.bad_lines {
            write!(f, "\n  line {line}: {why}")?;
        }
        Ok(())
    }
}
