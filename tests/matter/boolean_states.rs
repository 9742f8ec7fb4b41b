//! A boolean state means what the kind of device says, and nothing without one.

use serde_json::json;
use spkey::matter::{Contact, DeviceKind, State, boolean_state};

use crate::state;

type Readings = (Option<Contact>, Option<bool>, Option<bool>, Option<bool>);

fn readings(state: &State) -> Readings {
    (state.contact(), state.leak(), state.freeze(), state.rain())
}

const NONE: Readings = (None, None, None, None);

#[test]
fn kind_of_device_decides_what_is_read() {
    for value in [true, false] {
        let contact = if value { Contact::Closed } else { Contact::Open };
        for (number, expected) in [
            (21, (Some(contact), None, None, None)),
            (67, (None, Some(value), None, None)),
            (65, (None, None, Some(value), None)),
            (68, (None, None, None, Some(value))),
            (2128, NONE),
            (10, NONE),
            (9999, NONE),
        ] {
            let state = state(json!({ "1/29/0": [{ "0": number, "1": 1 }], "1/69/0": value }));
            assert_eq!(readings(&state), expected, "{number}");
            assert_eq!(state.find(boolean_state::STATE_VALUE), Some(value));
        }
    }
}

#[test]
fn nothing_is_guessed_without_a_kind() {
    assert_eq!(readings(&state(json!({ "1/69/0": true, "available": true }))), NONE);
}

#[test]
fn kind_from_the_caller_is_used_where_the_state_has_none() {
    let unknown = state(json!({ "1/69/0": true }));
    let leak = unknown.clone().with_device_kind(DeviceKind::WaterLeakDetector);
    assert_eq!(readings(&leak), (None, Some(true), None, None));
    assert_eq!(readings(&unknown.with_device_kind(DeviceKind::Lock)), NONE);
    let contact = state(json!({ "1/29/0": 21, "1/69/0": false })).with_device_kind(DeviceKind::WaterLeakDetector);
    assert_eq!(readings(&contact), (Some(Contact::Open), None, None, None));
}

#[test]
fn endpoint_s_own_kind_comes_first() {
    let two = state(json!({
        "0/29/0": [{ "0": 22 }], "1/29/0": [{ "0": 21 }], "1/69/0": true, "2/29/0": [{ "0": 67 }], "2/69/0": false
    }));
    assert_eq!(readings(&two), (Some(Contact::Closed), Some(false), None, None));
}

#[test]
fn kind_of_another_endpoint_is_used_if_it_is_the_only_one() {
    let state = state(json!({ "0/29/0": 21, "1/29/0": [{ "0": 770 }], "1/69/0": true }));
    assert_eq!(readings(&state), (Some(Contact::Closed), None, None, None));
}

#[test]
fn two_kinds_on_one_endpoint_are_ambiguous() {
    let state = state(json!({ "1/29/0": [{ "0": 21 }, { "0": 67 }], "1/69/0": true }));
    assert_eq!(readings(&state), NONE);
}

#[test]
fn contact_is_read_beside_another_sensor() {
    let state = state(json!({ "1/29/0": [{ "0": 21 }, { "0": 770 }], "1/69/0": true, "1/1026/0": 2000 }));
    assert_eq!((state.contact(), state.device_kind()), (Some(Contact::Closed), None));
}
