use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;

use spkey::{Error, ErrorKind, Outcome};

use crate::exit_status::ExitStatus;

/// Why the program ends without success: its exit status, and a message that says what to do next. It holds no credential.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: ExitStatus,
    pub(crate) message: String,
}

impl Failure {
    /// A failure on this machine.
    pub(crate) fn local(message: impl Into<String>) -> Self {
        Self { status: ExitStatus::Local, message: message.into() }
    }

    /// Wrong arguments or configuration; nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { status: ExitStatus::Usage, message: message.into() }
    }

    /// Standard output cannot be written. A reader that has closed it, such as `head`, has what it wants: that ends the program
    /// without a message.
    pub(crate) fn output(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { status: ExitStatus::Success, message: String::new() };
        }
        Self::local(format!("the output cannot be written: {error}"))
    }

    /// Prints the message, and returns the exit status.
    pub(crate) fn report(self) -> ExitCode {
        if !self.message.is_empty() {
            // Nothing is left to be done where standard error is closed.
            let _ = writeln!(io::stderr(), "spkey: {}", self.message);
        }
        ExitCode::from(self.status as u8)
    }
}

/// A call that failed, with what caused it.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = match (error.kind(), error.outcome()) {
            (ErrorKind::Config | ErrorKind::Request | ErrorKind::Credentials, Outcome::NotApplied) => ExitStatus::Usage,
            (_, Outcome::NotApplied) => ExitStatus::NotApplied,
            (_, Outcome::Applied) => ExitStatus::Unreadable,
            _ => ExitStatus::Unknown,
        };
        Self { status, message: with_causes(&error) }
    }
}

/// An argument that the parser let pass.
impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        Self::usage(error.to_string())
    }
}

/// An error with the errors that caused it, unless it says the same.
fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next: &dyn Display = error;
        let next = next.to_string();
        if !text.contains(&next) {
            text = format!("{text}: {next}");
        }
        cause = error.source();
    }
    text
}
