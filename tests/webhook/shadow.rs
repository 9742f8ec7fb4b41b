//! The states of a device in AWS IoT.

use serde_json::{Value, json};
use spkey::webhook::Delivery;

use crate::{envelope, parse, shadow_detail};

fn shadow(detail: &Value) -> Delivery {
    parse(&envelope("spk.iot.shadow", detail)).unwrap()
}

#[test]
fn states_are_read_from_text_and_from_objects() {
    let delivery = shadow(&json!({
        "partnerId": "partner-1", "thingName": "thing-7", "version": 3, "reportedState": "{\"locked\":true}",
        "desiredState": { "locked": false }, "deltaState": "{locked", "metadata": "null"
    }));
    let detail = shadow_detail(&delivery);
    assert_eq!(detail.thing_name(), Some("thing-7"));
    assert_eq!(detail.version(), Some(3.into()));
    assert_eq!(*detail.reported_state().unwrap().unwrap(), json!({ "locked": true }));
    assert_eq!(*detail.desired_state().unwrap().unwrap(), json!({ "locked": false }));
    assert!(detail.delta_state().unwrap_err().to_string().contains("deltaState"));
    assert!(detail.metadata().unwrap().is_none());
    assert!(delivery.event().is_none());
}

#[test]
fn missing_or_blank_state_is_none() {
    let delivery = shadow(&json!({ "reportedState": "", "deltaState": " \n" }));
    let detail = shadow_detail(&delivery);
    assert!(detail.reported_state().unwrap().is_none());
    assert!(detail.delta_state().unwrap().is_none());
    assert!(detail.desired_state().unwrap().is_none());
}

#[test]
fn lone_surrogate_inside_a_state_is_read_as_replacement_character() {
    let delivery = shadow(&json!({ "reportedState": r#"{"name":"Party \ud83c"}"# }));
    let state = shadow_detail(&delivery).reported_state().unwrap().unwrap();
    assert_eq!(*state, json!({ "name": "Party \u{fffd}" }));
}

#[test]
fn version_may_be_text() {
    assert_eq!(shadow_detail(&shadow(&json!({ "version": "3" }))).version(), Some(3.into()));
    assert_eq!(shadow_detail(&shadow(&json!({ "version": "latest" }))).version(), None);
}
