use serde_json::{Value, json};
use spkey::types::{CommandResult, MatterSensorChannel};
use spkey::{Client, Error, Response};

use crate::{kind, start, status};

async fn with_device() -> (spkey::mock::Sandbox, Client) {
    let (sandbox, spkey) = start().await;
    let create = || spkey.create_matter_device("lamp").thing_name("thing").hub_id("hub");
    let created = create().send().await.unwrap();
    assert_eq!(
        (created.status().as_u16(), kind(created.event.as_ref()).as_deref()),
        (201, Some("MatterDeviceCreated"))
    );
    let second = create().send().await.unwrap();
    assert_eq!((second.status().as_u16(), second.version, &second.event), (200, created.version, &None));
    (sandbox, spkey)
}

fn data(response: &Response<CommandResult>) -> Value {
    serde_json::from_str(&response.event.as_ref().unwrap()["data"].to_string()).unwrap()
}

#[tokio::test]
async fn pin_takes_the_first_free_slot_and_is_in_no_event() {
    let (_sandbox, spkey) = with_device().await;
    let set = || spkey.set_matter_pin("lamp").pin_code("8642");
    let slot = async || {
        let response = set().send().await.unwrap();
        let data = data(&response);
        assert!(!data.to_string().contains("8642"));
        (kind(response.event.as_ref()).unwrap(), data["credentialIndex"].clone())
    };
    assert_eq!(slot().await, ("MatterPinSet".to_owned(), json!(1)));
    assert_eq!(slot().await.1, 2);
    let clear = |slot: i64| spkey.clear_matter_pin("lamp").credential_index(slot);
    assert_eq!(kind(clear(1).send().await.unwrap().event.as_ref()).as_deref(), Some("MatterPinCleared"));
    assert_eq!(slot().await.1, 1);
    assert_eq!(status(spkey.set_matter_pin("lamp").pin_code("86").send().await), 400);
    assert_eq!(status(set().credential_index(0).send().await), 400);
    assert_eq!(status(clear(0).send().await), 400);
}

#[tokio::test]
async fn shadows_are_in_the_events() {
    let (_sandbox, spkey) = with_device().await;
    let state = json!({ "1/257/0": 2 });
    let desired = spkey.update_matter_desired_shadow("lamp").desired(state.clone()).send().await.unwrap();
    assert_eq!(
        (kind(desired.event.as_ref()).as_deref(), &data(&desired)["desired"]),
        (Some("DesiredShadowUpdated"), &state)
    );
    let reported = spkey.update_matter_reported_shadow("lamp").reported(state.clone()).send().await.unwrap();
    assert_eq!(
        (kind(reported.event.as_ref()).as_deref(), &data(&reported)["reported"]),
        (Some("ReportedShadowUpdated"), &state)
    );
}

#[tokio::test]
async fn unknown_device_is_a_bad_request_or_404_as_documented() {
    let (_sandbox, spkey) = start().await;
    let commands: [Result<Response<CommandResult>, Error>; 4] = [
        spkey.set_matter_pin("lamp").pin_code("8642").send().await,
        spkey.clear_matter_pin("lamp").credential_index(1).send().await,
        spkey.update_matter_desired_shadow("lamp").desired(json!({})).send().await,
        spkey.update_matter_reported_shadow("lamp").reported(json!({})).send().await,
    ];
    for result in commands {
        assert_eq!(status(result), 400);
    }
    let report = spkey.report_sensor_state("lamp").channel(MatterSensorChannel::Smoke).matter_path("1/92/0");
    assert_eq!(status(report.value(2.0).send().await), 404);
}

#[tokio::test]
async fn alarm_is_raised_and_cleared_once() {
    use MatterSensorChannel::{BooleanState, Smoke};
    let (sandbox, spkey) = with_device().await;
    let report = |channel: MatterSensorChannel, device_type: i64, value: f64| {
        let call = spkey.report_sensor_state("lamp").channel(channel).matter_path("1/69/0");
        call.device_type_id(device_type).value(value)
    };
    for (channel, device_type, value, expected) in [
        (BooleanState, 21, 1.0, None), // A contact that is closed.
        (BooleanState, 21, 0.0, Some(("AlarmTriggered", "contact"))),
        (BooleanState, 21, 0.0, None),
        (BooleanState, 21, 1.0, Some(("AlarmCleared", "contact"))),
        (BooleanState, 67, 1.0, Some(("AlarmTriggered", "water_leak"))),
        (Smoke, 118, 2.0, Some(("AlarmTriggered", "smoke"))),
        (BooleanState, 67, 0.0, Some(("AlarmCleared", "water_leak"))),
        (Smoke, 118, 1.0, None),
        (Smoke, 118, 0.0, Some(("AlarmCleared", "smoke"))),
    ] {
        let response = report(channel.clone(), device_type, value).send().await.unwrap();
        let event = response.event.as_ref();
        let event = event.map(|event| (event["type"].as_str().unwrap(), event["data"]["alarmType"].as_str().unwrap()));
        assert_eq!(event, expected, "{channel} {device_type} {value}");
    }
    let token_only = spkey::Client::builder().base_url(sandbox.uri()).bearer_token("token").build().unwrap();
    let report = token_only.report_sensor_state("lamp").channel(Smoke).matter_path("1/92/0").value(0.0);
    assert_eq!(status(report.send().await), 401, "an API key is required");
}
