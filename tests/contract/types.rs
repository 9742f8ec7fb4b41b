//! Which Rust types values have.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::sample::Contract;

/// The properties, also as elements of lists, as `Schema.property`.
fn properties(wanted: impl Fn(&str, &Value) -> bool) -> BTreeSet<String> {
    let contract = Contract::read();
    let mut found = BTreeSet::new();
    for (schema, node) in contract.schemas() {
        for (name, property) in node["properties"].as_object().into_iter().flatten() {
            if [property, &property["items"], &property["additionalProperties"]].iter().any(|node| wanted(name, node)) {
                found.insert(format!("{schema}.{name}"));
            }
        }
    }
    found
}

#[test]
fn float_is_only_what_is_neither_counted_nor_an_id_nor_a_time() {
    let floats = properties(|_, node| node["type"] == "number" && node["format"].is_null());
    let expected = [
        "AdminDeleteAllResponse.duration",
        "AdminDeleteHubResponse.duration",
        "AdminDeleteLockResponse.duration",
        "AdminDeleteRtspCameraResponse.duration",
        "AdminDeleteUserResponse.duration",
        "AlarmClearedEvent.rawValue",
        "AlarmTriggeredEvent.rawValue",
        "CameraLprEvent.confidence",
        "ReportSensorStateRequest.value",
    ];
    assert_eq!(floats, expected.map(ToOwned::to_owned).into());
}

#[test]
fn lock_is_a_lock_id_everywhere() {
    let others = properties(|name, node| name == "lockId" && node["type"].is_string() && node["format"] != "lock-id");
    // The number of the lock, or the UUID of its device.
    assert_eq!(others, ["AdminDeleteLockResponse.lockId".to_owned()].into());
}

#[test]
fn text_that_is_a_time_has_its_format() {
    let is_time = |name: &str| name.ends_with("At") || ["timestamp", "validFrom", "validUntil"].contains(&name);
    let others = properties(|name, node| {
        let is_typed = ["date-time", "epoch-millis"].iter().any(|format| node["format"] == *format);
        is_time(name) && node["type"].is_string() && !is_typed
    });
    assert_eq!(others, BTreeSet::new());
}
