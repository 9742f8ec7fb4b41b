use std::fmt;

use serde::{Deserialize, Serialize};

/// What became of a command, over all of its attempts.
///
/// The order is that of certainty that something was done: `NotApplied < Unknown < Applied`. An attempt that may have acted
/// makes the outcome of the whole call at least `Unknown`, whatever came after it.
///
/// ```
/// use spkey::Outcome;
///
/// assert_eq!(Outcome::NotApplied.to_string(), "not-applied");
/// assert_eq!(Outcome::NotApplied.max(Outcome::Unknown), Outcome::Unknown);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The request was never sent or was rejected: nothing has changed, and the call may be repeated once the cause is fixed.
    NotApplied,
    /// The command may have been carried out or not. Find out before repeating it.
    Unknown,
    /// The command was carried out; only the response could not be read. Do not repeat it.
    Applied,
}

impl Outcome {
    /// The outcome as one word for logs, metrics and records: `not-applied`, `unknown` or `applied`. It is what serde reads and
    /// writes too.
    ///
    /// ```
    /// assert_eq!(spkey::Outcome::Applied.as_str(), "applied");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotApplied => "not-applied",
            Self::Unknown => "unknown",
            Self::Applied => "applied",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_display_and_serde_agree() {
        for (outcome, text) in
            [(Outcome::NotApplied, "not-applied"), (Outcome::Unknown, "unknown"), (Outcome::Applied, "applied")]
        {
            assert_eq!((outcome.as_str(), outcome.to_string().as_str()), (text, text));
            assert_eq!(serde_json::to_string(&outcome).unwrap(), format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Outcome>(&format!("\"{text}\"")).unwrap(), outcome);
        }
    }
}
