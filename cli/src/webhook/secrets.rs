use std::env::{self, VarError};

use spkey::Secret;

use crate::failure::Failure;
use crate::webhook::options::SecretOption;

const VARIABLE: &str = "SPKEY_WEBHOOK_SECRET";

/// The secrets of the webhook: the one on the command line, or those of `SPKEY_WEBHOOK_SECRET`. While a secret is replaced there
/// are two, with a comma between them, the new one first. None where neither is given.
pub(crate) fn secrets(option: &SecretOption) -> Result<Vec<Secret>, Failure> {
    if let Some(secret) = &option.given {
        return Ok(vec![secret.clone()]);
    }
    match env::var(VARIABLE) {
        Ok(secrets) => Ok(secrets.split(',').map(|secret| Secret::from(secret.trim())).collect()),
        Err(VarError::NotPresent) => Ok(Vec::new()),
        Err(VarError::NotUnicode(_)) => Err(Failure::usage(format!("{VARIABLE} is not Unicode: set it again"))),
    }
}

/// The same, and at least one.
pub(crate) fn required_secrets(option: &SecretOption) -> Result<Vec<Secret>, Failure> {
    let secrets = secrets(option)?;
    if secrets.is_empty() {
        return Err(Failure::usage(format!(
            "no secret: set {VARIABLE} to the one that is set at SpKey, or give --secret"
        )));
    }
    Ok(secrets)
}
