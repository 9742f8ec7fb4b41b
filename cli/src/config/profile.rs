use std::sync::Arc;

use spkey::{Environment, Secret};
use toml::{Table, Value};

use crate::config::keys::check_keys;
use crate::connection::credential::Credential;
use crate::connection::credential_command::CredentialCommand;
use crate::connection::credentials::Credentials;
use crate::global_options::environment_of;

const KEYS: &[&str] = &[
    "environment",
    "base_url",
    "token",
    "token_command",
    "api_key",
    "api_key_command",
    "admin_key",
    "admin_key_command",
];

/// A profile of the configuration file: where the service is, and the credentials.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) base_url: String,
    pub(crate) credentials: Credentials,
}

impl Profile {
    /// Reads the table of a profile. Its values get into no message.
    pub(crate) fn parse(name: &str, mut table: Table) -> Result<Self, String> {
        let of = format!("profile `{name}`: ");
        check_keys(&table, KEYS, &of)?;
        let base_url = base_url(&mut table, &of)?;
        let mut credential = |key: &str| credential(&mut table, key, name).map_err(|problem| format!("{of}{problem}"));
        let credentials = Credentials {
            token: credential("token")?,
            api_key: credential("api_key")?,
            admin_key: credential("admin_key")?,
        };
        if credentials.token.is_none() && credentials.api_key.is_none() {
            return Err(format!("{of}no credentials: add token, token_command, api_key or api_key_command"));
        }
        if credentials.token.is_none() && credentials.admin_key.is_some() {
            return Err(format!("{of}an admin key is valid with an admin's token only: add token or token_command"));
        }
        Ok(Self { base_url, credentials })
    }
}

/// The URL of `environment` or `base_url`; production where there is neither.
fn base_url(table: &mut Table, of: &str) -> Result<String, String> {
    match (table.remove("environment"), table.remove("base_url")) {
        (None, None) => Ok(Environment::default().base_url().to_owned()),
        (Some(_), Some(_)) => Err(format!("{of}both `environment` and `base_url`: remove one")),
        (Some(environment), None) => {
            let known = Environment::ALL.iter().map(|environment| environment.as_str()).collect::<Vec<_>>().join(", ");
            let environment = environment.as_str().and_then(environment_of);
            let environment =
                environment.ok_or_else(|| format!("{of}`environment` is not valid: give one of {known}"))?;
            Ok(environment.base_url().to_owned())
        }
        (None, Some(Value::String(url))) => Ok(url),
        (None, Some(_)) => Err(format!("{of}`base_url` is not text: give one like \"https://api.spkey.co\"")),
    }
}

/// The credential of a key, or of the command beside it.
fn credential(table: &mut Table, key: &str, profile: &str) -> Result<Option<Credential>, String> {
    let command_key = format!("{key}_command");
    match (table.remove(key), table.remove(&command_key)) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(format!("both `{key}` and `{command_key}`: remove one")),
        (Some(Value::String(text)), None) if !text.is_empty() => Ok(Some(Credential::Fixed(Secret::from(text)))),
        (Some(_), None) => Err(format!("`{key}` is empty or not text: write it in quotation marks, or remove it")),
        (None, Some(command)) => {
            let words = words(command).ok_or_else(|| {
                format!("`{command_key}` is no command: give a list of texts, such as [\"pass\", \"show\", \"spkey\"]")
            })?;
            let name = format!("{command_key} of profile `{profile}`");
            Ok(Some(Credential::Command(Arc::new(CredentialCommand::new(name, words)))))
        }
    }
}

/// A program and its arguments.
fn words(command: Value) -> Option<(String, Vec<String>)> {
    let Value::Array(words) = command else { return None };
    let words: Option<Vec<String>> = words.iter().map(|word| word.as_str().map(ToOwned::to_owned)).collect();
    let mut words = words?.into_iter();
    let program = words.next().filter(|program| !program.is_empty())?;
    Some((program, words.collect()))
}
