//! What is said to the maintainer: what was written and what is to be done there, and what else changed.

use std::fmt::{self, Write};

use serde_json::Value;

use crate::addition::Addition;
use crate::change::{Change, Level};
use crate::document::find;
use crate::note::{Note, Task};
use crate::yaml_lines::Lines;

/// What differs, what was written, and what is to be done.
#[derive(Debug, Default)]
pub struct Report {
    /// What the published document has in addition, each with what it means for the crate's version.
    pub additions: Vec<(String, Level, &'static str)>,
    /// What it has otherwise, or no longer.
    pub changes: Vec<Change>,
    /// What is to be done, in the order of the contract's lines.
    pub tasks: Vec<(usize, Note)>,
}

impl Report {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.additions.is_empty() && self.changes.is_empty()
    }

    pub(crate) fn add(&mut self, addition: &Addition) {
        let (level, meaning) = addition.new.meaning();
        let mut place = addition.places.iter().take(2).cloned().collect::<Vec<_>>().join(" and ");
        if addition.places.len() > 2 {
            _ = write!(place, " and {} more", addition.places.len() - 2);
        }
        self.additions.push((format!("{place}: {}", addition.new.words()), level, meaning));
    }

    pub(crate) fn note(&mut self, lines: &Lines, contract: &Value, notes: Vec<Note>) {
        self.tasks = notes.into_iter().map(|note| (lines.number(&note.at), note)).collect();
        self.tasks.sort_by_key(|(line, _)| *line);
        for (_, note) in &mut self.tasks {
            name_parameter(&mut note.at, contract);
        }
    }

    fn write_tasks(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.tasks.is_empty() {
            return Ok(());
        }
        let to_write = self.tasks.iter().filter(|(_, note)| matches!(note.task, Task::Write { .. })).count();
        writeln!(
            f,
            "\nTo do in openapi/spkey.yaml, by line. {to_write} texts are to be written, in words of our own: the"
        )?;
        writeln!(f, "build fails until they are. What the service says is in quotes.")?;
        let mut last = Vec::new();
        for (line, note) in &self.tasks {
            let head = note.at.iter().take(3).cloned().collect::<Vec<_>>();
            if head != last {
                writeln!(f, "\n  {}", title(&head))?;
                last = head;
            }
            let rest = note.at.iter().skip(3).filter(|key| *key != "properties").cloned().collect::<Vec<_>>().join(".");
            let rest = if rest.is_empty() { String::new() } else { format!("{rest}: ") };
            writeln!(f, "  {line:>5}  {rest}{}", note.task)?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "nothing to adopt: our contract is the published one");
        }
        let mut meanings: Vec<(Level, &str)> =
            self.additions.iter().map(|(_, level, meaning)| (*level, *meaning)).collect();
        meanings.sort_unstable();
        meanings.dedup();
        for (level, meaning) in meanings {
            writeln!(f, "\nNew ({level}): {meaning}.")?;
            for (line, ..) in self.additions.iter().filter(|(_, _, other)| *other == meaning) {
                writeln!(f, "  {line}")?;
            }
        }
        let mut kinds: Vec<_> = self.changes.iter().map(|change| change.kind.meaning()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for (level, meaning) in kinds {
            writeln!(f, "\nChanged ({level}): {meaning}.")?;
            for change in self.changes.iter().filter(|change| change.kind.meaning().1 == meaning) {
                writeln!(f, "  {change}")?;
            }
        }
        self.write_tasks(f)?;
        let highest = self.additions.iter().map(|(_, level, _)| *level).max();
        let changed = self.changes.iter().map(|change| change.kind.meaning().0).max();
        writeln!(
            f,
            "\nSummary: {} additions ({}), {} changes and removals to decide ({}). While the version is 0.y.z, a major change \
             raises y, every other one z.",
            self.additions.len(),
            highest.map_or("none".into(), |level| format!("at most {level}")),
            self.changes.len(),
            changed.map_or("none".into(), |level| format!("at most {level} if followed")),
        )
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Write { service } if service.is_empty() => f.write_str("write; the service says nothing"),
            Self::Write { service } => write!(f, "write; \"{service}\""),
            Self::Decide(what) => write!(f, "decide: {what}"),
            Self::Check(what) => write!(f, "check: {what}"),
            Self::Describe(what) => write!(f, "describe: {what}"),
        }
    }
}

/// A parameter is known by its name, not by its number in the list.
fn name_parameter(at: &mut [String], contract: &Value) {
    if at.get(3).is_some_and(|key| key == "parameters")
        && let Some(parameter) = at.get(..5).and_then(|at| find(contract, at))
        && let Some(name) = parameter["name"].as_str()
    {
        name.clone_into(&mut at[4]);
    }
}

/// An operation or a schema, as a person knows it.
fn title(head: &[String]) -> String {
    match head {
        [first, path, method] if first == "paths" => format!("{} {path}", method.to_uppercase()),
        [.., name] => name.clone(),
        [] => String::new(),
    }
}
