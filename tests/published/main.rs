//! Compares the contract with one that the service has published: `SPKEY_PUBLISHED=FILE cargo test --test published`.
//! FILE is OpenAPI 3.0 or 3.1, as JSON. Lists what was added, removed and changed, and fails where there is any.

mod compare;

use std::fs;
use std::io::Write;

use compare::differences;
use serde_json::{Value, json};

fn ours() -> Value {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/spkey.yaml")).unwrap();
    yaml_serde::from_str(&text).unwrap()
}

#[test]
fn contract_matches_the_published_one() {
    let Some(file) = std::env::var_os("SPKEY_PUBLISHED") else {
        // Not by eprintln, which the test harness keeps to itself.
        let skipped = "skipped: set SPKEY_PUBLISHED to the file of a published contract to compare with it";
        let _ = writeln!(std::io::stderr(), "{skipped}");
        return;
    };
    let text = fs::read_to_string(&file).expect("SPKEY_PUBLISHED names a file that can be read");
    let published: Value = serde_json::from_str(&text).expect("the published contract is JSON");
    let found = differences(&ours(), &published);
    assert!(found.is_empty(), "{} differences from the published contract:\n{}", found.len(), found.join("\n"));
}

#[test]
fn contract_does_not_differ_from_itself() {
    assert_eq!(differences(&ours(), &ours()), Vec::<String>::new());
}

/// Each kind of change, applied to a copy of the contract, is listed by name.
#[test]
fn every_kind_of_change_is_listed() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change); 12] = [
        ("added: GET /brand/new", |document| document["paths"]["/brand/new"]["get"] = json!({ "responses": {} })),
        ("removed: POST /users/{}/AddDevice", |document| {
            document["paths"].as_object_mut().unwrap().remove("/users/{userId}/AddDevice");
        }),
        ("POST /users/{}/AddDevice: body.serial: added", |document| {
            document["components"]["schemas"]["AddDeviceRequest"]["properties"]["serial"] = json!({ "type": "string" });
        }),
        ("POST /users/{}/AddDevice: body.name: removed", |document| {
            let properties = &mut document["components"]["schemas"]["AddDeviceRequest"]["properties"];
            properties.as_object_mut().unwrap().remove("name");
        }),
        ("POST /users/{}/AddDevice: body.orgId: no longer required", |document| {
            document["components"]["schemas"]["AddDeviceRequest"]["required"] = json!(["deviceId", "deviceType"]);
        }),
        ("POST /users/{}/AddDevice: body.name: now required", |document| {
            let required = &mut document["components"]["schemas"]["AddDeviceRequest"]["required"];
            required.as_array_mut().unwrap().push(json!("name"));
        }),
        ("POST /users/{}/AddDevice: body.deviceType: new value lamp", |document| {
            let values = &mut document["components"]["schemas"]["DeviceType"]["enum"];
            values.as_array_mut().unwrap().push(json!("lamp"));
        }),
        ("POST /users/{}/AddDevice: body.orgId: was string, is integer", |document| {
            document["components"]["schemas"]["AddDeviceRequest"]["properties"]["orgId"] = json!({ "type": "integer" });
        }),
        ("POST /users/{}/UpdatePhoneNumber: body.phoneNumber: may no longer be null", |document| {
            let phone = &mut document["components"]["schemas"]["UpdateUserPhoneRequest"]["properties"]["phoneNumber"];
            phone["nullable"] = json!(false);
        }),
        ("POST /admin/backfill-threedeye: query dryRun: added", |document| {
            let parameters = &mut document["paths"]["/admin/backfill-threedeye"]["post"]["parameters"];
            let added = json!({ "name": "dryRun", "in": "query", "schema": { "type": "boolean" } });
            parameters.as_array_mut().unwrap().push(added);
        }),
        ("POST /admin/backfill-threedeye: 200.skipped: added", |document| {
            let response = &mut document["components"]["schemas"]["BackfillThreedeyeResponse"];
            response["properties"]["skipped"] = json!({ "type": "number" });
        }),
        ("POST /admin/backfill-threedeye: status 202: added", |document| {
            document["paths"]["/admin/backfill-threedeye"]["post"]["responses"]["202"] = json!({ "description": "" });
        }),
    ];
    for (expected, change) in cases {
        let mut published = ours();
        change(&mut published);
        let found = differences(&ours(), &published);
        assert!(found.iter().any(|difference| difference == expected), "{expected} is not among {found:#?}");
    }
}
