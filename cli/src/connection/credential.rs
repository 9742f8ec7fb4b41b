use std::sync::Arc;

use spkey::Secret;

use crate::connection::credential_command::CredentialCommand;
use crate::failure::Failure;

/// A credential, or the command that prints it.
#[derive(Clone, Debug)]
pub(crate) enum Credential {
    Fixed(Secret),
    Command(Arc<CredentialCommand>),
}

impl Credential {
    /// The credential. A command runs, and the next call uses what it prints.
    pub(crate) async fn fetch(&self) -> Result<Secret, Failure> {
        match self {
            Self::Fixed(secret) => Ok(secret.clone()),
            Self::Command(command) => command.fetch().await.map_err(Failure::usage),
        }
    }

    /// The credential that was used last.
    pub(crate) fn known(&self) -> Option<Secret> {
        match self {
            Self::Fixed(secret) => Some(secret.clone()),
            Self::Command(command) => command.printed(),
        }
    }
}
