//! The sandbox's events against the published schemas of the service's events.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};
use spkey::Client;
use spkey::reqwest::Method;

use crate::{LOCK_UUID, STAFF, USER, start};

/// Sends a command and returns its event.
async fn event(spkey: &Client, path: &'static str, lock: bool, body: Value) -> Value {
    let call = spkey.request(Method::POST, path);
    let call = if lock { call.path_param("lockId", 1) } else { call.path_param("userId", USER) };
    let response = call.json(&body).send::<Value>().await.unwrap_or_else(|error| panic!("{path}: {error}"));
    response["event"].clone()
}

async fn events(spkey: &Client) -> Vec<Value> {
    let grant = json!({ "lockId": "1", "lockName": "Door", "accessLevel": "USER", "grantedBy": STAFF });
    let device = json!({ "deviceId": "lamp", "deviceType": "matter", "orgId": "acme" });
    let times = json!({ "validFrom": "2020-01-01T00:00:00Z", "validUntil": "2999-01-01T00:00:00Z" });
    let mut temp_key = json!({ "tempKeyUuid": "k", "accessMode": "public", "maxUses": 3 });
    for (name, value) in times.as_object().unwrap() {
        temp_key[name] = value.clone();
    }
    let commands = [
        ("/users/{userId}/CreateUser", json!({ "userId": USER, "email": "ada@example.com" })),
        ("/users/{userId}/UpdatePhoneNumber", json!({ "phoneNumber": "+491512345678" })),
        ("/users/{userId}/UpdatePhoneNumber", json!({ "phoneNumber": null })),
        ("/users/{userId}/AddWalletKey", json!({ "walletType": "APPLE", "keyIndex": 1 })),
        ("/users/{userId}/AddAccessibleLock", grant),
        ("/users/{userId}/RemoveAccessibleLock", json!({ "lockId": "1", "removedBy": STAFF, "reason": "moved" })),
        ("/users/{userId}/AddDevice", device),
        ("/users/{userId}/RemoveDevice", json!({ "deviceId": "lamp", "removedBy": STAFF, "reason": "sold" })),
        ("/locks/{lockId}/CreateLock", json!({ "index": 1, "uuid": LOCK_UUID, "keys": [{ "uuid": "a" }] })),
        ("/locks/{lockId}/SetOwner", json!({ "userId": USER })),
        ("/locks/{lockId}/SetOrganization", json!({ "orgId": "acme" })),
        ("/locks/{lockId}/AddKey", json!({ "keyUuid": "b", "keyIndexNumber": 2, "userId": USER })),
        ("/locks/{lockId}/WriteKey", json!({ "keyUuid": "b" })),
        ("/locks/{lockId}/RemoveKey", json!({ "keyUuid": "b" })),
        ("/locks/{lockId}/AddResident", json!({ "name": "Ada", "userId": USER })),
        ("/locks/{lockId}/RemoveResident", json!({ "userId": USER })),
        ("/locks/{lockId}/OpenLock", json!({ "reason": "parcel", "requestId": "r" })),
        ("/locks/{lockId}/create-temp-key", temp_key),
        ("/locks/{lockId}/update-temp-key", json!({ "tempKeyUuid": "k", "maxUses": null })),
        ("/locks/{lockId}/use-temp-key", json!({ "tempKeyUuid": "k", "userId": USER })),
        ("/locks/{lockId}/delete-temp-key", json!({ "tempKeyUuid": "k" })),
    ];
    let mut events = Vec::new();
    for (path, body) in commands {
        events.push(event(spkey, path, path.starts_with("/locks"), body).await);
    }
    events
}

#[tokio::test]
async fn events_conform_to_the_published_schemas() {
    let (_sandbox, spkey) = start().await;
    let events = events(&spkey).await;
    let kinds: BTreeSet<_> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 20, "{kinds:?}");
    let Some(schemas) = std::env::var_os("SPKEY_PUBLISHED_EVENTS") else {
        eprintln!(
            "skipped: set SPKEY_PUBLISHED_EVENTS to the file of the published event schemas to compare with them"
        );
        return;
    };
    let text = fs::read_to_string(schemas).unwrap();
    let schemas: Value = serde_json::from_str(&text).unwrap();
    for event in &events {
        let kind = event["type"].as_str().unwrap();
        let schema = &schemas["events"][kind];
        assert!(schema.is_object(), "{kind} is no published event");
        conforms(schema, &event["data"], kind);
    }
}

fn conforms(schema: &Value, value: &Value, place: &str) {
    if let Some(choices) = schema["anyOf"].as_array() {
        let is_null = |choice: &&Value| (choice["type"] == "null") == value.is_null();
        return conforms(choices.iter().find(is_null).unwrap(), value, place);
    }
    if let Some(known) = schema["enum"].as_array() {
        assert!(known.contains(value), "{place}: {value}");
    }
    let fits = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("number" | "integer") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => true,
    };
    assert!(fits, "{place} is {value}, and must be {}", schema["type"]);
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(name.as_str().unwrap()).is_some(), "{place}.{name} is missing in {value}");
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        let property = &schema["properties"][name];
        assert!(property.is_object() || schema["additionalProperties"] != false, "{place}.{name} is not published");
        conforms(property, value, &format!("{place}.{name}"));
    }
    for item in value.as_array().into_iter().flatten() {
        conforms(&schema["items"], item, place);
    }
}
