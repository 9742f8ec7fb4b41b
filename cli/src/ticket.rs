use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use spkey::{Error, Ticket};

use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::given::file_or_standard_input;

/// The failure of a command, with the ticket of one whose outcome is unknown: in the file that was asked for, or in the message.
pub(crate) fn failure(error: Error, file: Option<&Path>) -> Failure {
    let ticket = error.ticket();
    let mut failure = Failure::from(error);
    // A command that was rejected has one too, which would read as if its outcome were unknown.
    let Some(ticket) = ticket.filter(|_| failure.status == ExitStatus::Unknown) else { return failure };
    let json = serde_json::to_string(&ticket).unwrap_or_default();
    let in_message =
        |json: &str| format!("find out what became of it: spkey confirm '{}'", json.replace('\'', r"'\''"));
    let more = match file.map(|file| (file, write(file, &json))) {
        None => in_message(&json),
        Some((file, Ok(()))) => format!("find out what became of it: spkey confirm {}", file.display()),
        Some((file, Err(error))) => {
            format!("its ticket cannot be written to {}: {error}: {}", file.display(), in_message(&json))
        }
    };
    failure.message = format!("{}\n{more}", failure.message);
    failure
}

/// It may hold personal data: nobody else can read it, even where the file was there before.
fn write(path: &Path, ticket: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    // Something else than a file, such as a pipe, keeps what it has.
    #[cfg(unix)]
    if file.metadata()?.is_file() {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    file.write_all(ticket.as_bytes())
}

/// A ticket: its JSON, or the file where it is; `-` is standard input.
pub(crate) fn read(given: &str) -> Result<Ticket, Failure> {
    let text = if given.trim_start().starts_with('{') {
        given.to_owned()
    } else {
        file_or_standard_input(Path::new(given))
            .map_err(|error| Failure::usage(format!("the ticket {given} cannot be read: {error}: name its file")))?
    };
    serde_json::from_str(&text)
        .map_err(|error| Failure::usage(format!("this is no ticket: {error}: give it as it was written")))
}
