//! What the published document does not say of an operation, and a person must. A key without a value is refused by the build,
//! which names the place. To add a fact to every new operation, add it here.

use serde_json::{Map, Value};

/// A key of the contract, with what it is for.
type Fact = (&'static str, &'static str);

/// Of what only reads, unless a person says otherwise: the build asks for the rest then.
const OF_READS: &[Fact] = &[("x-spkey-retry", "safe if it only reads; some GETs of this service create something")];
const OF_COMMANDS: &[Fact] = &[
    ("x-spkey-retry", "idempotent, at-most-once or no-retry: see the head of the contract"),
    ("x-spkey-retry-reason", "why it has this class"),
    ("x-spkey-confirm", "how a command whose response was lost is confirmed"),
];

/// Writes what a person must fill in after the words, and returns it.
pub(crate) fn facts(method: &str, node: &mut Map<String, Value>) -> &'static [Fact] {
    let facts = if method == "get" { OF_READS } else { OF_COMMANDS };
    node.extend(facts.iter().map(|(key, _)| ((*key).to_owned(), Value::Null)));
    facts
}
