//! The published schemas of the events: each event is read, and delivered by the mock kit, with all of its fields.

use std::collections::BTreeSet;
use std::io::Write;

use serde_json::{Map, Value, json};
use spkey::DomainEvent;

use crate::{in_response, in_webhook};

/// The vendor's schemas of the payloads, or `None` if `SPKEY_PUBLISHED_EVENTS` does not name their file.
fn vendor_events() -> Option<Map<String, Value>> {
    let Some(path) = std::env::var_os("SPKEY_PUBLISHED_EVENTS") else {
        // Not with `eprintln!`, whose output is hidden when a test passes.
        let notice =
            b"skipped: set SPKEY_PUBLISHED_EVENTS to the file of the published event schemas to compare with them\n";
        std::io::stderr().write_all(notice).unwrap();
        return None;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    Some(serde_json::from_value(document["events"].take()).unwrap())
}

/// Names of properties, anywhere in the contract.
#[derive(Default)]
struct Names {
    user_ids: BTreeSet<String>,
    lock_ids: BTreeSet<String>,
    times: BTreeSet<String>,
    /// What `Debug` does not show.
    personal: BTreeSet<String>,
}

impl Names {
    fn of_contract() -> Self {
        let contract = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/spkey.yaml")).unwrap();
        let contract: Value = yaml_serde::from_str(&contract).unwrap();
        let mut names = Self::default();
        names.read(&contract);
        names
    }

    fn read(&mut self, node: &Value) {
        for (name, property) in node["properties"].as_object().into_iter().flatten() {
            let reference = property["$ref"].as_str().or(property["items"]["$ref"].as_str()).unwrap_or_default();
            if reference.ends_with("/UserId") {
                self.user_ids.insert(name.clone());
            } else if reference.ends_with("LockId") {
                self.lock_ids.insert(name.clone());
            }
            if property["format"] == "date-time" {
                self.times.insert(name.clone());
            }
            if property["x-spkey-personal"] == true {
                self.personal.insert(name.clone());
            }
        }
        for child in node.as_object().into_iter().flat_map(Map::values) {
            self.read(child);
        }
    }
}

/// Makes values of a schema: with every property, all texts and numbers different, and the n-th value of each enum.
struct Sample<'a> {
    names: &'a Names,
    nth: usize,
    count: u64,
    /// The values that `Debug` must show.
    shown: Vec<String>,
}

impl<'a> Sample<'a> {
    fn of(names: &'a Names, nth: usize, schema: &Value) -> (Value, Vec<String>) {
        let mut sample = Self { names, nth, count: 1000, shown: Vec::new() };
        (sample.value("", schema), sample.shown)
    }

    fn value(&mut self, name: &str, schema: &Value) -> Value {
        if let Some(values) = schema["enum"].as_array() {
            return values[self.nth % values.len()].clone();
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(alternatives) = schema["anyOf"].as_array() {
            return self.value(name, &alternatives[0]);
        }
        self.count += 1;
        match schema["type"].as_str().unwrap() {
            "string" => {
                let count = self.count;
                self.shown.push(match self.names {
                    names if names.user_ids.contains(name) => format!("00000000-0000-4000-8000-{count:012}"),
                    names if names.lock_ids.contains(name) => count.to_string(),
                    names if names.times.contains(name) => format!("2026-01-01T12:00:00.{count:04}Z"),
                    _ => format!("text-{count}"),
                });
                json!(self.shown.last())
            }
            "number" | "integer" => {
                self.shown.push(self.count.to_string());
                json!(self.count)
            }
            "boolean" => json!(true),
            "array" => json!([self.value(name, &schema["items"])]),
            "object" => match schema["properties"].as_object() {
                Some(properties) => {
                    let property = |(name, schema): (&String, &Value)| {
                        let shown = self.shown.len();
                        let value = self.value(name, schema);
                        if self.names.personal.contains(name) {
                            self.shown.truncate(shown);
                        }
                        (name.clone(), value)
                    };
                    properties.iter().map(property).collect()
                }
                None => json!({ "anything": 1 }),
            },
            other => panic!("a schema of type {other}: add it to Sample"),
        }
    }
}

/// With every number as a float: 7 is 7.0.
fn with_floats(json: &Value) -> Value {
    match json {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(values) => values.iter().map(with_floats).collect(),
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), with_floats(value))).collect(),
        other => other.clone(),
    }
}

#[test]
fn every_payload_is_read_completely_in_both_forms() {
    let Some(schemas) = vendor_events() else { return };
    let names = Names::of_contract();
    for (event_type, schema) in &schemas {
        for nth in 0..5 {
            let (payload, shown) = Sample::of(&names, nth, schema);
            for event in [in_response(event_type, &payload), in_webhook(event_type, &payload)] {
                let read = DomainEvent::read(&event).unwrap();
                assert_eq!(read.event_type(), Some(event_type.as_str()));
                let debug = format!("{read:?}");
                assert!(!debug.contains("Unknown"), "{event_type} or one of its enum values is not read: {debug}");
                assert!(!debug.contains("None"), "{event_type} lost a field: {debug}");
                let hidden = shown.iter().filter(|text| !debug.contains(text.as_str())).count();
                let secrets = debug.matches("Secret { .. }").count();
                assert_eq!(hidden, secrets, "{event_type} lost a value: {debug}");
            }
        }
    }
}

#[test]
fn every_event_is_delivered_with_the_fields_that_are_published() {
    let Some(schemas) = vendor_events() else { return };
    let names = Names::of_contract();
    for (event_type, schema) in &schemas {
        for nth in 0..5 {
            let (payload, _) = Sample::of(&names, nth, schema);
            let event = in_webhook(event_type, &payload);
            let delivery = spkey::mock::delivery(DomainEvent::read(&event).unwrap());
            let sent: Value = serde_json::from_slice(&delivery.body()).unwrap();
            assert_eq!(with_floats(&sent["detail"]["data"]), with_floats(&event));
        }
    }
}

#[test]
fn known_event_types_are_those_of_the_vendor() {
    let Some(schemas) = vendor_events() else { return };
    let mut vendor: Vec<_> = schemas.keys().map(String::as_str).collect();
    let mut known = DomainEvent::KNOWN.to_vec();
    vendor.sort_unstable();
    known.sort_unstable();
    assert_eq!(known, vendor);
}
