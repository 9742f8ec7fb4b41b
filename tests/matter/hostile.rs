//! States that no device has: read without a panic, and nothing of them is lost.

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use serde_json::{Value, json};
use spkey::matter::{DeviceKind, Metadata, State};

/// Values that are at the bounds of something, beside random ones.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        prop_oneof![Just("n/a"), Just("nan"), Just(""), Just("7")].prop_map(Value::from),
        prop_oneof![Just(0), Just(-1), Just(200), Just(255), Just(65_535), Just(i64::MIN), Just(i64::MAX)]
            .prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            inner.prop_map(|value| json!({ "0": value })),
            prop_oneof![Just(10), Just(21), Just(65), Just(67), Just(770)].prop_map(|number| json!([{ "0": number }])),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-2]/(257/0|257/3|47/12|47/14|69/0|29/0|1026/0|1029/0|1024/0|1030/0|92/1|92/8|40/1|40/15)",
        "[0-9]{1,6}/[0-9]{1,11}/[0-9]{1,11}",
        "available|uuid|reported|desired|timestamp|.{0,6}",
    ]
}

proptest! {
    #[test]
    fn any_state_is_read_without_a_panic_and_within_bounds(
        entries in proptest::collection::hash_map(key(), value(), 0..12), other in value()
    ) {
        let json: Value = entries.into_iter().collect();
        let state = State::try_from(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&state).unwrap(), json);
        for state in [state.clone(), state.clone().with_device_kind(DeviceKind::ContactSensor)] {
            let _ = (format!("{state:?}"), state.vendor(), state.serial_number(), state.changed_since(&State::default()));
            assert!(state.battery_percent().is_none_or(|percent| (0.0..=100.0).contains(&percent)));
            assert!(state.relative_humidity_percent().is_none_or(|percent| (0.0..=100.0).contains(&percent)));
            assert!(state.temperature_celsius().is_none_or(|celsius| (-273.15..=327.67).contains(&celsius)));
            assert!(state.illuminance_lux().is_none_or(|lux| (0.0..4e6).contains(&lux)));
        }
        let metadata = Metadata::try_from(json).unwrap();
        for (path, _) in state.iter() {
            let _ = (metadata.reported_at(path), metadata.desired_at(path));
        }
        assert_eq!(State::try_from(other.clone()).is_ok(), other.is_object());
    }
}
