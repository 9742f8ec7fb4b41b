//! Records what is done in a file that only grows: one line for each change, written at once.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use spkey::Ticket;

pub(crate) struct Journal {
    file: File,
    states: HashMap<String, State>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    Started,
    Applied,
    AlreadyThere,
    /// Got no response; the ticket tells more.
    Unknown(Box<Ticket>),
}

impl Journal {
    /// Opens or creates the journal. A last line that a kill truncated is removed.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(u64::try_from(whole).unwrap_or_default())?;
        let mut states = HashMap::new();
        for line in text[..whole].lines() {
            let Some((state, key)) = read(line) else {
                return Err(io::Error::other(format!("{}: `{line}` is no line of a journal", path.display())));
            };
            states.insert(key.to_owned(), state);
        }
        Ok(Self { file, states })
    }

    pub(crate) fn state(&self, key: &str) -> Option<State> {
        self.states.get(key).cloned()
    }

    pub(crate) fn note(&mut self, key: &str, state: State) -> io::Result<()> {
        let line = match &state {
            State::Started => format!("started {key}\n"),
            State::Applied => format!("applied {key}\n"),
            State::AlreadyThere => format!("already-there {key}\n"),
            State::Unknown(ticket) => format!("unknown {key} {}\n", serde_json::to_string(ticket)?),
        };
        self.file.write_all(line.as_bytes())?;
        self.states.insert(key.to_owned(), state);
        Ok(())
    }
}

fn read(line: &str) -> Option<(State, &str)> {
    let (word, key) = line.split_once(' ')?;
    Some(match word {
        "started" => (State::Started, key),
        "applied" => (State::Applied, key),
        "already-there" => (State::AlreadyThere, key),
        "unknown" => {
            let start = key.find(" {")?;
            (State::Unknown(serde_json::from_str(&key[start..]).ok()?), &key[..start])
        }
        _ => return None,
    })
}
