//! The list of grants, line by line.

use std::collections::HashMap;
use std::path::Path;

use csv::StringRecord;
use spkey::types::AccessLevel;
use spkey::{LockId, UserId};

/// The first line of a list.
pub(crate) const HEADER: &str = "user,lock,lock_name,access_level,granted_by\n";

pub(crate) struct Grant {
    pub(crate) line: u64,
    pub(crate) user: UserId,
    pub(crate) lock: LockId,
    pub(crate) lock_name: String,
    pub(crate) access_level: AccessLevel,
    pub(crate) granted_by: UserId,
}

/// A line that is no grant, and why.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadLine {
    pub(crate) line: u64,
    pub(crate) why: String,
}

impl Grant {
    /// What identifies it.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.user, self.lock)
    }

    fn read(record: &StringRecord, line: u64) -> Result<Self, String> {
        let field = |index: usize, name: &str| record.get(index).ok_or_else(|| format!("{name} is missing"));
        let named = |name: &'static str| move |error: &dyn std::fmt::Display| format!("{name}: {error}");
        if record.len() > 5 {
            return Err("it has more than five fields".to_owned());
        }
        Ok(Self {
            line,
            user: field(0, "user")?.parse().map_err(|error| named("user")(&error))?,
            lock: field(1, "lock")?.parse().map_err(|error| named("lock")(&error))?,
            lock_name: field(2, "lock_name")?.to_owned(),
            access_level: field(3, "access_level")?.parse().map_err(|error| named("access_level")(&error))?,
            granted_by: field(4, "granted_by")?.parse().map_err(|error| named("granted_by")(&error))?,
        })
    }
}

/// Reads a list: the grants, and the lines that are none.
pub(crate) fn read(path: &Path) -> Result<(Vec<Grant>, Vec<BadLine>), csv::Error> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_path(path)?;
    let (mut grants, mut bad_lines) = (Vec::new(), Vec::new());
    let mut lines = HashMap::new();
    for record in reader.records() {
        let read = match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                Grant::read(&record, line).map_err(|why| BadLine { line, why })
            }
            // A text that is not UTF-8 is one bad line; a file that cannot be read is the end.
            Err(error) => match (error.is_io_error(), error.position()) {
                (false, Some(position)) => Err(BadLine { line: position.line(), why: "it is not UTF-8".to_owned() }),
                _ => return Err(error),
            },
        };
        match read {
            Ok(grant) => {
                let first = *lines.entry(grant.key()).or_insert(grant.line);
                if first == grant.line {
                    grants.push(grant);
                } else {
                    bad_lines.push(BadLine { line: grant.line, why: format!("it repeats line {first}") });
                }
            }
            Err(bad) => bad_lines.push(bad),
        }
    }
    Ok((grants, bad_lines))
}
