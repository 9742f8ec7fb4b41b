//! Records what is done in a file that only grows: one line for each change, written at once.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

pub(crate) struct Journal {
    file: File,
    states: HashMap<String, State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Started,
    Applied,
    AlreadyThere,
    Unknown,
}

const WORDS: [(&str, State); 4] = [
    ("started", State::Started),
    ("applied", State::Applied),
    ("already-there", State::AlreadyThere),
    ("unknown", State::Unknown),
];

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
        self.states.get(key).copied()
    }

    pub(crate) fn note(&mut self, key: &str, state: State) -> io::Result<()> {
        let word = WORDS.iter().find(|(_, of)| *of == state).map_or("", |(word, _)| word);
        self.file.write_all(format!("{word} {key}\n").as_bytes())?;
        self.states.insert(key.to_owned(), state);
        Ok(())
    }
}

fn read(line: &str) -> Option<(State, &str)> {
    let (word, key) = line.split_once(' ')?;
    let (_, state) = WORDS.iter().find(|(of, _)| *of == word)?;
    Some((*state, key))
}
