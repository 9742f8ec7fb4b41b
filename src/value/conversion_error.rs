use std::borrow::Cow;
use std::fmt;

/// Why a text or number is not an id or not a known value of an enum, or why a request body is incomplete. Its `Display` is
/// one line that names what to give instead; it never repeats the value.
///
/// ```
/// let error = spkey::LockId::try_from("front door").unwrap_err();
/// assert_eq!(error.to_string(), "not a lock's id: give a positive integer, like 123");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionError(Cow<'static, str>);

impl ConversionError {
    pub(crate) fn new(problem: impl Into<Cow<'static, str>>) -> Self {
        Self(problem.into())
    }
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConversionError {}

// Generated code makes its errors by these.
impl From<&'static str> for ConversionError {
    fn from(problem: &'static str) -> Self {
        Self::new(problem)
    }
}

impl From<String> for ConversionError {
    fn from(problem: String) -> Self {
        Self::new(problem)
    }
}

impl From<Cow<'static, str>> for ConversionError {
    fn from(problem: Cow<'static, str>) -> Self {
        Self::new(problem)
    }
}
