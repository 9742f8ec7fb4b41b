use std::env;

use spkey::{ClientBuilder, Environment, Secret};

use crate::config::config_file::ConfigFile;
use crate::connection::Connection;
use crate::connection::credential::Credential;
use crate::connection::credential_source::CredentialSource;
use crate::connection::credentials::Credentials;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

const TOKEN: &str = "SPKEY_TOKEN";
const API_KEY: &str = "SPKEY_API_KEY";
const ADMIN_KEY: &str = "SPKEY_ADMIN_API_KEY";
const BASE_URL: &str = "SPKEY_BASE_URL";
const PROFILE: &str = "SPKEY_PROFILE";

/// Finds the one source that counts: the profile of `--profile`; else the environment, if a credential is set there; else the
/// profile of `SPKEY_PROFILE`, or the default one of the configuration file. Nothing is mixed: a key of one source must not
/// get to the URL of another. Only a URL on the command line replaces that of the source.
///
/// # Errors
/// If there is none, or what is there is not valid. Nothing is sent.
pub(crate) fn resolve(options: &GlobalOptions) -> Result<Connection, Failure> {
    let (base_url, source, credentials) = match &options.profile {
        Some(name) => of_profile(ConfigFile::read()?, name.clone())?,
        None if [TOKEN, API_KEY, ADMIN_KEY].iter().any(|name| env::var_os(name).is_some()) => of_environment()?,
        None => {
            let file = ConfigFile::read()?;
            match chosen_profile()?.or_else(|| file.default_profile.clone()) {
                Some(name) => of_profile(file, name)?,
                None if options.dry_run => of_no_source(),
                None => return Err(no_source(&file)),
            }
        }
    };
    let given = options.base_url.clone().or_else(|| options.environment.map(|given| given.base_url().to_owned()));
    Ok(Connection { base_url: given.unwrap_or(base_url), source, credentials, timeout: options.timeout })
}

type Found = (String, CredentialSource, Credentials);

fn of_profile(file: ConfigFile, name: String) -> Result<Found, Failure> {
    let path = file.path().to_owned();
    let profile = file.into_profile(&name)?;
    Ok((profile.base_url, CredentialSource::Profile { name, file: path }, profile.credentials))
}

fn of_environment() -> Result<Found, Failure> {
    // What it rejects is rejected for every program that uses the library.
    ClientBuilder::from_env().map(drop)?;
    let credential = |name| env::var(name).ok().map(|text| Credential::Fixed(Secret::from(text)));
    let credentials =
        Credentials { token: credential(TOKEN), api_key: credential(API_KEY), admin_key: credential(ADMIN_KEY) };
    if credentials.token.is_none() && credentials.admin_key.is_some() {
        return Err(Failure::usage(format!("{ADMIN_KEY} is valid with an admin's token only: set {TOKEN} too")));
    }
    let set = [BASE_URL, TOKEN, API_KEY, ADMIN_KEY].into_iter().filter(|name| env::var_os(name).is_some()).collect();
    let base_url = env::var(BASE_URL).unwrap_or_else(|_| Environment::default().base_url().to_owned());
    Ok((base_url, CredentialSource::Environment(set), credentials))
}

/// For a request that is only printed: it shows the API key as a variable, which need not be set now.
fn of_no_source() -> Found {
    let api_key = Some(Credential::Fixed(Secret::from("not-set")));
    let base_url = env::var(BASE_URL).unwrap_or_else(|_| Environment::default().base_url().to_owned());
    (base_url, CredentialSource::Environment(Vec::new()), Credentials { token: None, api_key, admin_key: None })
}

/// The profile that `SPKEY_PROFILE` names.
fn chosen_profile() -> Result<Option<String>, Failure> {
    match env::var(PROFILE) {
        Ok(name) if name.is_empty() => Err(Failure::usage(format!("{PROFILE} is empty: set it or unset it"))),
        Ok(name) => Ok(Some(name)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Failure::usage(format!("{PROFILE} is not Unicode: set it again"))),
    }
}

fn no_source(file: &ConfigFile) -> Failure {
    Failure::usage(format!(
        "no credentials: set {TOKEN} or {API_KEY}, or name a profile by --profile or {PROFILE}, or set `default_profile` in \
         {} ({})",
        file.path().display(),
        file.names(),
    ))
}
