use std::borrow::Cow;
use std::fmt;

use serde_json::error::Category;

/// Why JSON cannot be read. It names a place and never a value.
#[derive(Debug, PartialEq, Eq)]
pub struct ReadError(Cow<'static, str>);

impl ReadError {
    /// A field, or an element of a list, without which the rest is useless.
    pub(crate) fn missing(path: impl fmt::Display) -> Self {
        Self(format!("{path} is missing or not of its type").into())
    }

    /// JSON that is no object at all.
    pub(crate) fn no_object() -> Self {
        Self("it is no JSON object".into())
    }
}

impl From<serde_json::Error> for ReadError {
    fn from(error: serde_json::Error) -> Self {
        let how = match error.classify() {
            Category::Eof => "it is empty or truncated",
            Category::Syntax => "it is not JSON",
            // serde's own message may quote the value.
            _ => "a value is missing or of another type",
        };
        Self(format!("{how}, at line {} column {}", error.line(), error.column()).into())
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}
