//! What is given on the command line, in a file or on standard input.

use std::io::Read as _;
use std::path::Path;
use std::{fs, io};

use serde_json::Value;

use crate::failure::Failure;

/// The text of an option, or what is in the file that it names after an `@`. A text that begins with an `@` of its own has two.
pub(crate) fn text(option: &str, given: &str) -> Result<String, Failure> {
    let Some(path) = given.strip_prefix('@') else { return Ok(given.to_owned()) };
    if path.starts_with('@') {
        return Ok(path.to_owned());
    }
    file_or_standard_input(Path::new(path)).map(|text| text.trim_end_matches(['\r', '\n']).to_owned()).map_err(
        |error| Failure::usage(format!("--{option}: {path} cannot be read: {error}: give another after the `@`")),
    )
}

/// The text of an option as JSON. It may hold a secret: only the place of what is wrong is shown.
pub(crate) fn json(option: &str, text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Failure::usage(format!("--{option}: no valid JSON, at line {line} column {column}: fix it"))
    })
}

/// What is in the file; `-` is standard input.
pub(crate) fn file_or_standard_input(path: &Path) -> io::Result<String> {
    if path.as_os_str() != "-" {
        return fs::read_to_string(path);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    Ok(text)
}
