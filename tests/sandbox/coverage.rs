//! Nothing is left out.

use std::fs;
use std::path::Path;

use serde_json::Value;
use spkey::mock::Sandbox;
use spkey::{Auth, Operation};

use crate::{USER, with_user_and_lock};

#[test]
fn sandbox_has_every_operation_of_callers() {
    let has = |operation: &&&Operation| Sandbox::operations().any(|had| had.id == operation.id);
    let missing: Vec<_> = Operation::all().iter().filter(|operation| operation.auth != Auth::Admin).collect();
    let missing: Vec<_> = missing.iter().filter(|operation| !has(operation)).map(|operation| operation.id).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_operation_is_called_by_these_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sandbox");
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let tests: Vec<String> = files.collect();
    let is_called = |operation: &&Operation| tests.iter().any(|text| text.contains(&format!(".{}(", operation.id)));
    let missing: Vec<_> = Sandbox::operations().filter(|operation| !is_called(operation)).collect();
    let missing: Vec<_> = missing.iter().map(|operation| operation.id).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The published contract marks them as always there.
#[tokio::test]
async fn list_without_items_is_not_left_out() {
    let (sandbox, spkey) = with_user_and_lock().await;
    let camera = spkey.register_pnp_camera("a").name("a").registration_code("a").org_id("a").owner_id(USER).login("a");
    camera.password("a").send().await.unwrap();
    spkey.create_camera_role("a").name("a").description("a").org_id("a").send().await.unwrap();
    spkey.register_rtsp_camera("a").name("a").rtsp_url("rtsp://a").send().await.unwrap();
    let http = spkey::reqwest::Client::builder().no_proxy().build().unwrap();
    for (path, lists) in [
        ("/locks/1/details", &["keys", "residents"][..]),
        ("/locks/1/residents", &["residents"]),
        ("/locks/1/events", &["events"]),
        ("/locks/1/temp-keys", &["tempKeys"]),
        ("/locks/1/debug/messages", &["messages/command", "messages/status"]),
        ("/temp-keys", &["tempKeys"]),
        ("/users/{user}/accessible-locks", &["locks"]),
        ("/users/{user}/owned-locks", &["locks"]),
        ("/users/{user}/devices", &["devices"]),
        ("/users/{user}/license-plates", &["licensePlates"]),
        ("/users/{user}/PhysicalKeys", &["keys"]),
        ("/users/{user}/keys", &["physicalKeys", "digitalKeys"]),
        ("/cameras/my", &["cameras"]),
        ("/cameras/a/lpr-events", &["events"]),
        ("/camera-roles/a/details", &["users", "cameras"]),
        ("/rtsp-cameras", &["cameras"]),
        ("/rtsp-cameras/a", &["accessGrants"]),
    ] {
        let url = format!("{}{}", sandbox.uri(), path.replace("{user}", USER));
        let response = http.get(url).bearer_auth(USER).send().await.unwrap();
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        for list in lists {
            assert!(body.pointer(&format!("/{list}")).is_some_and(Value::is_array), "{path}: {list}: {body}");
        }
    }
}
