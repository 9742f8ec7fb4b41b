use std::io;
use std::process::ExitCode;

use spkey::{Error, ErrorKind, Outcome};

use crate::exit_status::ExitStatus;
use crate::note::note;

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

    /// What was called rejected it, or was not reached.
    pub(crate) fn not_applied(message: impl Into<String>) -> Self {
        Self { status: ExitStatus::NotApplied, message: message.into() }
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
            note(&self.message);
        }
        ExitCode::from(self.status as u8)
    }
}

/// A call that failed.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = match (error.kind(), error.outcome()) {
            (ErrorKind::Config | ErrorKind::Request | ErrorKind::Credentials, Outcome::NotApplied) => ExitStatus::Usage,
            (_, Outcome::NotApplied) => ExitStatus::NotApplied,
            (_, Outcome::Applied) => ExitStatus::Unreadable,
            _ => ExitStatus::Unknown,
        };
        Self { status, message: message(&error) }
    }
}

/// An argument that the parser let pass.
impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        Self::usage(error.to_string())
    }
}

/// The error, with its last cause: that is where a connection says `Connection refused`.
fn message(error: &Error) -> String {
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause.and_then(std::error::Error::source) {
        cause = Some(next);
    }
    let text = error.to_string();
    // Of an error without an operation; the report begins with it.
    let text = text.strip_prefix("spkey: ").unwrap_or(&text);
    match (error.kind(), cause) {
        (_, None) => text.to_owned(),
        // Ours, which says more than that a source failed.
        (ErrorKind::Credentials, Some(cause)) => cause.to_string(),
        (_, Some(cause)) => format!("{text} ({cause})"),
    }
}
