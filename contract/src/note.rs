//! What a person has to do at a place in the contract that was written.

use crate::document::Path;

/// Something to do at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where it is in our contract.
    pub at: Path,
    /// What to do.
    pub task: Task,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// To write what is missing, in words of our own. The build refuses the contract until then.
    Write {
        /// What the service says there.
        service: String,
    },
    /// To decide something that the published document does not say.
    Decide(String),
    /// To check something that was guessed.
    Check(String),
    /// To say something in the description, because a type cannot.
    Describe(String),
}
