//! What a contract says of the wire, laid out flat: each place of every operation, with what is said there.

use std::collections::BTreeMap;

use contract::document::{
    Operation, body_schema, elements, entries, json_schema, operations, placeholders, resolve, text,
};
use serde_json::Value;

/// The places of every operation. Names of parameters in a path are no part of the wire: they are known by their position.
pub fn places(document: &Value) -> BTreeMap<String, String> {
    let mut places = BTreeMap::new();
    for operation in operations(document) {
        let key = operation.key();
        places.insert(key.clone(), String::new());
        for parameter in operation.parameters(document) {
            let place = format!("{key} {}", parameter_name(&operation, parameter));
            places.insert(place, format!("required {}", parameter["required"] == true));
        }
        if let Some(body) = body_schema(document, operation.node) {
            schema(document, body, &format!("{key} body"), &mut places);
        }
        for (status, response) in entries(&operation.node["responses"]) {
            let content = &resolve(document, response)["content"];
            let place = format!("{key} {status}");
            places.insert(place.clone(), entries(content).map(|(kind, _)| kind.as_str()).collect());
            if let Some(body) = json_schema(content).filter(|_| status.starts_with('2')) {
                schema(document, body, &place, &mut places);
            }
        }
    }
    places
}

fn parameter_name(operation: &Operation, parameter: &Value) -> String {
    let name = text(&parameter["name"]);
    match text(&parameter["in"]) {
        "path" => format!("path {}", placeholders(operation.path).position(|other| other == name).unwrap()),
        place => format!("{place} {name}"),
    }
}

fn schema(document: &Value, node: &Value, place: &str, places: &mut BTreeMap<String, String>) {
    let node = resolve(document, node);
    // Whole numbers are numbers on the wire.
    let ty = text(&node["type"]).replace("integer", "number");
    let says = places.entry(place.to_owned()).or_default();
    says.push(' ');
    says.push_str(&ty);
    for (name, property) in entries(&node["properties"]) {
        let within = format!("{place}.{name}");
        // Of a response, ours requires what it is useless without: a decision that no document says.
        if place.contains(" body") {
            let required = elements(&node["required"]).any(|required| required == name);
            places.insert(within.clone(), format!("required {required}"));
        }
        schema(document, property, &within, places);
    }
    for key in ["items", "additionalProperties"] {
        if node[key].is_object() {
            schema(document, &node[key], &format!("{place}[]"), places);
        }
    }
}
