use std::io::Write as _;

/// Prints a line to standard error. Where that is closed, nobody wants it.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "spkey: {text}");
}
