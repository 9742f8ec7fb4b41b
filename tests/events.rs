//! Events: each type in both of its forms, what drifts, and what answers say of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

use std::io::Write;

use serde_json::{Map, Value, json};
use spkey::types::builder::AddDeviceRequest as AddDeviceRequestBuilder;
use spkey::types::{AddWalletKeyResponse, AlarmSeverity, CommandResult, DeviceType, LockEventRecord};
use spkey::{Client, DomainEvent};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// The vendor's schemas of the payloads, or none where they are not beside the checkout.
fn vendor_events() -> Option<Map<String, Value>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vendor/event-schemas.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        // Not by `eprintln!`, which is swallowed where a test passes.
        let notice = format!("SKIPPED, nothing was compared: there is no {path}\n");
        std::io::stderr().write_all(notice.as_bytes()).unwrap();
        return None;
    };
    let mut document: Value = serde_json::from_str(&text).unwrap();
    Some(serde_json::from_value(document["events"].take()).unwrap())
}

/// Makes values of a schema: every property there, every text and number another, the n-th value of each enum.
struct Sample {
    nth: usize,
    count: u64,
    /// What `Debug` must show of the values that it has given out.
    shown: Vec<String>,
}

impl Sample {
    fn of(nth: usize, schema: &Value) -> (Value, Vec<String>) {
        let mut sample = Self { nth, count: 1000, shown: Vec::new() };
        (sample.value(schema), sample.shown)
    }

    fn value(&mut self, schema: &Value) -> Value {
        if let Some(values) = schema["enum"].as_array() {
            return values[self.nth % values.len()].clone();
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(alternatives) = schema["anyOf"].as_array() {
            return self.value(&alternatives[0]);
        }
        self.count += 1;
        match schema["type"].as_str().unwrap() {
            "string" => {
                self.shown.push(format!("text-{}", self.count));
                json!(self.shown.last())
            }
            "number" | "integer" => {
                self.shown.push(self.count.to_string());
                json!(self.count)
            }
            "boolean" => json!(true),
            "array" => json!([self.value(&schema["items"])]),
            "object" => match schema["properties"].as_object() {
                Some(properties) => {
                    properties.iter().map(|(name, schema)| (name.clone(), self.value(schema))).collect()
                }
                None => json!({ "anything": 1 }),
            },
            other => panic!("a schema of type {other}: teach it to Sample"),
        }
    }
}

/// `{"type": .., "data": {..}}`
fn answered(event_type: &str, payload: &Value) -> Value {
    json!({ "type": event_type, "data": payload })
}

/// `{"type": .., ..}`
fn delivered(event_type: &str, payload: &Value) -> Value {
    let mut event = payload.clone();
    event["type"] = json!(event_type);
    event
}

#[test]
fn every_payload_reads_in_both_forms_with_nothing_lost() {
    let Some(schemas) = vendor_events() else { return };
    for (event_type, schema) in &schemas {
        for nth in 0..5 {
            let (payload, shown) = Sample::of(nth, schema);
            for event in [answered(event_type, &payload), delivered(event_type, &payload)] {
                let read = DomainEvent::read(&event).unwrap();
                assert_eq!(read.event_type(), Some(event_type.as_str()));
                let debug = format!("{read:?}");
                assert!(!debug.contains("Unknown"), "{event_type} is not read, or a value of an enum: {debug}");
                assert!(!debug.contains("None"), "{event_type} lost a field: {debug}");
                let hidden = shown.iter().filter(|text| !debug.contains(text.as_str())).count();
                let secrets = debug.matches("Secret { .. }").count();
                assert_eq!(hidden, secrets, "{event_type} lost a value: {debug}");
            }
        }
    }
}

#[test]
fn the_types_are_the_vendors() {
    let Some(schemas) = vendor_events() else { return };
    let mut vendor: Vec<_> = schemas.keys().map(String::as_str).collect();
    let mut known = DomainEvent::KNOWN.to_vec();
    vendor.sort_unstable();
    known.sort_unstable();
    assert_eq!(known, vendor);
}

#[test]
fn a_payload_that_lost_its_fields_reads() {
    for event_type in DomainEvent::KNOWN {
        for event in
            [json!({ "type": event_type }), answered(event_type, &json!({})), answered(event_type, &Value::Null)]
        {
            let read = DomainEvent::read(&event).unwrap();
            assert_eq!(read.event_type(), Some(*event_type));
            assert!(!matches!(read, DomainEvent::Unknown(_)), "{event}");
        }
    }
}

#[test]
fn a_payload_with_null_and_new_fields_and_values_reads() {
    let payload = json!({ "deviceId": null, "severity": "apocalyptic", "rawValue": 1, "colour": { "of": ["a", "b"] } });
    for event in [answered("AlarmTriggered", &payload), delivered("AlarmTriggered", &payload)] {
        let Some(DomainEvent::AlarmTriggered(alarm)) = DomainEvent::read(&event) else { panic!("{event}") };
        assert_eq!(alarm.device_id, None);
        assert_eq!(alarm.severity, Some(AlarmSeverity::other("apocalyptic")));
        assert_eq!(alarm.raw_value, Some(1.0));
    }
}

#[test]
fn a_locks_id_is_one_whether_text_or_number() {
    for id in [json!(123), json!("123"), json!(123.0)] {
        let event = delivered("KeyAdded", &json!({ "lockId": id }));
        let Some(DomainEvent::KeyAdded(key)) = DomainEvent::read(&event) else { panic!("{event}") };
        assert_eq!(key.lock_id.unwrap().as_str(), "123");
    }
}

#[test]
fn a_field_of_another_kind_makes_it_unknown_and_loses_nothing() {
    let payload = json!({ "lockId": 123, "keyUuid": { "now": "an object" } });
    for event in [answered("KeyAdded", &payload), delivered("KeyAdded", &payload)] {
        let Some(DomainEvent::Unknown(unknown)) = DomainEvent::read(&event) else { panic!("{event}") };
        assert_eq!(unknown.event_type(), Some("KeyAdded"));
        assert_eq!(**unknown.raw(), event);
    }
}

#[test]
fn what_is_no_known_event_is_kept_whole() {
    let events = [
        (json!({ "type": "LockPolished", "data": { "shine": 7 } }), Some("LockPolished")),
        (json!({ "type": "KeyAdded", "data": "none" }), Some("KeyAdded")),
        (json!({ "type": "KeyAdded", "data": ["key"] }), Some("KeyAdded")),
        (json!({ "type": "Unknown" }), Some("Unknown")),
        (json!({ "type": 7 }), None),
        (json!({ "lockId": 123 }), None),
        (json!({}), None),
        (json!("KeyAdded"), None),
        (json!(["KeyAdded", 123]), None),
        (json!(false), None),
    ];
    for (event, event_type) in events {
        let read = DomainEvent::read(&event).unwrap();
        assert_eq!(read.event_type(), event_type);
        let DomainEvent::Unknown(unknown) = read else { panic!("{event}") };
        assert_eq!(**unknown.raw(), event);
    }
}

#[test]
fn fields_beside_the_data_hide_none_in_it() {
    let event = json!({
        "type": "KeyAdded", "version": 7, "timestamp": 1_767_268_800_000_u64,
        "data": { "lockId": 123, "timestamp": "2026-01-01T12:00:00Z" }
    });
    let Some(DomainEvent::KeyAdded(key)) = DomainEvent::read(&event) else { panic!("it is not read") };
    assert_eq!(key.timestamp.as_deref(), Some("2026-01-01T12:00:00Z"));
    assert_eq!(key.lock_id.unwrap().as_str(), "123");
}

#[test]
fn a_new_field_called_data_hides_none_beside_it() {
    for data in [json!({ "lockId": "of something else" }), json!("more"), json!([1])] {
        let event = json!({ "type": "KeyAdded", "lockId": 123, "keyUuid": "key-7", "data": data });
        let Some(DomainEvent::KeyAdded(key)) = DomainEvent::read(&event) else { panic!("{event}") };
        assert_eq!(key.key_uuid.as_deref(), Some("key-7"));
        assert_eq!(key.lock_id.unwrap().as_str(), "123");
    }
}

#[test]
fn debug_shows_no_secret_of_an_event() {
    let payload = json!({ "tempKeyUuid": "s3cret", "passUrl": "s3cret", "rtspUrl": "s3cret", "httpUrl": "s3cret",
        "httpSnapshotUrl": "s3cret", "password": "s3cret", "registrationCode": "s3cret", "pinCode": "s3cret",
        "walletKey": { "passUrl": "s3cret" }, "reported": { "pin": "s3cret" }, "desired": { "pin": "s3cret" } });
    for event_type in DomainEvent::KNOWN.iter().chain(&["LockPolished"]) {
        let read = DomainEvent::read(&delivered(event_type, &payload)).unwrap();
        assert!(!format!("{read:?}").contains("s3cret"), "{read:?}");
    }
}

#[test]
fn an_answer_without_an_event_gives_none() {
    for answer in [json!({}), json!({ "event": null }), json!({ "event": "null" })] {
        let answer: CommandResult = serde_json::from_value(answer).unwrap();
        assert!(answer.event().is_none());
    }
}

#[test]
fn an_answer_gives_its_event_typed_and_raw() {
    let event = answered("WalletKeyPrepared", &json!({ "keyId": "key-7", "walletType": "APPLE" }));
    let answer: AddWalletKeyResponse = serde_json::from_value(json!({ "success": true, "event": event })).unwrap();
    let Some(DomainEvent::WalletKeyPrepared(key)) = answer.event() else { panic!("{:?}", answer.event()) };
    assert_eq!(key.key_id.as_deref(), Some("key-7"));
    assert_eq!(answer.event.as_deref(), Some(&event));
}

#[tokio::test]
async fn the_answer_of_a_call_gives_its_event() {
    let server = MockServer::start().await;
    let answer = json!({ "success": true, "event": answered("DeviceAdded", &json!({ "deviceType": "camera" })) });
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(&answer)).mount(&server).await;
    let client = Client::builder().base_url(server.uri()).api_key("MadeUpApiKey").build().unwrap();
    let device = |device: AddDeviceRequestBuilder| device.device_id("d").device_type(DeviceType::Camera).org_id("o");
    let user = "550e8400-e29b-41d4-a716-446655440000";
    let answer = client.add_device().user_id(user).body_map(device).send().await.unwrap();
    let Some(DomainEvent::DeviceAdded(device)) = answer.event() else { panic!("{:?}", answer.event()) };
    assert_eq!(device.device_type, Some(DeviceType::Camera));
}

#[test]
fn a_record_tells_the_type_of_an_event_that_does_not() {
    let read = |record: Value| serde_json::from_value::<LockEventRecord>(record).unwrap().event().unwrap();
    let event = read(json!({ "type": "KeyAdded", "event": { "keyUuid": "key-7" } }));
    let DomainEvent::KeyAdded(key) = event else { panic!("{event:?}") };
    assert_eq!(key.key_uuid.as_deref(), Some("key-7"));
    let event = read(json!({ "type": "Stored", "event": answered("KeyRemoved", &json!({})) }));
    assert!(matches!(event, DomainEvent::KeyRemoved(_)), "{event:?}");
}
