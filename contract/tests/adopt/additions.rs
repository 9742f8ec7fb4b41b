//! What is added to operations and schemas that are there already.

use serde_json::json;

use crate::{OURS, added, adopted, adopted_into, details, paint, tasks};

#[test]
fn new_response_property_is_optional_and_stands_at_the_end_of_its_schema() {
    let adopted = adopted(|document| {
        details(document)["properties"]["online"] =
            json!({ "type": "boolean", "description": "Connected &amp; alive" });
        details(document)["required"] = json!(["lockId", "online"]);
    });
    let expected = "        online:\n          type: boolean\n          description:";
    assert_eq!(added(OURS, &adopted), expected);
    assert!(adopted.text.contains(&format!("schemas/LockKey\" }}\n{expected}\n    # What opens it.\n")));
    assert_eq!(tasks(&adopted), [r#"LockDetails.properties.online.description: write; "Connected & alive""#]);
    assert!(adopted.report.to_string().contains("New (minor): a new optional field of a response."));
}

#[test]
fn new_request_property_is_required_as_the_document_says() {
    let adopted = adopted(|document| {
        paint(document)["properties"]["gloss"] = json!({ "type": "boolean" });
        paint(document)["properties"]["primer"] = json!({ "type": ["boolean", "null"] });
        paint(document)["required"] = json!(["color", "gloss"]);
    });
    let text = &adopted.text;
    assert!(text.contains("      required: [color, gloss]\n"), "{text}");
    assert!(text.contains("        gloss:\n          type: boolean\n          description:\n"), "{text}");
    assert!(
        text.contains("        primer:\n          type: boolean\n          nullable: true\n          description:\n"),
        "{text}"
    );
    assert!(adopted.report.to_string().contains("body.gloss: new required property"));
}

#[test]
fn first_required_property_of_a_schema_starts_its_list() {
    let ours = OURS.replace("      required: [color]\n", "");
    let adopted = adopted_into(&ours, |document| {
        paint(document)["properties"]["gloss"] = json!({ "type": "boolean" });
        paint(document)["required"] = json!(["gloss"]);
    });
    assert!(adopted.text.contains("description: How to paint.\n      required: [gloss]\n      properties:\n"));
}

/// Both operations send the schema, and only one requires the property: the other one must stay possible.
#[test]
fn property_of_a_shared_request_is_optional_unless_all_require_it() {
    let shared = "/locks/{lockId}/details:\n    get:";
    let body = "/locks/{lockId}/details:\n    put:\n      requestBody:\n        content:\n          application/json:\n            \
                schema: { $ref: \"#/components/schemas/PaintLockRequest\" }\n      operationIds: x";
    let ours = OURS.replacen(&format!("  {shared}"), &format!("  {body}\n    get:"), 1);
    assert_ne!(ours, OURS);
    for all_require in [false, true] {
        let mut document = crate::published();
        let mut schema = paint(&mut document).clone();
        schema["properties"]["gloss"] = json!({ "type": "boolean" });
        let mut stricter = schema.clone();
        stricter["required"] = json!(["color", "gloss"]);
        let adopted = contract::adopt(&ours, &{
            *paint(&mut document) = stricter.clone();
            let other = if all_require { stricter } else { schema };
            document["paths"]["/locks/{id}/details"]["put"] =
                json!({ "requestBody": { "content": { "application/json": { "schema": other } } } });
            document
        })
        .unwrap();
        assert_eq!(adopted.text.contains("required: [color, gloss]"), all_require);
        let changes: Vec<_> = adopted.report.changes.iter().map(ToString::to_string).collect();
        let expected = "POST /locks/{lockId}/Paint: body.gloss: now required";
        assert_eq!(changes.contains(&expected.to_owned()), !all_require, "{changes:?}");
    }
}

#[test]
fn new_value_is_added_to_the_enumeration_in_its_line() {
    let adopted = adopted(|document| {
        for schema in [paint, details] {
            schema(document)["properties"]["color"]["enum"] = json!(["RED", "GREEN", "no"]);
        }
    });
    assert_eq!(adopted.text, OURS.replace("enum: [RED, GREEN]", "enum: [RED, GREEN, \"no\"]"));
    assert!(adopted.report.to_string().contains("body.color and GET /locks/{lockId}/details: 200.color: new value no"));
}

#[test]
fn new_parameter_is_appended_to_the_list() {
    let adopted = adopted(|document| {
        let parameters = &mut document["paths"]["/locks/{id}/Paint"]["post"]["parameters"];
        let dry_run = json!({ "name": "dryRun", "in": "query", "required": true, "description": "Only try",
            "schema": { "type": "string", "enum": ["true", "false"] } });
        parameters.as_array_mut().unwrap().push(dry_run);
    });
    let expected = "        - name: dryRun\n          in: query\n          required: true\n          description:\n          \
                    schema: { type: boolean }";
    assert_eq!(added(OURS, &adopted), expected);
    assert_eq!(tasks(&adopted), [r#"post.parameters.dryRun.description: write; "Only try""#]);
}

#[test]
fn first_parameter_of_an_operation_starts_its_list() {
    let without = "      parameters:\n        - $ref: \"#/components/parameters/LockId\"\n        - name: coats\n          \
                   in: query\n          description: How many coats.\n          schema: { type: integer }\n";
    assert!(OURS.contains(without));
    let ours = OURS.replace(without, "").replace("/locks/{lockId}/Paint", "/locks/Paint");
    let adopted = adopted_into(&ours, |document| {
        let mut node = document["paths"]["/locks/{id}/Paint"].take();
        node["post"]["parameters"].as_array_mut().unwrap().remove(0);
        document["paths"].as_object_mut().unwrap().remove("/locks/{id}/Paint");
        document["paths"]["/locks/Paint"] = node;
    });
    let expected = "      parameters:\n        - name: coats\n          in: query\n          description:\n          schema: { \
                    type: integer, format: int64 }\n      requestBody:\n";
    assert!(adopted.text.contains(expected), "{}", adopted.text);
}

#[test]
fn new_status_gets_the_type_of_the_operation() {
    let adopted = adopted(|document| {
        let responses = &mut document["paths"]["/locks/{id}/Paint"]["post"]["responses"];
        responses["201"] = responses["200"].clone();
        responses["201"]["description"] = json!("First coat");
    });
    let expected = "        \"201\":\n          description:\n          content:\n            application/json:\n              \
                    schema: { $ref: \"#/components/schemas/CommandResult\" }";
    assert_eq!(added(OURS, &adopted), expected);
    assert!(adopted.text.contains(&format!("{expected}\n        4XX:")));
}

#[test]
fn new_body_is_a_named_schema() {
    let adopted = adopted(|document| {
        let body = json!({ "type": "object", "properties": { "force": { "type": "boolean" } } });
        document["paths"]["/admin/cameras/{id}"]["delete"]["requestBody"] =
            json!({ "content": { "application/json": { "schema": body } } });
    });
    assert!(
        adopted
            .text
            .contains("schema: { $ref: \"#/components/schemas/AdminDeleteCameraRequest\" }\n      responses:\n")
    );
    assert!(
        adopted
            .text
            .contains("    AdminDeleteCameraRequest:\n      type: object\n      description:\n      properties:\n")
    );
}

#[test]
fn body_without_properties_is_no_body() {
    let adopted = adopted(|document| {
        document["paths"]["/admin/cameras/{id}"]["delete"]["requestBody"] =
            json!({ "content": { "application/json": { "schema": { "type": "object", "properties": {} } } } });
    });
    assert_eq!(adopted.text, OURS);
}
