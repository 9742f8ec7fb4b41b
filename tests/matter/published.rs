//! What this crate knows of Matter, compared with the data that the service has published: `SPKEY_PUBLISHED_MATTER` is its
//! path. Without it, these tests are skipped.

use std::io::{Write, stderr};
use std::{env, fs};

use serde_json::{Value, json};
use spkey::matter::{AlarmState, Contact, DeviceKind, LockState, Path, State};

use crate::state;

fn published() -> Option<Value> {
    let Some(path) = env::var_os("SPKEY_PUBLISHED_MATTER") else {
        // Not by eprintln!, which the test harness captures.
        let _ = writeln!(stderr(), "skipped: SPKEY_PUBLISHED_MATTER is not set to the published shadows of Matter");
        return None;
    };
    Some(serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
}

/// A name without what only its spelling adds.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn every_attribute_has_the_number_the_name_and_the_values_that_are_published() {
    let Some(published) = published() else { return };
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/matter.yaml");
    let ours: Value = yaml_serde::from_str(&fs::read_to_string(ours).unwrap()).unwrap();
    let mut compared = 0;
    for (cluster_name, cluster) in ours["clusters"].as_object().unwrap() {
        for (name, attribute) in cluster["attributes"].as_object().unwrap() {
            let id = format!("{}/{}", cluster["id"], attribute["id"]);
            let theirs = &published["x-matter-spec"][&id];
            assert_eq!(plain(text(&theirs["cluster"])), plain(cluster_name), "{id}");
            assert_eq!(plain(text(&theirs["attribute"])), plain(name), "{id}");
            let kind = text(&attribute["type"]);
            let expected = match kind {
                // The list of device types is published as a number, which it is in `device_info` alone.
                "json" if id == "29/0" => &["integer"] as &[_],
                "json" => &["array", "object"],
                "integers" => &["array"],
                "text" => &["string"],
                "number" => &["number", "integer"],
                "boolean" => &["boolean"],
                _ => &["integer"],
            };
            assert!(expected.contains(&text(&theirs["type"])), "{id} is {kind} and {}", theirs["type"]);
            assert_eq!(values(&ours["enums"][kind]["values"]), their_values(theirs), "{id}");
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared}");
}

/// The values of an enum, plain.
fn values(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().map(|value| plain(text(value)).replace("undetermined", "unknown")).collect()
}

/// The published values, without the one that stands for values that are not published. Those of `DoorState` begin with `kDoor`.
fn their_values(attribute: &Value) -> Vec<String> {
    let values = attribute["enum"].as_object().into_iter().flatten();
    let mut values: Vec<(usize, &str)> =
        values.map(|(number, name)| (number.parse().unwrap(), text(name).strip_prefix('k').unwrap())).collect();
    values.sort_unstable();
    let values = values.into_iter().filter(|(_, name)| *name != "UnknownEnumValue");
    let prefix = if attribute["attribute"] == "DoorState" { "Door" } else { "" };
    let named = values.enumerate().map(|(index, (number, name))| {
        assert_eq!(index, number);
        plain(name.strip_prefix(prefix).unwrap())
    });
    named.collect()
}

/// The name of a published schema, a state of it, and whether that reads as what it is.
type Sample = (&'static str, Value, fn(&State) -> bool);

fn samples() -> Vec<Sample> {
    vec![
        ("LockStateReported", json!({ "available": true, "1/257/0": 1, "1/257/3": 1, "1/47/12": 150 }), |state| {
            state.lock_state() == Some(LockState::Locked) && state.battery_percent() == Some(75.0)
        }),
        ("ContactSensorStateReported", json!({ "available": true, "1/69/0": true }), |state| {
            state.clone().with_device_kind(DeviceKind::ContactSensor).contact() == Some(Contact::Closed)
        }),
        ("WaterLeakDetectorStateReported", json!({ "available": true, "1/69/0": true }), |state| {
            state.clone().with_device_kind(DeviceKind::WaterLeakDetector).leak() == Some(true)
        }),
        ("WaterFreezeDetectorStateReported", json!({ "available": true, "1/69/0": false }), |state| {
            state.clone().with_device_kind(DeviceKind::WaterFreezeDetector).freeze() == Some(false)
        }),
        ("RainSensorStateReported", json!({ "available": true, "1/69/0": true }), |state| {
            state.clone().with_device_kind(DeviceKind::RainSensor).rain() == Some(true)
        }),
        ("OnOffSensorStateReported", json!({ "available": true, "1/69/0": true }), |state| state.contact().is_none()),
        ("TemperatureSensorStateReported", json!({ "available": true, "1/1026/0": -550 }), |state| {
            state.temperature_celsius() == Some(-5.5)
        }),
        ("HumiditySensorStateReported", json!({ "available": true, "1/1029/0": 3011 }), |state| {
            state.relative_humidity_percent() == Some(30.11)
        }),
        ("LightSensorStateReported", json!({ "available": true, "1/1024/0": 10_001 }), |state| {
            state.illuminance_lux() == Some(10.0)
        }),
        ("OccupancySensorStateReported", json!({ "available": true, "1/1030/0": 1 }), |state| {
            state.occupied() == Some(true)
        }),
        (
            "TemperatureHumiditySensorStateReported",
            json!({ "available": true, "1/1026/0": 1, "2/1029/0": 1 }),
            |state| state.temperature_celsius().is_some() && state.relative_humidity_percent().is_some(),
        ),
        (
            "LightTemperatureHumiditySensorStateReported",
            json!({ "available": true, "1/1024/0": 0, "2/1026/0": 2591, "3/1029/0": 0 }),
            |state| state.illuminance_lux() == Some(0.0) && state.temperature_celsius() == Some(25.91),
        ),
        (
            "OccupancyTemperatureHumiditySensorStateReported",
            json!({ "available": true, "1/1030/0": 0, "2/1026/0": 0, "3/1029/0": 0 }),
            |state| state.occupied() == Some(false) && state.relative_humidity_percent() == Some(0.0),
        ),
        ("SmokeCOAlarmStateReported", json!({ "available": true, "1/92/1": 2, "1/92/8": 0 }), |state| {
            state.smoke() == Some(AlarmState::Critical) && state.interconnected_smoke() == Some(AlarmState::Normal)
        }),
        ("AirQualitySensorStateReported", json!({ "available": false, "1/91/0": 1 }), |state| {
            state.available() == Some(false)
        }),
        ("SoilSensorStateReported", json!({ "available": true, "1/1072/1": 40 }), |state| state.iter().count() == 1),
        ("UnknownDeviceStateReported", json!({ "available": true, "1/257/65529": [0, 1] }), |state| {
            state.available() == Some(true)
        }),
        (
            "DeviceInfoReported",
            json!({
                "uuid": "7d44", "bridge_uuid": "0f3a", "0/29/0": 10, "0/40/1": "Acme", "0/40/2": 1, "0/40/3": "Lock", "0/40/4": 2,
                "0/40/5": "", "0/40/8": "1", "0/40/10": "1.2.3", "0/40/11": "20260131", "0/40/14": "Lock", "0/40/15": "A-1"
            }),
            |state| state.device_kind() == Some(DeviceKind::Lock) && state.serial_number().as_deref() == Some("A-1"),
        ),
    ]
}

#[test]
fn sample_of_each_published_schema_is_valid_and_read() {
    let Some(published) = published() else { return };
    let schemas = published["$defs"].as_object().unwrap().iter().filter(|(name, _)| name.ends_with("Reported"));
    assert_eq!(schemas.clone().count(), 18);
    for (name, schema) in schemas {
        let samples = samples();
        let (_, sample, is_read) = samples.iter().find(|(of, ..)| of == name).unwrap();
        let state = state(sample.clone());
        assert_eq!(problems(schema, &serde_json::to_value(&state).unwrap(), &state), [""; 0], "{name}");
        assert!(is_read(&state), "{name}: {state:?}");
    }
}

/// What of a schema a state does not fulfil: the keywords that these schemas have.
fn problems(schema: &Value, sample: &Value, state: &State) -> Vec<String> {
    let sample = sample.as_object().unwrap();
    let (mut problems, properties) = (Vec::new(), &schema["properties"]);
    let required = schema["required"].as_array().unwrap().iter().map(text);
    problems.extend(required.filter(|name| !sample.contains_key(*name)).map(|name| format!("{name} is missing")));
    for (name, value) in sample {
        let is_valid = match properties.get(name) {
            Some(property) => fits(property, value),
            None => name.parse::<Path>().is_ok() && fits(&schema["patternProperties"][r"^\d+/\d+/\d+$"], value),
        };
        problems.extend((!is_valid).then(|| format!("{name} is not valid")));
    }
    for rule in schema["x-matter-required-rules"].as_array().unwrap() {
        let is_there = state.iter().any(|(path, _)| json!([path.cluster, path.attribute]) == *rule);
        problems.extend((!is_there).then(|| format!("{rule} is missing")));
    }
    problems
}

fn fits(schema: &Value, value: &Value) -> bool {
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().any(|choice| fits(choice, value));
    }
    match text(&schema["type"]) {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "array" => {
            value.as_array().is_some_and(|elements| elements.iter().all(|element| fits(&schema["items"], element)))
        }
        _ => schema.get("const") == Some(value),
    }
}
