//! What the published document does not say of an operation, and a person must. A key without a value is refused by the build,
//! which names the place. To add a fact to every new operation, add it here.

use serde_json::{Map, Value, json};

use crate::document::operations;

/// Writes what a person must fill in after the words, and returns the keys with what they are for.
pub(crate) fn facts(ours: &Value, method: &str, node: &mut Map<String, Value>) -> Vec<(&'static str, &'static str)> {
    if method == "get" {
        node.insert("x-spkey-retry".into(), json!("safe"));
        return vec![("x-spkey-retry", "some GETs of this service create something: is it safe?")];
    }
    let mut facts = vec![
        ("x-spkey-retry", "idempotent, at-most-once or no-retry: see the head of the contract"),
        ("x-spkey-retry-reason", "why it has this class"),
    ];
    // Only where the contract says it of its other commands.
    let confirms = operations(ours).any(|operation| operation.node.get("x-spkey-confirm").is_some());
    if confirms {
        facts.push(("x-spkey-confirm", "how a command whose response was lost is confirmed"));
    }
    node.extend(facts.iter().map(|(key, _)| ((*key).to_owned(), Value::Null)));
    facts
}
