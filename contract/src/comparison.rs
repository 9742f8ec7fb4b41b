//! What a comparison of our contract with a published document finds.

use crate::addition::Addition;
use crate::change::{Change, Kind};

/// What differs between our contract and a published document.
#[derive(Default)]
pub struct Comparison<'a> {
    /// What the published document has in addition.
    pub additions: Vec<Addition<'a>>,
    /// What it has otherwise, or no longer.
    pub changes: Vec<Change>,
}

impl Comparison<'_> {
    /// Adds a change, once.
    pub(crate) fn change(&mut self, place: String, kind: Kind, detail: String) {
        let change = Change { place, detail, kind };
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }
}
