//! Setting attributes of a device.

use serde_json::json;
use spkey::matter::{Attribute, Desired, OperatingMode, door_lock};
use spkey::mock::MockSpKey;
use spkey::{Number, Outcome, SensitiveJson};

#[tokio::test]
async fn desired_state_is_sent_by_its_paths() {
    let mock = MockSpKey::start().await;
    let client = mock.client();
    let desired = || {
        Desired::new()
            .set(door_lock::AUTO_RELOCK_TIME, 1)
            .set(door_lock::AUTO_RELOCK_TIME, 30)
            .set(door_lock::OPERATING_MODE, OperatingMode::Privacy)
            .set(door_lock::REQUIRE_PIN_FOR_REMOTE_OPERATION, true)
            .set_on(2, door_lock::LANGUAGE, "de")
            .set_on(2, Attribute::<Vec<i64>>::new(9, 1), [1, 2])
            .set_on(2, Attribute::<Number>::new(9, 2), 7)
            .set_on(2, Attribute::<SensitiveJson>::new(9, 3), json!({ "a": null }))
    };
    mock.given(client.update_matter_desired_shadow("7d44").desired(desired())).expect(2);
    let sent = json!({
        "1/257/35": 30, "1/257/37": 2, "1/257/51": true, "2/257/33": "de", "2/9/1": [1, 2], "2/9/2": 7, "2/9/3": { "a": null }
    });
    client.update_matter_desired_shadow("7d44").desired(desired()).send().await.unwrap();
    client.update_matter_desired_shadow("7d44").desired(sent).send().await.unwrap();
}

#[tokio::test]
async fn desired_state_without_a_value_is_an_error_before_anything_is_sent() {
    let mock = MockSpKey::start().await;
    let call = mock.client().update_matter_desired_shadow("7d44").desired(Desired::new());
    let error = call.send().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotApplied);
    assert!(error.to_string().contains("desired: no attribute is set: add one by `Desired::set`"), "{error}");
}

#[test]
fn debug_shows_no_value() {
    let desired = Desired::new().set(door_lock::LANGUAGE, "s3cret");
    assert_eq!(format!("{desired:?}"), r#"Desired { paths: ["1/257/33"], .. }"#);
}
