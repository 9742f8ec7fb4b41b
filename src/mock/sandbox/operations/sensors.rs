use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::unauthorized;
use crate::mock::sandbox::values::{find, pick, with, written};
use crate::mock::sandbox::world::World;

/// The device types of Matter whose boolean state means a leak, frost or rain if it is 1. A contact is open if it is 0.
const DETECTORS: [i64; 3] = [65, 67, 68];

pub(super) const OPERATIONS: &[(&str, Handler)] = &[("report_sensor_state", report)];

fn report(world: &mut World, call: &SandboxCall) -> Handled {
    if !call.has_api_key {
        return Err(unauthorized("An API key is required"));
    }
    call.text("matterPath")?;
    let (id, body) = (call.path("deviceId"), call.body());
    let device = world.state(Aggregate::MatterDevice, id)?;
    let alarm = find(&device["alarms"], "channel", &body["channel"]);
    let data = with(
        pick(body, &["channel", "matterPath", "deviceTypeId"]),
        json!({ "deviceId": id, "timestamp": body["timestamp"].as_str().map_or_else(|| written(world.now), str::to_owned) }),
    );
    let result = match (alarm, raised(body)) {
        (None, Some((alarm_type, severity))) => {
            let alarm = json!({ "alarmType": alarm_type, "severity": severity, "rawValue": body["value"] });
            world.record(Aggregate::MatterDevice, id, "AlarmTriggered", with(data, alarm))
        }
        (Some(alarm), None) => {
            let cleared = json!({ "alarmType": alarm["alarmType"], "rawValue": body["value"] });
            world.record(Aggregate::MatterDevice, id, "AlarmCleared", with(data, cleared))
        }
        _ => world.unchanged(Aggregate::MatterDevice, id),
    };
    ok(result)
}

/// The alarm that a reading means, and how severe it is.
fn raised(reading: &Value) -> Option<(&'static str, &'static str)> {
    let value = reading["value"].as_f64().unwrap_or_default();
    let is_detector = reading["deviceTypeId"].as_i64().is_some_and(|ty| DETECTORS.contains(&ty));
    match reading["channel"].as_str() {
        Some("boolean_state") if is_detector => (value >= 1.0).then_some(("water_leak", "critical")),
        Some("boolean_state") => (value < 1.0).then_some(("contact", "warning")),
        _ if value >= 2.0 => Some(("smoke", "critical")),
        _ => (value >= 1.0).then_some(("smoke", "warning")),
    }
}
