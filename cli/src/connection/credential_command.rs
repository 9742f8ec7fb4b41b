use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};

use spkey::{Secret, Token, TokenFuture, TokenSource};
use tokio::process::Command;

/// A command of the configuration that prints a credential. It runs without a shell.
#[derive(Debug)]
pub(crate) struct CredentialCommand {
    /// Which setting of the configuration it is.
    name: String,
    program: String,
    arguments: Vec<String>,
    printed: Mutex<Printed>,
}

/// What it printed last.
#[derive(Debug, Default)]
struct Printed {
    credential: Option<Secret>,
    /// Nobody has used it yet: the next call does, instead of running the command a second time.
    is_unused: bool,
}

impl CredentialCommand {
    pub(crate) fn new(name: String, (program, arguments): (String, Vec<String>)) -> Self {
        Self { name, program, arguments, printed: Mutex::default() }
    }

    /// What it printed last.
    pub(crate) fn printed(&self) -> Option<Secret> {
        self.state().credential.clone()
    }

    /// Runs it. What it prints is kept for the next call.
    ///
    /// # Errors
    /// If it cannot be started, fails or prints nothing. What it printed is in no message.
    pub(crate) async fn fetch(&self) -> Result<Secret, String> {
        let credential = self.run().await?;
        *self.state() = Printed { credential: Some(credential.clone()), is_unused: true };
        Ok(credential)
    }

    /// Its standard error is the user's, for questions and problems of a password manager.
    async fn run(&self) -> Result<Secret, String> {
        let (name, program) = (&self.name, &self.program);
        let mut command = Command::new(program);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let child = command.spawn();
        let child =
            child.map_err(|error| format!("{name}: `{program}` cannot be started: {error}: fix the command"))?;
        let output = child.wait_with_output().await;
        let output = output.map_err(|error| format!("{name}: the output of `{program}` cannot be read: {error}"))?;
        if !output.status.success() {
            return Err(format!("{name}: `{program}` failed with {}: run it yourself to see why", output.status));
        }
        let text = String::from_utf8(output.stdout)
            .map_err(|_| format!("{name}: what `{program}` prints is not UTF-8: let it print the credential alone"))?;
        let text = text.trim();
        if text.is_empty() {
            return Err(format!("{name}: `{program}` printed nothing: let it print the credential"));
        }
        Ok(Secret::from(text))
    }

    fn take_unused(&self) -> Option<Secret> {
        let state = self.state();
        state.credential.clone().filter(|_| state.is_unused)
    }

    fn state(&self) -> MutexGuard<'_, Printed> {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenSource for CredentialCommand {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            let unused = self.take_unused();
            let credential = match unused {
                Some(credential) => credential,
                None => self.run().await?,
            };
            *self.state() = Printed { credential: Some(credential.clone()), is_unused: false };
            Ok(Token::new(credential))
        })
    }
}
