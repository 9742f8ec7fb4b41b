//! What of a request the sandbox checks, and where it listens.

use std::net::TcpListener;

use serde_json::{Value, json};
use spkey::mock::Sandbox;
use spkey::reqwest::Method;

use crate::{create_user_and_lock, status, with_user_and_lock};

#[tokio::test]
async fn request_that_is_not_in_the_contract_gets_400_with_every_problem() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let call = spkey.request(Method::POST, "/locks/{lockId}/AddKey").path_param("lockId", "front");
    let error = call.json(&json!({ "keyIndexNumber": "four" })).send::<()>().await.unwrap_err();
    let api = error.api().unwrap();
    let details: Vec<_> = api.details.iter().map(|detail| detail.field.as_deref().unwrap()).collect();
    assert_eq!((error.status(), &details[..]), (Some(400), &["lockId", "keyUuid"][..]));
}

#[tokio::test]
async fn query_that_is_missing_or_of_another_type_gets_400() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let call = || spkey.request(Method::GET, "/users/by-email");
    assert_eq!(status(call().send::<()>().await), 400);
    assert_eq!(status(call().query("email", "a@example.com").query("searchOnly", "maybe").send::<()>().await), 400);
    assert_eq!(status(spkey.backfill_threedeye().limit(-1).send().await), 400);
}

#[tokio::test]
async fn missing_body_gets_400() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let bare = spkey.request(Method::POST, "/locks/{lockId}/OpenLock").path_param("lockId", 1);
    assert_eq!(status(bare.send::<()>().await), 400);
}

#[tokio::test]
async fn page_must_be_one_whole_number_from_1_of_64_bits() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let events = |page: &str| {
        let call = spkey.request(Method::GET, "/locks/{lockId}/events").path_param("lockId", 1);
        call.query("page", page)
    };
    events("9223372036854775807").send::<Value>().await.unwrap();
    for page in ["9223372036854775808", "0", "-1", "1.5"] {
        assert_eq!(status(events(page).send::<()>().await), 400, "{page}");
    }
    assert_eq!(status(events("1").query("page", 2).send::<()>().await), 400, "which of the two?");
}

#[tokio::test]
async fn text_that_is_no_time_gets_400() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    spkey.create_matter_device("d").thing_name("t").hub_id("h").send().await.unwrap();
    let report = |timestamp: &str, path: &str| {
        let call = spkey.request(Method::POST, "/matter-devices/{deviceId}/ReportSensorState");
        let body = json!({ "channel": "smoke", "matterPath": path, "value": 2, "timestamp": timestamp });
        call.path_param("deviceId", "d").json(&body)
    };
    let error = report("tomorrow", "1/92/0").send::<()>().await.unwrap_err();
    assert_eq!(error.status(), Some(400));
    assert_eq!(error.api().unwrap().details[0].field.as_deref(), Some("timestamp"));
    assert_eq!(status(report("", "1/92/0").send::<()>().await), 400);
    assert_eq!(status(report("2026-11-27T12:00:00Z", "").send::<()>().await), 400, "the path is empty");
    report("2026-11-27T12:00:00Z", "1/92/0").send::<Value>().await.unwrap();
}

#[tokio::test]
async fn whole_number_with_a_point_is_the_same_number() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let call = spkey.request(Method::POST, "/locks/{lockId}/AddKey").path_param("lockId", 1);
    call.json(&json!({ "keyUuid": "k", "keyIndexNumber": 3.0 })).send::<Value>().await.unwrap();
    spkey.remove_key(1).key_index_number(3).send().await.unwrap();
}

#[tokio::test]
async fn sandbox_listens_on_the_listener_that_it_is_given() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let sandbox = Sandbox::on(listener).await.unwrap();
    assert_eq!(sandbox.uri(), format!("http://{address}"));
    create_user_and_lock(&sandbox.client()).await;
}
