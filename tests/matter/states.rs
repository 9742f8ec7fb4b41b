//! States as a whole: nothing is lost, changes are seen, nothing secret is shown.

use serde_json::json;
use spkey::matter::{Attribute, Metadata, Path, State};

use crate::state;

#[test]
fn state_is_written_as_it_was_read() {
    let json = json!({
        "1/257/0": 1, "10/6/0": null, "2/6/0": "n/a", "available": true, "uuid": "7d44", "01/6/0": 1, "1/2": { "x": [1.5] },
        "1/257/65529": [0, 1]
    });
    assert_eq!(serde_json::to_value(state(json.clone())).unwrap(), json);
}

#[test]
fn keys_that_are_no_paths_are_properties() {
    let state = state(json!({ "bridge_uuid": "0f3a", "01/6/0": true, "available": "yes" }));
    assert_eq!(state.iter().count(), 0);
    assert_eq!(state.property("01/6/0").and_then(|value| value.as_bool()), Some(true));
    assert_eq!(state.property("bridge_uuid").and_then(|value| value.as_str()), Some("0f3a"));
    assert_eq!(state.available(), None);
}

#[test]
fn only_an_object_is_a_state() {
    for json in [json!(null), json!([]), json!("{}"), json!(1), json!(true)] {
        let error = State::try_from(json).unwrap_err().to_string();
        assert_eq!(error, r#"not a state: give a JSON object, like {"1/257/0": 1}"#);
    }
}

#[test]
fn values_are_iterated_by_endpoint_cluster_and_attribute() {
    let state = state(json!({ "10/6/0": 1, "2/1026/0": 1, "2/47/12": 1, "2/47/2": 1 }));
    let paths: Vec<_> = state.iter().map(|(path, _)| path.to_string()).collect();
    assert_eq!(paths, ["2/47/2", "2/47/12", "2/1026/0", "10/6/0"]);
}

#[test]
fn unknown_attribute_is_read_by_its_number() {
    let state = state(json!({ "3/4294048773/4294967295": [1, 2] }));
    assert_eq!(state.find(Attribute::<Vec<i64>>::new(4_294_048_773, u32::MAX)), Some(vec![1, 2]));
    assert_eq!(state.find(Attribute::<i64>::new(4_294_048_773, u32::MAX)), None);
}

#[test]
fn changed_since_has_new_changed_and_removed_values_only() {
    let before = state(json!({ "1/6/0": 1, "1/6/1": 1, "1/6/2": [1], "1/6/3": "n/a", "available": true }));
    let now = state(json!({ "1/6/0": 1, "1/6/1": 2, "1/6/2": [1], "1/6/4": null, "available": false }));
    let expected: Vec<Path> = ["1/6/1", "1/6/3", "1/6/4"].iter().map(|path| path.parse().unwrap()).collect();
    assert_eq!(now.changed_since(&before), expected);
    assert_eq!(now.changed_since(&now), []);
}

#[test]
fn debug_shows_paths_and_readings_and_no_texts() {
    let lock = state(json!({
        "1/257/0": 2, "1/47/12": 150, "1/257/130": "s3cret", "0/40/15": "s3cret", "pin": "s3cret", "1/5/5": { "pin": 4821 }
    }));
    assert_eq!(
        format!("{lock:?}"),
        "State { lock_state: Unlocked, battery_percent: 75.0, \
         paths: [0/40/15, 1/5/5, 1/47/12, 1/257/0, 1/257/130], .. }"
    );
}

#[test]
fn times_are_read_from_metadata_of_any_nesting() {
    let path: Path = "1/257/0".parse().unwrap();
    let metadata = |json| Metadata::try_from(json).unwrap();
    let seconds = |time: Option<spkey::DateTime>| time.map(|time| time.unix_millis() / 1000);
    let divided = metadata(json!({
        "reported": { "1/257/0": { "timestamp": 1_767_268_800 } }, "desired": { "1/257/0": { "timestamp": 1_767_268_900 } }
    }));
    assert_eq!(seconds(divided.reported_at(path)), Some(1_767_268_800));
    assert_eq!(seconds(divided.desired_at(path)), Some(1_767_268_900));
    let undivided = metadata(json!({ "1/257/0": { "timestamp": 1_767_268_800 } }));
    assert_eq!(seconds(undivided.reported_at(path)), Some(1_767_268_800));
    assert_eq!(seconds(undivided.desired_at(path)), Some(1_767_268_800));
    let list =
        metadata(json!({ "reported": { "1/257/0": [{ "timestamp": 1 }, { "timestamp": 9 }, { "timestamp": 4 }] } }));
    assert_eq!((seconds(list.reported_at(path)), seconds(list.desired_at(path))), (Some(9), None));
    for nothing in [json!({}), json!({ "reported": { "1/257/0": { "timestamp": "soon" } } }), json!({ "reported": 7 })]
    {
        assert!(metadata(nothing.clone()).reported_at(path).is_none(), "{nothing}");
    }
    assert!(Metadata::try_from(json!([])).is_err());
}
