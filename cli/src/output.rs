use std::io::{self, Write as _};

use crate::failure::Failure;

/// Prints a line to standard output, at once. Styles are left out where no colour is wanted.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    let mut output = anstream::stdout().lock();
    writeln!(output, "{text}").and_then(|()| output.flush()).map_err(|error| Failure::output(&error))
}

/// Prints bytes to standard output as they are, at once.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    output.write_all(bytes).and_then(|()| output.flush()).map_err(|error| Failure::output(&error))
}
