use clap::ArgMatches;
use clap::error::{ContextKind, ContextValue, Error};

use crate::command::command;
use crate::show::hide::HIDDEN;

/// The arguments of the program. Ends the process for `--help` and `--version`, with 0, and for what cannot be parsed, with 2.
pub(crate) fn parse() -> ArgMatches {
    command().try_get_matches().unwrap_or_else(|error| without_values(error).exit())
}

/// The error without the values that it repeats: each may be a secret that was given in the wrong place.
fn without_values(mut error: Error) -> Error {
    for kind in [ContextKind::InvalidArg, ContextKind::InvalidValue] {
        let is_value = match error.get(kind) {
            // The name of an option, or the argument that a value was for.
            Some(ContextValue::String(text)) => kind == ContextKind::InvalidValue || !text.starts_with(['-', '<']),
            _ => false,
        };
        if is_value {
            error.insert(kind, ContextValue::String(HIDDEN.to_owned()));
        }
    }
    error
}
