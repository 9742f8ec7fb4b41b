//! The build refuses what was written until a person has filled it in.

#[allow(dead_code, unreachable_pub, reason = "the build script calls the rest")]
#[path = "../../../build/spec.rs"]
mod spec;

use serde_json::{Value, json};
use spec::Spec;

use crate::{add_operation, adopted, details, paint};

/// Our contract with something new of each kind.
fn contract() -> Value {
    let adopted = adopted(|document| {
        details(document)["properties"]["ownerId"] = json!({ "type": "string" });
        paint(document)["properties"]["gloss"] = json!({ "type": "boolean" });
        let query = json!({ "name": "dryRun", "in": "query", "schema": { "type": "boolean" } });
        document["paths"]["/locks/{id}/Paint"]["post"]["parameters"].as_array_mut().unwrap().push(query);
        let response = json!({ "type": "object", "properties": {
            "parts": { "type": "array", "items": { "type": "object", "properties": { "size": { "type": "number" } } } },
            "state": { "type": "string", "enum": ["NEW"] }, "extra": {} } });
        let body = json!({ "type": "object", "properties": { "why": { "type": "string" } } });
        let node = json!({ "operationId": "post_RingBellRoute",
            "requestBody": { "content": { "application/json": { "schema": body } } },
            "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": response } } },
                "201": { "description": "ok", "content": { "application/json": { "schema": response } } } } });
        add_operation(document, "/bells/Ring", "post", node);
    });
    yaml_serde::from_str(&adopted.text).unwrap()
}

/// The places without a value.
fn empty(node: &Value, at: &str, found: &mut Vec<String>) {
    match node {
        Value::Null => found.push(at.to_owned()),
        Value::Object(entries) => {
            for (key, value) in entries {
                empty(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                empty(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_empty_place_is_refused_with_its_name_and_what_to_do() {
    let contract = contract();
    let mut places = Vec::new();
    empty(&contract, "", &mut places);
    assert!(places.len() > 15, "{places:#?}");
    let filled = |but: Option<&String>| {
        let mut contract = contract.clone();
        for place in places.iter().filter(|place| Some(*place) != but) {
            *contract.pointer_mut(place).unwrap() = match place.rsplit('/').next().unwrap() {
                "x-spkey-retry" => json!("idempotent"),
                "x-spkey-confirm" => json!({ "nothing": "Words." }),
                _ => json!("Words."),
            };
        }
        Spec::parse(&contract.to_string()).map(|spec| spec.operations.len())
    };
    for place in &places {
        let problem = filled(Some(place)).expect_err(place);
        assert!(problem.contains(" is missing: "), "{problem}");
        // The name of the operation or schema, and of the property, parameter or status.
        let keys: Vec<_> = place.split('/').map(|key| key.replace("~1", "/")).collect();
        let names: Vec<_> = match keys.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
            ["paths", path, _, "parameters", ..] => vec![path, "dryRun"],
            ["paths", path, _, "responses", status, _] => vec![path, status],
            ["paths", path, _, key] => vec![path, key],
            ["components", _, schema, "properties", property, _] => vec![schema, property],
            ["components", _, schema, _] => vec![schema],
            _ => panic!("{place}"),
        };
        assert!(names.iter().all(|name| problem.contains(name)), "{place}: {problem}");
    }
    assert_eq!(filled(None), Ok(4));
}
