//! The states of a device in AWS IoT.

use std::ptr;

use serde_json::{Value, json};
use spkey::matter::{LockState, basic_information, door_lock};
use spkey::webhook::Delivery;

use crate::{envelope, parse, shadow_detail};

fn shadow(detail: &Value) -> Delivery {
    parse(&envelope("spk.iot.shadow", detail)).unwrap()
}

#[test]
fn states_are_read_from_text_and_from_objects() {
    let delivery = shadow(&json!({
        "partnerId": "partner-1", "thingName": "thing-7", "version": 3, "reportedState": "{\"1/257/0\":1}",
        "desiredState": { "1/257/0": 2 }, "deltaState": "{locked", "metadata": "null"
    }));
    let detail = shadow_detail(&delivery);
    assert_eq!(detail.thing_name(), Some("thing-7"));
    assert_eq!(detail.version(), Some(3.into()));
    assert_eq!(detail.reported().unwrap().unwrap().lock_state(), Some(LockState::Locked));
    assert_eq!(detail.desired().unwrap().unwrap().lock_state(), Some(LockState::Unlocked));
    assert!(detail.delta().is_err());
    assert!(detail.metadata().unwrap().is_none());
    assert!(delivery.event().is_none());
}

#[test]
fn state_that_is_no_object_is_an_error_with_its_name_and_loses_nothing_else() {
    for broken in ["{locked", "[1]", "7", "{\"1/257/0\": NaN}"] {
        let sent = json!({ "reportedState": "{\"1/257/0\": 1}", "deltaState": broken, "metadata": broken });
        let delivery = shadow(&sent);
        let detail = shadow_detail(&delivery);
        let problem =
            |name| format!("the {name} of the shadow is not a JSON object: use Delivery::raw to read it as sent");
        assert_eq!(detail.delta().unwrap_err().to_string(), problem("deltaState"), "{broken}");
        assert_eq!(detail.metadata().unwrap_err().to_string(), problem("metadata"), "{broken}");
        assert!(detail.reported().unwrap().is_some() && detail.desired().unwrap().is_none());
        assert_eq!(delivery.raw()["detail"], sent);
    }
}

#[test]
fn state_is_parsed_once_for_a_delivery() {
    let delivery = shadow(&json!({ "reportedState": "{\"1/257/0\":1}" }));
    let unread = delivery.clone();
    let first = shadow_detail(&delivery).reported().unwrap().unwrap();
    assert!(ptr::eq(first, shadow_detail(&delivery).reported().unwrap().unwrap()));
    assert_eq!(delivery, unread, "what has been read does not count");
}

#[test]
fn metadata_has_the_times_of_values() {
    let metadata = json!({ "reported": { "1/257/0": { "timestamp": 1_767_268_800 } } });
    let delivery = shadow(&json!({ "metadata": metadata.to_string() }));
    let metadata = shadow_detail(&delivery).metadata().unwrap().unwrap();
    let time = metadata.reported_at(door_lock::LOCK_STATE.on(1)).unwrap();
    assert_eq!(time, spkey::DateTime::try_from("2026-01-01T12:00:00Z").unwrap());
}

#[test]
fn missing_or_blank_state_is_none() {
    let delivery = shadow(&json!({ "reportedState": "", "deltaState": " \n" }));
    let detail = shadow_detail(&delivery);
    assert!(detail.reported().unwrap().is_none());
    assert!(detail.delta().unwrap().is_none());
    assert!(detail.desired().unwrap().is_none());
}

#[test]
fn lone_surrogate_inside_a_state_is_read_as_replacement_character() {
    let delivery = shadow(&json!({ "reportedState": r#"{"0/40/5":"Party \ud83c"}"# }));
    let state = shadow_detail(&delivery).reported().unwrap().unwrap();
    assert_eq!(state.find(basic_information::NODE_LABEL).as_deref(), Some("Party \u{fffd}"));
}

#[test]
fn version_may_be_text() {
    assert_eq!(shadow_detail(&shadow(&json!({ "version": "3" }))).version(), Some(3.into()));
    assert_eq!(shadow_detail(&shadow(&json!({ "version": "latest" }))).version(), None);
}
