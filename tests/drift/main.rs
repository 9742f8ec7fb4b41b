//! What becomes of responses and events when the service changes its contract: every change at every place, and every two
//! changes of one operation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

#[path = "../contract/call.rs"]
mod call;
mod changes;
mod places;
#[path = "../contract/sample.rs"]
mod sample;

use std::collections::BTreeMap;

use changes::{Change, KINDS, Kind};
use places::places;
use sample::{Contract, Shape};
use serde_json::Value;
use spkey::{DomainEvent, Operation, RetryClass};

/// How many responses were read, of how many, by the kind of change.
#[derive(Default)]
struct Table(BTreeMap<Kind, (usize, usize)>);

impl Table {
    fn count(&mut self, kind: Kind, read: bool) {
        let (all_read, all) = self.0.entry(kind).or_default();
        *all_read += usize::from(read);
        *all += 1;
    }

    fn print(&self, what: &str) {
        for kind in KINDS {
            let (read, all) = self.0.get(&kind).copied().unwrap_or_default();
            println!("{what}: {}: {read} of {all}", kind.name());
        }
    }
}

struct Described {
    id: String,
    is_command: bool,
    read: call::Read,
    response: Value,
    changes: Vec<Change>,
}

/// Every operation that responds with JSON.
fn operations() -> Vec<Described> {
    let contract = Contract::read();
    let operations = contract.operations().filter_map(|operation| {
        let schema = operation.response_schema()?;
        let response = contract.value(schema, Shape::Full);
        let changes = Change::all(&response, &places(&contract, schema, &response));
        // A lookup that may create a user is repeated after every failure: it promises the user's id.
        let is_lookup = |retry| operation.method == "get" && retry == RetryClass::Idempotent;
        let is_command = Operation::find(&operation.id)
            .is_some_and(|operation| operation.retry != RetryClass::Safe && !is_lookup(operation.retry));
        let read = call::operation(&operation.id).read;
        Some(Described { id: operation.id, is_command, read, response, changes })
    });
    operations.collect()
}

#[test]
fn one_change_of_a_response_costs_at_most_what_it_changes() {
    let (mut commands, mut reads) = (Table::default(), Table::default());
    for Described { id, is_command, read, response, changes } in operations() {
        let (before, ignored) = read(response.to_string().as_bytes()).unwrap();
        assert!(ignored.is_empty(), "{id}: {ignored:?}");
        for change in changes {
            let place = format!("{id}: {} at {}", change.kind.name(), change.path());
            let mut changed = response.clone();
            change.apply(&mut changed);
            let result = read(changed.to_string().as_bytes());
            let table = if is_command { &mut commands } else { &mut reads };
            table.count(change.kind, result.is_ok());
            match result {
                Err(error) => {
                    assert!(!is_command && change.breaks_a_promise, "{place}: {error}");
                    assert!(error.starts_with(&format!("{} is missing", change.path())), "{place}: {error}");
                }
                Ok((after, ignored)) => {
                    assert!(!change.breaks_a_promise, "{place}: read without what is promised");
                    assert_rest_is_untouched(&place, &before, &after, &change, &ignored);
                }
            }
        }
    }
    commands.print("commands");
    reads.print("reads");
    for (kind, (read, all)) in &commands.0 {
        assert_eq!(read, all, "commands: {}", kind.name());
    }
    assert!(KINDS.iter().all(|kind| reads.0.contains_key(kind)), "every kind of change was tried");
}

/// What was not changed reads as before. What was, reads as before where nothing is lost by it; else it is named, or is
/// missing as it was sent.
fn assert_rest_is_untouched(place: &str, before: &Value, after: &Value, change: &Change, ignored: &[String]) {
    let is_missing = after.pointer(&change.pointer).is_none_or(Value::is_null);
    let was_sent = !matches!(change.kind, Kind::Removed | Kind::Null);
    let is_named = ignored.iter().any(|path| *path == change.path());
    assert!(ignored.len() <= 1 && (ignored.is_empty() || is_named), "{place}: {ignored:?}");
    if change.kind.loses_nothing() {
        assert_eq!((digits(before), ignored.len()), (digits(after), 0), "{place}");
        return;
    }
    if change.kind == Kind::NullInList {
        assert_eq!((before, is_named), (after, true), "{place}");
        return;
    }
    // An empty list is written by leaving it out, where the contract does not promise it.
    if was_sent && change.kind != Kind::EmptyList {
        assert_eq!(is_missing, is_named, "{place}: {ignored:?}");
    }
    let (mut before, mut after) = (before.clone(), after.clone());
    for value in [&mut before, &mut after] {
        if let Some(there) = value.pointer_mut(&change.pointer) {
            *there = Value::Null;
        }
    }
    assert_eq!(without_nulls(&before), without_nulls(&after), "{place}");
}

/// The value with numbers as text: a time keeps the form in which it came.
fn digits(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.to_string().trim_end_matches(".0").into(),
        Value::String(text) => text.trim_end_matches(".0").into(),
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), digits(value))).collect(),
        Value::Array(list) => list.iter().map(digits).collect(),
        _ => value.clone(),
    }
}

/// The value without nulls, and without lists that are empty then.
fn without_nulls(value: &Value) -> Value {
    let is_something = |value: &Value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
    match value {
        Value::Object(map) => {
            let entries = map.iter().map(|(name, value)| (name.clone(), without_nulls(value)));
            entries.filter(|(_, value)| is_something(value)).collect()
        }
        Value::Array(list) => list.iter().filter(|value| !value.is_null()).map(without_nulls).collect(),
        _ => value.clone(),
    }
}

#[test]
fn two_changes_of_a_response_fail_only_where_a_read_lacks_what_is_promised() {
    let mut pairs = 0;
    for Described { id, is_command, read, response, changes } in operations() {
        for (index, first) in changes.iter().enumerate() {
            let mut once = response.clone();
            first.apply(&mut once);
            for second in &changes[index + 1..] {
                let mut changed = once.clone();
                second.apply(&mut changed);
                pairs += 1;
                if let Err(error) = read(changed.to_string().as_bytes()) {
                    let broken = [first, second].into_iter().filter(|change| change.breaks_a_promise);
                    let named = broken.map(Change::path).any(|path| error.starts_with(&format!("{path} is missing")));
                    let place = || [first, second].map(|change| format!("{} at {}", change.kind.name(), change.path()));
                    assert!(!is_command && named, "{id}: {:?}: {error}", place());
                }
            }
        }
    }
    println!("{pairs} pairs of changes");
    assert!(pairs > 50_000);
}

#[test]
fn changed_event_keeps_its_type_and_what_was_not_lost() {
    let contract = Contract::read();
    let mut table = Table::default();
    for (event, schema) in contract.events() {
        let payload = contract.value(schema, Shape::Full);
        let read = |payload: &Value| DomainEvent::read(&serde_json::json!({ "type": event, "data": payload })).unwrap();
        let before = format!("{:?}", read(&payload));
        for change in Change::all(&payload, &places(&contract, schema, &payload)) {
            let place = format!("{event}: {} at {}", change.kind.name(), change.path());
            let mut changed = payload.clone();
            change.apply(&mut changed);
            let after = read(&changed);
            let is_known = !matches!(after, DomainEvent::Unknown(_));
            table.count(change.kind, is_known);
            assert!(is_known || change.breaks_a_promise, "{place}");
            if change.kind.loses_nothing() || change.kind == Kind::NullInList {
                // A time keeps the digits that came.
                assert_eq!(format!("{after:?}").replace(".0)", ")"), before, "{place}");
            }
        }
    }
    table.print("events");
}
