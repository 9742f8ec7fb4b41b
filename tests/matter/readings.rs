//! Readings with units, at their bounds, and of values that are none.

use serde_json::{Value, json};
use spkey::Number;
use spkey::matter::{
    AirQualityLevel, AlarmState, BatteryLevel, DeviceKind, DoorState, LockState, PowerSourceStatus, RoutingRole, State,
    air_quality, basic_information, carbon_dioxide_concentration_measurement, door_lock, power_source,
    soil_measurement, thread_network_diagnostics, wifi_network_diagnostics,
};

use crate::state;

/// A state with one value.
fn one(path: &str, value: &Value) -> State {
    state(json!({ path: value }))
}

#[test]
fn lock_is_read_with_its_settings() {
    let lock = state(json!({
        "1/257/0": 1, "1/257/3": 1, "1/257/35": 30, "1/257/48": 5, "1/257/49": 60, "1/257/51": true, "1/257/65529": [0, 1, 3]
    }));
    assert_eq!((lock.lock_state(), lock.door_state()), (Some(LockState::Locked), Some(DoorState::Closed)));
    assert_eq!(lock.find(door_lock::AUTO_RELOCK_TIME), Some(30));
    assert_eq!(lock.find(door_lock::WRONG_CODE_ENTRY_LIMIT), Some(5));
    assert_eq!(lock.find(door_lock::USER_CODE_TEMPORARY_DISABLE_TIME), Some(60));
    assert_eq!(lock.find(door_lock::REQUIRE_PIN_FOR_REMOTE_OPERATION), Some(true));
    assert_eq!(lock.find(door_lock::ACCEPTED_COMMAND_LIST), Some(vec![0, 1, 3]));
}

#[test]
fn every_lock_and_door_state_has_its_number() {
    use {DoorState as D, LockState as L};
    let locks = [L::NotFullyLocked, L::Locked, L::Unlocked, L::Unlatched, L::Unknown(4)];
    for (number, expected) in (0..).zip(locks) {
        assert_eq!(one("1/257/0", &json!(number)).lock_state(), Some(expected));
        assert_eq!(i64::from(expected), number);
    }
    let doors = [D::Open, D::Closed, D::Jammed, D::ForcedOpen, D::UnspecifiedError, D::Ajar, D::Unknown(6)];
    for (number, expected) in (0..).zip(doors) {
        assert_eq!(one("1/257/3", &json!(number)).door_state(), Some(expected));
    }
    assert_eq!(one("1/257/0", &json!(-1)).lock_state(), Some(L::Unknown(-1)));
    assert_eq!(L::NotFullyLocked.to_string(), "not fully locked");
    assert_eq!(L::Unknown(9).to_string(), "unknown (9)");
}

#[test]
fn power_source_is_read() {
    let source = state(json!({ "0/47/0": 1, "0/47/11": 5900, "0/47/12": 150, "0/47/14": 1, "0/47/15": false }));
    assert_eq!(source.find(power_source::STATUS), Some(PowerSourceStatus::Active));
    assert_eq!(source.find(power_source::BAT_VOLTAGE), Some(5900));
    assert_eq!(source.battery_percent(), Some(75.0));
    assert_eq!(source.battery_level(), Some(BatteryLevel::Warning));
    assert_eq!(source.find(power_source::BAT_REPLACEMENT_NEEDED), Some(false));
}

#[test]
fn battery_is_read_in_half_percents_within_its_bounds() {
    for (half_percents, percent) in
        [(0, Some(0.0)), (1, Some(0.5)), (200, Some(100.0)), (201, None), (255, None), (-1, None)]
    {
        assert_eq!(one("0/47/12", &json!(half_percents)).battery_percent(), percent, "{half_percents}");
    }
}

#[test]
fn temperature_is_read_in_hundredths_also_below_zero() {
    for (hundredths, celsius) in [
        (2591, Some(25.91)),
        (0, Some(0.0)),
        (-1, Some(-0.01)),
        (-1850, Some(-18.5)),
        (-27_315, Some(-273.15)),
        (32_767, Some(327.67)),
        (-27_316, None),
        (-32_768, None),
    ] {
        assert_eq!(one("1/1026/0", &json!(hundredths)).temperature_celsius(), celsius, "{hundredths}");
    }
}

#[test]
fn humidity_is_read_in_hundredths_within_its_bounds() {
    for (hundredths, percent) in
        [(3011, Some(30.11)), (0, Some(0.0)), (10_000, Some(100.0)), (10_001, None), (65_535, None), (-1, None)]
    {
        assert_eq!(one("1/1029/0", &json!(hundredths)).relative_humidity_percent(), percent, "{hundredths}");
    }
}

#[test]
fn illuminance_is_read_from_its_logarithm() {
    let lux = |value: i64| one("1/1024/0", &json!(value)).illuminance_lux();
    assert_eq!((lux(0), lux(1), lux(10_001), lux(20_001)), (Some(0.0), Some(1.0), Some(10.0), Some(100.0)));
    assert!((lux(65_534).unwrap() - 3_576_000.0).abs() < 1000.0, "{:?}", lux(65_534));
    assert_eq!((lux(-1), lux(65_535)), (None, None));
}

#[test]
fn occupancy_is_bit_0() {
    for (bits, occupied) in [(0, false), (1, true), (2, false), (3, true)] {
        assert_eq!(one("1/1030/0", &json!(bits)).occupied(), Some(occupied), "{bits}");
    }
}

#[test]
fn smoke_of_the_device_and_of_another_detector_are_distinct() {
    let alarm = state(json!({ "1/92/0": 7, "1/92/1": 0, "1/92/7": 0, "1/92/8": 2 }));
    assert_eq!((alarm.smoke(), alarm.interconnected_smoke()), (Some(AlarmState::Normal), Some(AlarmState::Critical)));
    let alarm = state(json!({ "1/92/1": 1, "1/92/8": "n/a" }));
    assert_eq!((alarm.smoke(), alarm.interconnected_smoke()), (Some(AlarmState::Warning), None));
}

#[test]
fn maker_and_model_are_read() {
    let info =
        state(json!({ "0/40/1": "Acme", "0/40/3": "Lock 3", "0/40/10": "1.2.3", "0/40/15": "A-1", "0/29/0": 10 }));
    assert_eq!((info.vendor().as_deref(), info.serial_number().as_deref()), (Some("Acme"), Some("A-1")));
    assert_eq!(info.find(basic_information::PRODUCT_NAME).as_deref(), Some("Lock 3"));
    assert_eq!(info.find(basic_information::SOFTWARE_VERSION_STRING).as_deref(), Some("1.2.3"));
    assert_eq!(info.device_kind(), Some(DeviceKind::Lock));
}

#[test]
fn diagnostics_of_the_network_are_read() {
    let device = state(json!({ "0/53/1": 5, "0/53/63": u64::MAX, "0/54/4": -67 }));
    assert_eq!(device.find(thread_network_diagnostics::ROUTING_ROLE), Some(RoutingRole::Router));
    assert_eq!(device.find(thread_network_diagnostics::EXT_ADDRESS), Some(Number::from(u64::MAX)));
    assert_eq!(device.find(wifi_network_diagnostics::RSSI), Some(-67));
}

#[test]
fn air_and_soil_are_read() {
    let device = state(json!({ "1/91/0": 1, "1/1037/0": 412.5, "1/1072/1": 40 }));
    assert_eq!(device.find(air_quality::AIR_QUALITY), Some(AirQualityLevel::Good));
    let concentration = device.find(carbon_dioxide_concentration_measurement::MEASURED_VALUE).unwrap();
    assert!((concentration.as_f64() - 412.5).abs() < f64::EPSILON);
    assert_eq!(device.find(soil_measurement::SOIL_MOISTURE_MEASURED_VALUE), Some(40));
}

#[test]
fn kind_of_device_is_read_from_a_list_or_a_number() {
    use DeviceKind as D;
    for (types, expected) in [
        (json!(21), Some(D::ContactSensor)),
        (json!([{ "0": 21, "1": 2 }]), Some(D::ContactSensor)),
        (json!([{ "0": 17, "1": 1 }, { "0": 10, "1": 3 }]), Some(D::Lock)),
        (json!([{ "0": 770 }, { "0": 775 }]), Some(D::TemperatureHumiditySensor)),
        (json!([{ "0": 775 }, { "0": 770 }, { "0": 262 }]), Some(D::LightTemperatureHumiditySensor)),
        (json!([{ "0": 770 }, { "0": 775 }, { "0": 263 }]), Some(D::OccupancyTemperatureHumiditySensor)),
        (json!([{ "0": 2128 }, { "0": 2128 }]), Some(D::OnOffSensor)),
        (json!(9999), Some(D::Unknown(9999))),
        (json!([{ "0": 22 }]), None),
        (json!([{ "0": 10 }, { "0": 21 }]), None),
        (json!([10, 3]), None),
        (json!([{ "1": 10 }]), None),
        (json!(-1), None),
        (json!("10"), None),
        (json!("n/a"), None),
        (json!([]), None),
    ] {
        assert_eq!(one("1/29/0", &types).device_kind(), expected, "{types}");
    }
    for (number, expected) in [
        (10, D::Lock),
        (15, D::Switch),
        (44, D::AirQualitySensor),
        (65, D::WaterFreezeDetector),
        (67, D::WaterLeakDetector),
        (68, D::RainSensor),
        (69, D::SoilSensor),
        (118, D::SmokeCoAlarm),
        (262, D::LightSensor),
        (263, D::OccupancySensor),
        (770, D::TemperatureSensor),
        (775, D::HumiditySensor),
    ] {
        assert_eq!(one("1/29/0", &json!(number)).device_kind(), Some(expected), "{number}");
    }
    let on_two_endpoints =
        state(json!({ "0/29/0": [{ "0": 22 }], "1/29/0": [{ "0": 770 }], "2/29/0": [{ "0": 775 }] }));
    assert_eq!(on_two_endpoints.device_kind(), Some(D::TemperatureHumiditySensor));
}

/// Every reading of a state in which all attributes have the same value.
fn readings(value: &Value) -> Vec<bool> {
    let types = json!([{ "0": 21 }, { "0": 65 }]);
    let state = state(json!({
        "1/257/0": value, "1/257/3": value, "0/47/12": value, "0/47/14": value, "1/29/0": types, "1/69/0": value,
        "1/1026/0": value, "1/1029/0": value, "1/1024/0": value, "1/1030/0": value, "1/92/1": value, "1/92/8": value,
        "0/40/1": value, "0/40/15": value, "available": value
    }));
    vec![
        state.lock_state().is_some(),
        state.door_state().is_some(),
        state.battery_percent().is_some(),
        state.battery_level().is_some(),
        state.temperature_celsius().is_some(),
        state.relative_humidity_percent().is_some(),
        state.illuminance_lux().is_some(),
        state.occupied().is_some(),
        state.smoke().is_some(),
        state.interconnected_smoke().is_some(),
        state.vendor().is_some(),
        state.serial_number().is_some(),
        state.clone().with_device_kind(DeviceKind::ContactSensor).contact().is_some(),
        state.available().is_some(),
    ]
}

#[test]
fn values_that_are_not_available_are_none() {
    for value in [json!("n/a"), json!("N/A"), json!("nan"), json!("NaN"), json!(null)] {
        assert!(readings(&value).into_iter().all(|is_some| !is_some), "{value}: {:?}", readings(&value));
        assert_eq!(**one("1/257/0", &value).get("1/257/0".parse().unwrap()).unwrap(), value);
    }
    let nothing = state(json!({}));
    assert!(nothing.lock_state().is_none() && nothing.get("1/257/0".parse().unwrap()).is_none());
}

#[test]
fn value_of_another_type_is_none_and_is_there() {
    let value = json!("150");
    assert_eq!(one("0/47/12", &value).battery_percent(), None);
    assert_eq!(**one("0/47/12", &value).get("0/47/12".parse().unwrap()).unwrap(), value);
    for value in [json!([1]), json!({ "0": 1 }), json!(1.5), json!(1e300), json!(u64::MAX)] {
        assert!(readings(&value).into_iter().all(|is_some| !is_some), "{value}: {:?}", readings(&value));
    }
    assert_eq!(one("1/257/51", &json!(1)).find(door_lock::REQUIRE_PIN_FOR_REMOTE_OPERATION), None);
    assert_eq!(one("1/257/65529", &json!([0, "1"])).find(door_lock::ACCEPTED_COMMAND_LIST), None);
}

#[test]
fn number_with_an_empty_fraction_is_an_integer() {
    assert_eq!(one("0/47/12", &json!(150.0)).battery_percent(), Some(75.0));
}

#[test]
fn first_endpoint_with_a_value_counts() {
    let state = state(json!({ "0/47/12": "n/a", "1/47/12": 255, "2/47/12": 100, "10/47/12": 20 }));
    assert_eq!(state.battery_percent(), Some(50.0));
}
