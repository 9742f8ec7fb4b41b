use std::panic::{AssertUnwindSafe, catch_unwind};

use spkey::mock::MockSpKey;
use spkey::reqwest;

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";

fn assert_says(report: &str, parts: &[&str]) {
    for part in parts {
        assert!(report.contains(part), "`{part}` is not in:\n{report}");
    }
}

#[tokio::test]
async fn an_unmet_expectation_names_the_operation_and_shows_what_came_instead() {
    let mock = MockSpKey::start().await;
    let written_at = line!() + 1;
    mock.add_device().user_id(USER).body_device_id("lamp").expect(1);
    let device = mock.client();
    let device = device.add_device().user_id(USER);
    let device = device.body_map(|device| device.device_id("lump").device_type("matter").org_id("acme"));
    assert_eq!(device.send().await.unwrap_err().status(), Some(501));
    let report = mock.finish().unwrap_err();
    assert_says(
        &report,
        &[
            "add_device with userId \"550e8400-e29b-41d4-a716-446655440000\", body deviceId \"lamp\": expected 1 call, got 0",
            &format!("{}:{written_at}:", file!()),
            "POST /users/550e8400-e29b-41d4-a716-446655440000/AddDevice",
            "body deviceId is \"lump\", not \"lamp\"",
        ],
    );
}

#[tokio::test]
async fn too_many_calls_none_at_all_and_calls_of_others_are_told_apart() {
    let mock = MockSpKey::start().await;
    mock.open_lock().expect(1);
    mock.add_key().expect(2);
    mock.get_residents().expect(0);
    let spkey = mock.client();
    for _ in 0..2 {
        spkey.open_lock().lock_id(1).send().await.unwrap();
    }
    spkey.get_residents().lock_id(1).send().await.unwrap();
    let report = mock.finish().unwrap_err();
    assert_says(
        &report,
        &[
            "open_lock: expected 1 call, got 2",
            "POST /locks/1/OpenLock {}: counted",
            "add_key: expected 2 calls, got 0",
            "No call of it came. What came:\n  open_lock: POST /locks/1/OpenLock",
            "get_residents: expected 0 calls, got 1",
        ],
    );
}

#[tokio::test]
async fn going_out_of_scope_panics_with_the_report_unless_all_is_met() {
    let mock = MockSpKey::start().await;
    mock.open_lock().expect(1);
    let panic = catch_unwind(AssertUnwindSafe(|| drop(mock))).unwrap_err();
    assert_says(panic.downcast_ref::<String>().unwrap(), &["open_lock: expected 1 call, got 0", "no call at all"]);

    let mock = MockSpKey::start().await;
    mock.open_lock();
    drop(mock);
}

#[tokio::test]
async fn an_unmocked_call_fails_with_the_list_of_what_is_mocked() {
    let mock = MockSpKey::start().await;
    mock.open_lock().lock_id(7);
    mock.get_residents();
    let error = mock.client().add_key().lock_id(1).body_map(|key| key.key_uuid("k")).send().await.unwrap_err();
    assert_says(
        &error.to_string(),
        &["nothing is mocked for add_key; mocked are: open_lock with lockId \"7\"; get_residents"],
    );
    assert_eq!(error.attempts(), 1);
    let unknown = reqwest::get(format!("{}/nowhere", mock.uri())).await.unwrap();
    assert_eq!(unknown.status().as_u16(), 501);
    assert_says(&unknown.text().await.unwrap(), &["an operation that the contract does not have"]);
    let report = mock.finish().unwrap_err();
    assert_says(
        &report,
        &[
            "Calls came that nothing is mocked for",
            "add_key: POST /locks/1/AddKey",
            "GET /nowhere",
            "Mocked are:\n  open_lock with",
        ],
    );
}

#[tokio::test]
async fn a_call_without_credentials_is_refused_and_does_not_count() {
    let mock = MockSpKey::start().await;
    mock.get_residents().expect(1);
    let refused = reqwest::get(format!("{}/locks/1/residents", mock.uri())).await.unwrap();
    assert_eq!(refused.status().as_u16(), 401);
    assert_says(&refused.text().await.unwrap(), &["a bearer token or an X-API-Key is required"]);
    let report = mock.finish().unwrap_err();
    assert_says(
        &report,
        &["get_residents: expected 1 call, got 0", "GET /locks/1/residents: came without credentials"],
    );
}
