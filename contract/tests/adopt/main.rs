//! Adopts documents of our own making, written in the manner of the service, into a small contract.

mod additions;
mod changes;
mod operations;
mod placeholders;
mod schemas;
mod text;

use contract::{Adopted, adopt};
use serde_json::{Value, json};

const OURS: &str = include_str!("ours.yaml");

/// A document that says the same as our contract.
fn published() -> Value {
    serde_json::from_str(include_str!("published.json")).unwrap()
}

/// Our contract, with a document adopted that was changed.
fn adopted(change: impl FnOnce(&mut Value)) -> Adopted {
    adopted_into(OURS, change)
}

/// Any contract, with a document adopted that was changed. To adopt it once more never adds anything.
fn adopted_into(ours: &str, change: impl FnOnce(&mut Value)) -> Adopted {
    let mut document = published();
    change(&mut document);
    let adopted = adopt(ours, &document).unwrap();
    let again = adopt(&adopted.text, &document).unwrap();
    assert_eq!(again.text, adopted.text);
    assert_eq!(again.report.additions, []);
    assert_eq!(again.report.tasks, []);
    assert_eq!(again.report.changes, adopted.report.changes);
    adopted
}

/// The lines that were added to a contract, as one text.
fn added(ours: &str, adopted: &Adopted) -> String {
    let mut old = ours.lines().peekable();
    let is_new = |line: &&str| old.next_if(|old| old == line).is_none();
    let lines: Vec<_> = adopted.text.lines().filter(is_new).filter(|line| !line.is_empty()).collect();
    assert_eq!(old.next(), None, "a line is lost");
    lines.join("\n")
}

/// The tasks, as the report prints them without their lines.
fn tasks(adopted: &Adopted) -> Vec<String> {
    let task = |note: &contract::Note| format!("{}: {}", note.at[2..].join("."), note.task);
    adopted.report.tasks.iter().map(|(_, note)| task(note)).collect()
}

/// The schema of what `get_lock_details` returns.
fn details(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/locks/{id}/details"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
}

/// The schema of what `paint_lock` takes.
fn paint(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/locks/{id}/Paint"]["post"]["requestBody"]["content"]["application/json"]["schema"]
}

/// Adds an operation of a small kind.
fn add_operation(document: &mut Value, path: &str, method: &str, node: Value) {
    document["paths"][path][method] = node;
}

/// A successful response with a schema.
fn success(schema: &Value) -> Value {
    json!({ "200": { "description": "fine", "content": { "application/json": { "schema": schema } } } })
}

#[test]
fn document_that_says_the_same_changes_nothing() {
    let adopted = adopted(|_| {});
    assert_eq!(adopted.text, OURS);
    assert_eq!(adopted.report.to_string(), "nothing to adopt: our contract is the published one\n");
}
