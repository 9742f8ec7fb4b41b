use std::panic::{AssertUnwindSafe, catch_unwind};

use spkey::mock::{MockSpKey, any};
use spkey::reqwest;

use crate::{USER, assert_contains, panic_of};

/// A request of another client, without credentials.
async fn get(url: String) -> reqwest::Result<reqwest::Response> {
    reqwest::Client::builder().no_proxy().build()?.get(url).send().await
}

#[tokio::test]
async fn unmet_expectation_is_reported_with_the_calls_that_came_and_how_they_differ() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let written_at = line!() + 1;
    mock.given(spkey.add_device(USER).device_id("lamp").name("Hall")).expect(1);
    let add = spkey.add_device(USER).device_id("lump").device_type("matter").org_id("acme");
    assert_eq!(add.send().await.unwrap_err().status(), Some(501));
    assert_contains(
        &mock.finish().unwrap_err(),
        &[
            "add_device with userId \"550e8400-e29b-41d4-a716-446655440000\", body deviceId \"lamp\", body name \"Hall\": \
             expected 1 call, got 0",
            &format!("{}:{written_at}:", file!()),
            "Calls that came:\n  POST /users/550e8400-e29b-41d4-a716-446655440000/AddDevice",
            "body deviceId is \"lump\", not \"lamp\"; body name is missing, expected \"Hall\"",
        ],
    );
}

#[tokio::test]
async fn too_many_calls_no_call_and_calls_of_other_operations_are_reported() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.open_lock(any())).expect(1);
    mock.given(spkey.add_key(any())).expect(2);
    mock.given(spkey.get_residents(any())).expect(0);
    for _ in 0..2 {
        spkey.open_lock(1).send().await.unwrap();
    }
    spkey.get_residents(1).send().await.unwrap();
    assert_contains(
        &mock.finish().unwrap_err(),
        &[
            "open_lock: expected 1 call, got 2",
            "POST /locks/1/OpenLock {\"requestId\":\"",
            "\"}: counted",
            "add_key: expected 2 calls, got 0",
            "No call of it came. Calls that came:\n  open_lock: POST /locks/1/OpenLock",
            "get_residents: expected 0 calls, got 1",
        ],
    );
}

#[tokio::test]
async fn call_that_another_stub_matched_is_reported_with_its_line() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let line = line!() + 1;
    mock.given(spkey.open_lock(any()));
    mock.given(spkey.open_lock(1)).expect(1);
    spkey.open_lock(1).send().await.unwrap();
    let matched = format!(": matched by {}:{line}:", file!());
    assert_contains(&mock.finish().unwrap_err(), &["open_lock with lockId \"1\": expected 1 call, got 0", &matched]);
}

#[tokio::test]
async fn drop_panics_with_the_report() {
    let mock = MockSpKey::start().await;
    mock.given(mock.client().open_lock(any())).expect(1);
    let (report, _) = panic_of(|| drop(mock));
    assert_contains(&report, &["open_lock: expected 1 call, got 0", "no call at all"]);
}

#[tokio::test]
async fn drop_does_not_panic_if_every_expectation_is_met_or_none_is_set() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.open_lock(any()));
    mock.given(spkey.get_residents(any())).expect(1);
    spkey.get_residents(1).send().await.unwrap();
    drop(mock);
}

#[tokio::test]
async fn drop_does_not_panic_in_a_test_that_panics() {
    let mock = MockSpKey::start().await;
    mock.given(mock.client().open_lock(any())).expect(1);
    let panic = catch_unwind(AssertUnwindSafe(move || {
        let _mock = mock;
        panic!("the test's own");
    }));
    assert_eq!(panic.unwrap_err().downcast_ref::<&str>(), Some(&"the test's own"));
}

#[tokio::test]
async fn call_that_no_stub_matches_fails_with_the_list_of_stubs() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.open_lock(7));
    mock.given(spkey.get_residents(any()));
    let error = spkey.add_key(1).key_uuid("k").send().await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(501), 1));
    assert_contains(
        &error.to_string(),
        &["no stub matches add_key; stubs are: open_lock with lockId \"7\"; get_residents"],
    );
    let unknown = get(format!("{}/nowhere", mock.uri())).await.unwrap();
    assert_eq!(unknown.status().as_u16(), 501);
    assert_contains(&unknown.text().await.unwrap(), &["an operation that the contract does not have"]);
    assert_contains(
        &mock.finish().unwrap_err(),
        &[
            "Calls came that no stub matches",
            "add_key: POST /locks/1/AddKey",
            "not in the contract: GET /nowhere",
            "Stubs:\n  open_lock with",
        ],
    );
}

#[tokio::test]
async fn call_that_no_stub_matches_is_reported_with_how_it_differs_from_each_stub() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let line = line!() + 1;
    mock.given(spkey.open_lock(7));
    spkey.open_lock(8).send().await.unwrap_err();
    let differs = format!("differs from the stub at {}:{line}:", file!());
    assert_contains(&mock.finish().unwrap_err(), &[&differs, "lockId is \"8\", not \"7\""]);
}

#[tokio::test]
async fn call_without_credentials_gets_401_and_does_not_count() {
    let mock = MockSpKey::start().await;
    mock.given(mock.client().get_residents(any())).expect(1);
    let rejected = get(format!("{}/locks/1/residents", mock.uri())).await.unwrap();
    assert_eq!(rejected.status().as_u16(), 401);
    assert_contains(&rejected.text().await.unwrap(), &["a bearer token or an X-API-Key is required"]);
    assert_contains(
        &mock.finish().unwrap_err(),
        &["get_residents: expected 1 call, got 0", "GET /locks/1/residents: without credentials"],
    );
}

mod panic_in_body_where {
    use super::*;

    #[tokio::test]
    async fn fails_the_test_with_its_message_and_the_line_of_the_stub() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        let line = line!() + 1;
        mock.given(spkey.add_resident(any())).body_where(|resident| {
            assert_eq!(resident.name, "Ada", "the name is not the guest's");
            true
        });
        let error = spkey.add_resident(1).name("Bob").user_id(USER).send().await.unwrap_err();
        assert_contains(&error.to_string(), &["body_where panicked: ", "the name is not the guest's"]);
        let (report, _) = panic_of(|| drop(mock));
        assert_contains(
            &report,
            &["body_where panicked: ", "the name is not the guest's", &format!("{}:{line}:", file!())],
        );
    }

    #[tokio::test]
    async fn fails_the_test_even_if_another_stub_matches() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.add_resident(any())).body_where(|_| panic!("plain text"));
        mock.given(spkey.add_resident(any())).expect(1);
        spkey.add_resident(1).name("Ada").user_id(USER).send().await.unwrap();
        assert_contains(
            &mock.finish().unwrap_err(),
            &["add_resident with body_where: body_where panicked: plain text"],
        );
    }

    #[tokio::test]
    async fn does_not_stop_the_mock() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.add_resident(any())).body_where(|body| {
            assert!(body.name != "Bob", "not Bob");
            true
        });
        mock.given(spkey.open_lock(any())).expect(1);
        spkey.add_resident(1).name("Bob").user_id(USER).send().await.unwrap_err();
        spkey.add_resident(1).name("Ada").user_id(USER).send().await.unwrap();
        spkey.open_lock(1).send().await.unwrap();
        assert_contains(&mock.finish().unwrap_err(), &["not Bob"]);
    }
}
