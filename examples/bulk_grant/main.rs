//! Shows locks to users, by the thousand, from a CSV file with the columns user, lock, name of the lock, access level and
//! granting user.
//!
//! ```sh
//! cargo run --example bulk_grant --features mock                           # 2,000 grants of a made-up list
//! SPKEY_API_KEY=... cargo run --example bulk_grant --features mock -- grants.csv grants.journal
//! ```
//!
//! The journal beside the list says what is done. Killed at any moment and run again, it goes on where it was: what was
//! under way is looked up before it is sent again. What the service refused is tried anew in the next run.

use std::error::Error;
use std::fmt::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indicatif::ProgressBar;
use spkey::{Client, Outcome};
use tokio::task::JoinSet;

#[path = "../common/mod.rs"]
mod common;
mod journal;
mod list;

use journal::{Journal, State};
use list::{BadLine, Grant};

type Failed = Box<dyn Error + Send + Sync>;

/// How many grants are under way at once.
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
    let report = run(&service.client, &grants, &journal, AT_ONCE, &ProgressBar::new(0)).await?;
    println!("{report}");
    Ok(())
}

/// A list to try it with, and the users in it.
async fn made_up(spkey: &Client) -> Result<(PathBuf, PathBuf), Failed> {
    let mut text = list::HEADER.to_owned();
    for number in 1..=20 {
        let user = format!("00000000-0000-4000-8000-{number:012}");
        spkey.create_user().user_id(user.as_str()).body_map(|body| body.user_id(user.as_str())).send().await?;
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

/// What became of a list, over all runs.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) applied: usize,
    pub(crate) already_there: usize,
    /// Refused by the service, by line and with why.
    pub(crate) refused: Vec<(u64, String)>,
    /// To be checked by a person, by line and with why.
    pub(crate) unknown: Vec<(u64, String)>,
    pub(crate) bad_lines: Vec<BadLine>,
}

/// What became of one grant.
enum Fate {
    Applied,
    AlreadyThere,
    Refused(String),
    Unknown(String),
}

/// Carries out what the list asks for and the journal does not have yet.
pub(crate) async fn run(
    spkey: &Client,
    grants: &Path,
    journal: &Path,
    at_once: usize,
    progress: &ProgressBar,
) -> Result<Report, Failed> {
    let (grants, bad_lines) = list::read(grants)?;
    let journal = Arc::new(Mutex::new(Journal::open(journal)?));
    let mut report = Report { bad_lines, ..Report::default() };
    progress.set_length(u64::try_from(grants.len())?);
    let mut under_way = JoinSet::new();
    for grant in grants {
        if under_way.len() >= at_once
            && let Some(ended) = under_way.join_next().await
        {
            report.take(ended??, progress);
        }
        let (spkey, journal) = (spkey.clone(), Arc::clone(&journal));
        under_way.spawn(async move { carry_out(&spkey, &grant, &journal).await.map(|fate| (grant.line, fate)) });
    }
    while let Some(ended) = under_way.join_next().await {
        report.take(ended??, progress);
    }
    progress.finish_and_clear();
    Ok(report)
}

async fn carry_out(spkey: &Client, grant: &Grant, journal: &Mutex<Journal>) -> Result<Fate, Failed> {
    let key = grant.key();
    let before = lock(journal).state(&key);
    match before {
        Some(State::Applied) => return Ok(Fate::Applied),
        Some(State::AlreadyThere) => return Ok(Fate::AlreadyThere),
        // It was under way when an earlier run ended, or its answer was lost.
        Some(State::Started | State::Unknown) => match is_there(spkey, grant).await {
            Ok(true) => return note(journal, &key, State::Applied, Fate::Applied),
            Ok(false) if before == Some(State::Started) => {}
            Ok(false) => return Ok(Fate::Unknown("an earlier run got no answer, and it is not there".to_owned())),
            Err(error) => return Ok(Fate::Unknown(error.to_string())),
        },
        None => {}
    }
    lock(journal).note(&key, State::Started)?;
    let call = spkey.add_accessible_lock().user_id(&grant.user).body_map(|body| {
        let body = body.lock_id(&grant.lock).lock_name(grant.lock_name.as_str());
        body.access_level(grant.access_level.clone()).granted_by(&grant.granted_by)
    });
    let Err(error) = call.send().await else { return note(journal, &key, State::Applied, Fate::Applied) };
    match error.outcome() {
        Outcome::Applied => note(journal, &key, State::Applied, Fate::Applied),
        Outcome::NotApplied => {
            // A duplicate is refused with 400, as are mistakes: only a look tells them apart.
            if error.status() == Some(400) && is_there(spkey, grant).await.unwrap_or(false) {
                return note(journal, &key, State::AlreadyThere, Fate::AlreadyThere);
            }
            Ok(Fate::Refused(error.to_string()))
        }
        Outcome::Unknown => {
            if is_there(spkey, grant).await.unwrap_or(false) {
                return note(journal, &key, State::Applied, Fate::Applied);
            }
            note(journal, &key, State::Unknown, Fate::Unknown(error.to_string()))
        }
    }
}

async fn is_there(spkey: &Client, grant: &Grant) -> Result<bool, spkey::Error> {
    let locks = spkey.get_accessible_locks().user_id(&grant.user).send().await?.into_inner().locks;
    Ok(locks.iter().any(|lock| lock.lock_id == grant.lock))
}

fn note(journal: &Mutex<Journal>, key: &str, state: State, fate: Fate) -> Result<Fate, Failed> {
    lock(journal).note(key, state)?;
    Ok(fate)
}

fn lock(journal: &Mutex<Journal>) -> MutexGuard<'_, Journal> {
    journal.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Report {
    fn take(&mut self, (line, fate): (u64, Fate), progress: &ProgressBar) {
        progress.inc(1);
        match fate {
            Fate::Applied => self.applied += 1,
            Fate::AlreadyThere => self.already_there += 1,
            Fate::Refused(why) => self.refused.push((line, why)),
            Fate::Unknown(why) => self.unknown.push((line, why)),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "applied        {}", self.applied)?;
        writeln!(f, "already there  {}", self.already_there)?;
        writeln!(f, "refused        {}", self.refused.len())?;
        for (line, why) in &self.refused {
            writeln!(f, "  line {line}: {why}")?;
        }
        writeln!(f, "unknown        {} (to be checked by a person)", self.unknown.len())?;
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
