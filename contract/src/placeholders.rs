//! What the published document does not say of an operation, and a person must. A key without a value is refused by the build,
//! which names the place. To add a fact to every new operation, add it here.

use serde_json::{Map, Value};

use crate::document::operations;

/// Writes what a person must fill in after the words, and returns the keys with what they are for.
pub(crate) fn facts(ours: &Value, method: &str, node: &mut Map<String, Value>) -> Vec<(&'static str, &'static str)> {
    // Only where the contract says it of its other commands.
    let confirms = operations(ours).any(|operation| operation.node.get("x-spkey-confirm").is_some());
    let facts = match method {
        // The build asks for the rest where it is not safe.
        "get" => vec![("x-spkey-retry", "safe if it only reads; some GETs of this service create something")],
        _ => {
            let mut facts = vec![
                ("x-spkey-retry", "idempotent, at-most-once or no-retry: see the head of the contract"),
                ("x-spkey-retry-reason", "why it has this class"),
            ];
            facts.extend(confirms.then_some(("x-spkey-confirm", "how a command whose response was lost is confirmed")));
            facts
        }
    };
    node.extend(facts.iter().map(|(key, _)| ((*key).to_owned(), Value::Null)));
    facts
}
