//! What is listed and not written: changes and removals, with what they mean for the crate's version.

use contract::{Kind, Level};
use serde_json::{Value, json};

use crate::{OURS, adopted, details, paint};

/// The change that a document makes, in words. Nothing is written.
fn change(change: impl FnOnce(&mut Value)) -> (Kind, String) {
    let adopted = adopted(change);
    assert_eq!(adopted.text, OURS);
    let [change] = adopted.report.changes.as_slice() else { panic!("{:#?}", adopted.report.changes) };
    let (level, meaning) = change.kind.meaning();
    let report = adopted.report.to_string();
    assert!(report.contains(&format!("Changed ({level}): {meaning}.\n  {change}\n")), "{report}");
    (change.kind, change.to_string())
}

fn operation(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/locks/{id}/Paint"]["post"]
}

fn remove(node: &mut Value, key: &str) {
    node.as_object_mut().unwrap().remove(key).unwrap();
}

#[test]
fn removals_are_listed() {
    const PAINT: &str = "POST /locks/{lockId}/Paint";
    const DETAILS: &str = "GET /locks/{lockId}/details";
    let found = change(|document| remove(&mut document["paths"], "/locks/{id}/details"));
    assert_eq!(found, (Kind::OperationRemoved, format!("{DETAILS}: removed")));
    let found = change(|document| _ = operation(document)["parameters"].as_array_mut().unwrap().pop());
    assert_eq!(found, (Kind::ParameterRemoved, format!("{PAINT}: query coats: removed")));
    let found = change(|document| remove(operation(document), "requestBody"));
    assert_eq!(found, (Kind::BodyRemoved, format!("{PAINT}: the request has no body any more")));
    let found = change(|document| remove(&mut paint(document)["properties"], "painter"));
    assert_eq!(found, (Kind::RequestPropertyRemoved, format!("{PAINT}: body.painter: removed")));
    let found = change(|document| remove(&mut details(document)["properties"], "keys"));
    assert_eq!(found, (Kind::ResponsePropertyRemoved, format!("{DETAILS}: 200.keys: removed")));
    let found = change(|document| remove(&mut document["paths"]["/admin/cameras/{id}"]["delete"]["responses"], "200"));
    assert_eq!(found, (Kind::StatusRemoved, "DELETE /admin/cameras/{cameraId}: 200: removed".into()));
}

#[test]
fn value_is_removed_when_no_place_lists_it_any_more() {
    let without_green = |schema: &mut Value| schema["properties"]["color"]["enum"] = json!(["RED"]);
    assert_eq!(adopted(|document| without_green(paint(document))).report.changes, []);
    let (kind, line) = change(|document| {
        without_green(paint(document));
        without_green(details(document));
    });
    assert_eq!(kind, Kind::ValueRemoved);
    let expected =
        "POST /locks/{lockId}/Paint: body.color and GET /locks/{lockId}/details: 200.color: value removed: GREEN";
    assert_eq!(line, expected);
}

#[test]
fn changes_are_listed() {
    let found = change(|document| paint(document)["properties"]["painter"]["type"] = json!(["boolean", "null"]));
    let expected = "POST /locks/{lockId}/Paint: body.painter: type changed: was string, is boolean";
    assert_eq!(found, (Kind::RequestTypeChanged, expected.into()));
    let found = change(|document| details(document)["properties"]["keys"] = json!({ "type": "string" }));
    let expected = "GET /locks/{lockId}/details: 200.keys: type changed: was array, is string";
    assert_eq!(found, (Kind::ResponseTypeChanged, expected.into()));
    let found = change(|document| {
        let response = &mut document["paths"]["/locks/{id}/details"]["get"]["responses"]["200"];
        response["content"] = json!({ "text/html": { "schema": { "type": "string" } } });
    });
    let expected =
        "GET /locks/{lockId}/details: 200: the response's content changed: was application/json, is text/html";
    assert_eq!(found, (Kind::ResponseBodyChanged, expected.into()));
    let found = change(|document| paint(document)["required"] = json!(["color", "painter"]));
    assert_eq!(found, (Kind::NowRequired, "POST /locks/{lockId}/Paint: body.painter: now required".into()));
    let found = change(|document| paint(document)["required"] = json!([]));
    assert_eq!(found, (Kind::NoLongerRequired, "POST /locks/{lockId}/Paint: body.color: no longer required".into()));
    let found = change(|document| operation(document)["parameters"][1]["required"] = json!(true));
    assert_eq!(found, (Kind::NowRequired, "POST /locks/{lockId}/Paint: query coats: now required".into()));
    let found = change(|document| paint(document)["properties"]["painter"]["type"] = json!("string"));
    assert_eq!(found, (Kind::NullForbidden, "POST /locks/{lockId}/Paint: body.painter: may no longer be null".into()));
    let found = change(|document| paint(document)["properties"]["color"]["type"] = json!(["string", "null"]));
    assert_eq!(found, (Kind::NullAllowed, "POST /locks/{lockId}/Paint: body.color: may now be null".into()));
    for promise in [json!([]), json!(["lockId"])] {
        let found = change(|document| {
            let nullable = promise == json!(["lockId"]);
            details(document)["required"] = promise;
            if nullable {
                details(document)["properties"]["lockId"]["type"] = json!(["string", "null"]);
            }
        });
        let expected = "GET /locks/{lockId}/details: 200.lockId: no longer promised";
        assert_eq!(found, (Kind::NoLongerPromised, expected.into()));
    }
    let found = change(|document| operation(document)["security"] = json!([]));
    let expected = "POST /locks/{lockId}/Paint: takes other credentials: was caller, is none";
    assert_eq!(found, (Kind::AuthChanged, expected.into()));
}

#[test]
fn what_the_build_does_not_support_is_listed() {
    let found = change(|document| operation(document)["responses"]["202"] = json!({ "description": "" }));
    let expected = "POST /locks/{lockId}/Paint: 202: not supported by the build: status";
    assert_eq!(found, (Kind::Unsupported, expected.into()));
    let found = change(|document| {
        let header = json!({ "name": "X-Trace", "in": "header", "schema": { "type": "string" } });
        operation(document)["parameters"].as_array_mut().unwrap().push(header);
    });
    let expected = "POST /locks/{lockId}/Paint: header X-Trace: not supported by the build: a parameter in the header";
    assert_eq!(found, (Kind::Unsupported, expected.into()));
    let found = change(|document| document["paths"]["/locks/{id}/details"]["head"] = json!({ "responses": {} }));
    assert_eq!(found, (Kind::Unsupported, "HEAD /locks/{id}/details: not supported by the build: method".into()));
}

#[test]
fn words_are_not_compared() {
    let adopted = adopted(|document| {
        operation(document)["summary"] = json!("Something else");
        details(document)["properties"]["lockId"]["description"] = json!("Something else");
        operation(document)["responses"]["200"]["description"] = json!("Something else");
        operation(document)["responses"]["default"] = json!({ "description": "anything else" });
        operation(document)["responses"]["418"] = json!({ "description": "a range covers it" });
    });
    assert!(adopted.report.is_empty(), "{}", adopted.report);
}

#[test]
fn what_breaks_programs_is_major() {
    use Kind::{NoLongerRequired, NowRequired, NullAllowed, OperationRemoved, ResponsePropertyRemoved};
    let level = |kind: Kind| kind.meaning().0;
    assert_eq!([NowRequired, OperationRemoved].map(level), [Level::Major; 2]);
    assert_eq!([NoLongerRequired, NullAllowed].map(level), [Level::Minor; 2]);
    assert_eq!(level(ResponsePropertyRemoved), Level::Patch);
}
