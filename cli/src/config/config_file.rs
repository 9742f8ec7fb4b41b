use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::config::keys::{check_keys, list};
use crate::config::location::config_path;
use crate::config::permissions;
use crate::config::profile::Profile;
use crate::failure::Failure;

const KEYS: &[&str] = &["default_profile", "profiles"];

/// The configuration file, checked as a whole.
#[derive(Debug)]
pub(crate) struct ConfigFile {
    path: PathBuf,
    exists: bool,
    pub(crate) default_profile: Option<String>,
    profiles: BTreeMap<String, Profile>,
}

impl ConfigFile {
    /// Reads the file. One that does not exist is as an empty one.
    ///
    /// # Errors
    /// If it cannot be read, others may read it, or anything in it is wrong. No value of it is repeated.
    pub(crate) fn read() -> Result<Self, Failure> {
        let path = config_path()?;
        let text = match File::open(&path) {
            Ok(file) => Some(text(file, &path)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(&path, &error)),
        };
        let file = Self::parse(text.as_deref(), path.clone());
        file.map_err(|problem| Failure::usage(format!("{}: {problem}", path.display())))
    }

    /// The profile of that name.
    pub(crate) fn into_profile(mut self, name: &str) -> Result<Profile, Failure> {
        let known = self.names();
        self.profiles
            .remove(name)
            .ok_or_else(|| Failure::usage(format!("{} has no profile `{name}`: {known}", self.path.display())))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Says which profiles there are.
    pub(crate) fn names(&self) -> String {
        if !self.exists {
            return "it does not exist: write it, with a table [profiles.NAME]".to_owned();
        }
        if self.profiles.is_empty() {
            return "it has no profile: add a table [profiles.NAME]".to_owned();
        }
        format!("it has {}", list(self.profiles.keys()))
    }

    fn parse(text: Option<&str>, path: PathBuf) -> Result<Self, String> {
        let (exists, text) = (text.is_some(), text.unwrap_or_default());
        let mut table = text.parse::<Table>().map_err(|error| syntax_problem(text, &error))?;
        check_keys(&table, KEYS, "")?;
        let default_profile = match table.remove("default_profile") {
            None => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err("`default_profile` is not text: give the name of a profile".to_owned()),
        };
        let profiles = match table.remove("profiles") {
            None => Table::new(),
            Some(Value::Table(profiles)) => profiles,
            Some(_) => return Err("`profiles` is no table: write [profiles.NAME]".to_owned()),
        };
        let profiles = profiles.into_iter().map(|(name, profile)| {
            let Value::Table(profile) = profile else {
                return Err(format!("profile `{name}` is no table: write [profiles.{name}]"));
            };
            let profile = Profile::parse(&name, profile)?;
            Ok((name, profile))
        });
        Ok(Self { path, exists, default_profile, profiles: profiles.collect::<Result<_, _>>()? })
    }
}

fn text(mut file: File, path: &Path) -> Result<String, Failure> {
    permissions::check(&file, path)?;
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(|error| unreadable(path, &error))?;
    Ok(text)
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    Failure::usage(format!("{path} cannot be read: {error}: fix it, or name another file by SPKEY_CONFIG"))
}

/// What is wrong and in which line, without the line itself: it may hold a key.
fn syntax_problem(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    // This one repeats the value.
    let message = if error.message().starts_with("invalid type") { "the value is not valid" } else { error.message() };
    format!("line {line} is not TOML: {message}")
}
