//! Events: every type in both forms, with fields that differ from the contract, and in responses and records.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

mod published;

use serde_json::{Value, json};
use spkey::mock::wiremock::matchers::any;
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};
use spkey::types::{AddWalletKeyResponse, AlarmSeverity, CommandResult, DeviceType, LockEventRecord};
use spkey::{Client, DateTime, DomainEvent};

/// As responses have it: `{"type": .., "data": {..}}`
fn in_response(event_type: &str, payload: &Value) -> Value {
    json!({ "type": event_type, "data": payload })
}

/// As webhooks deliver it: `{"type": .., ..}`
fn in_webhook(event_type: &str, payload: &Value) -> Value {
    let mut event = payload.clone();
    event["type"] = json!(event_type);
    event
}

#[test]
fn payload_without_fields_is_read() {
    for event_type in DomainEvent::KNOWN {
        for event in
            [json!({ "type": event_type }), in_response(event_type, &json!({})), in_response(event_type, &Value::Null)]
        {
            let read = DomainEvent::read(&event).unwrap();
            assert_eq!(read.event_type(), Some(*event_type));
            assert!(!matches!(read, DomainEvent::Unknown(_)), "{event}");
        }
    }
}

#[test]
fn payload_with_null_new_fields_and_new_enum_values_is_read() {
    let payload = json!({ "deviceId": null, "severity": "apocalyptic", "rawValue": 1, "colour": { "of": ["a", "b"] } });
    for event in [in_response("AlarmTriggered", &payload), in_webhook("AlarmTriggered", &payload)] {
        let Some(DomainEvent::AlarmTriggered(alarm)) = DomainEvent::read(&event) else { panic!("{event}") };
        assert_eq!(alarm.device_id, None);
        assert_eq!(alarm.severity, Some(AlarmSeverity::other("apocalyptic")));
        assert_eq!(alarm.raw_value, Some(1.0));
    }
}

#[test]
fn lock_id_is_read_from_text_and_numbers() {
    for id in [json!(123), json!("123"), json!(123.0)] {
        let event = in_webhook("KeyAdded", &json!({ "lockId": id }));
        let Some(DomainEvent::KeyAdded(key)) = DomainEvent::read(&event) else { panic!("{event}") };
        assert_eq!(key.lock_id.unwrap(), 123);
    }
}

#[test]
fn field_of_another_json_type_is_missing_and_the_rest_is_read() {
    let payload = json!({ "lockId": "123", "keyUuid": { "now": "an object" }, "keyIndexNumber": "4" });
    for event in [in_response("KeyAdded", &payload), in_webhook("KeyAdded", &payload)] {
        let Some(DomainEvent::KeyAdded(key)) = DomainEvent::read(&event) else { panic!("{event}") };
        assert!(key.lock_id.unwrap() == 123 && key.key_uuid.is_none());
        assert_eq!(key.key_index_number, Some(4));
    }
}

#[test]
fn unknown_event_is_kept_as_sent() {
    let events = [
        (json!({ "type": "LockPainted", "data": { "colour": 7 } }), Some("LockPainted")),
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
fn fields_next_to_data_do_not_hide_fields_inside() {
    let event = json!({
        "type": "KeyAdded", "version": 7, "timestamp": 1_767_268_800_000_u64,
        "data": { "lockId": 123, "timestamp": "2026-01-01T12:00:00Z" }
    });
    let Some(DomainEvent::KeyAdded(key)) = DomainEvent::read(&event) else { panic!("{event}") };
    assert_eq!(key.timestamp.as_ref().map(DateTime::as_str), Some("2026-01-01T12:00:00Z"));
    assert_eq!(key.lock_id.unwrap(), 123);
}

#[test]
fn new_field_called_data_does_not_hide_fields_next_to_it() {
    for data in [json!({ "lockId": "of something else" }), json!("more"), json!([1])] {
        let event = json!({ "type": "KeyAdded", "lockId": 123, "keyUuid": "key-7", "data": data });
        let Some(DomainEvent::KeyAdded(key)) = DomainEvent::read(&event) else { panic!("{event}") };
        assert_eq!(key.key_uuid.as_ref().map(spkey::Secret::expose), Some("key-7"));
        assert_eq!(key.lock_id.unwrap(), 123);
    }
}

#[test]
fn debug_of_an_event_shows_no_secret() {
    let payload = json!({ "tempKeyUuid": "s3cret", "passUrl": "s3cret", "rtspUrl": "s3cret", "httpUrl": "s3cret",
        "httpSnapshotUrl": "s3cret", "password": "s3cret", "registrationCode": "s3cret", "pinCode": "s3cret",
        "walletKey": { "passUrl": "s3cret" }, "reported": { "pin": "s3cret" }, "desired": { "pin": "s3cret" } });
    for event_type in DomainEvent::KNOWN.iter().chain(&["LockPainted"]) {
        let read = DomainEvent::read(&in_webhook(event_type, &payload)).unwrap();
        assert!(!format!("{read:?}").contains("s3cret"), "{read:?}");
    }
}

#[test]
fn response_without_an_event_returns_none() {
    for response in [json!({}), json!({ "event": null }), json!({ "event": "null" })] {
        let response: CommandResult = serde_json::from_value(response).unwrap();
        assert!(response.event().is_none());
    }
}

#[test]
fn response_has_its_event_typed_and_raw() {
    let event = in_response("WalletKeyPrepared", &json!({ "keyId": "key-7", "walletType": "APPLE" }));
    let response: AddWalletKeyResponse = serde_json::from_value(json!({ "success": true, "event": event })).unwrap();
    let Some(DomainEvent::WalletKeyPrepared(key)) = response.event() else { panic!("{:?}", response.event()) };
    assert_eq!(key.key_id.as_ref().map(spkey::Secret::expose), Some("key-7"));
    assert_eq!(response.event.as_deref(), Some(&event));
}

#[tokio::test]
async fn response_of_a_call_has_its_event() {
    let server = MockServer::start().await;
    let response = json!({ "success": true, "event": in_response("DeviceAdded", &json!({ "deviceType": "camera" })) });
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(&response)).mount(&server).await;
    let client = Client::builder().base_url(server.uri()).api_key("MadeUpApiKey").build().unwrap();
    let user = "550e8400-e29b-41d4-a716-446655440000";
    let call = client.add_device(user).device_id("d").device_type(DeviceType::Camera).org_id("o");
    let response = call.send().await.unwrap();
    let Some(DomainEvent::DeviceAdded(device)) = response.event() else { panic!("{:?}", response.event()) };
    assert_eq!(device.device_type, Some(DeviceType::Camera));
}

#[test]
fn record_supplies_the_type_of_an_event_without_one() {
    let read = |record: Value| serde_json::from_value::<LockEventRecord>(record).unwrap().event().unwrap();
    let event = read(json!({ "type": "KeyAdded", "event": { "keyUuid": "key-7" } }));
    let DomainEvent::KeyAdded(key) = event else { panic!("{event:?}") };
    assert_eq!(key.key_uuid.as_ref().map(spkey::Secret::expose), Some("key-7"));
    let event = read(json!({ "type": "Stored", "event": in_response("KeyRemoved", &json!({})) }));
    assert!(matches!(event, DomainEvent::KeyRemoved(_)), "{event:?}");
}
