use spkey::types::{TempKeyAccessMode, TempKeyDoorMethod, TempKeyStatus};
use spkey::{Client, ErrorKind, Secret};

use crate::{STAFF, USER, furnish, start, status};

const FROM: &str = "2020-01-01T00:00:00Z";
const UNTIL: &str = "2999-01-01T00:00:00+01:00";

/// A key for lock 1: by web page and by PIN.
async fn guest_key(spkey: &Client) -> (Secret, Secret) {
    let doors = serde_json::json!([{ "lockId": "1", "accessMethod": TempKeyDoorMethod::Both }]);
    let doors: Vec<spkey::types::TempKeyDoorRequest> = serde_json::from_value(doors).unwrap();
    let call = spkey.create_unified_temp_key();
    let key = call.body_map(|key| key.valid_from(FROM).valid_until(UNTIL).doors(doors)).send().await.unwrap();
    assert_eq!(key.status().as_u16(), 201);
    let key = key.into_inner();
    (key.uuid.unwrap(), key.pin.unwrap())
}

async fn version(spkey: &Client) -> Option<f64> {
    spkey.get_lock_details().lock_id(1).send().await.unwrap().version
}

#[tokio::test]
async fn a_guest_opens_by_page_until_the_key_is_deleted() {
    let (_sandbox, spkey) = start().await;
    furnish(&spkey).await;
    let (uuid, _) = guest_key(&spkey).await;
    spkey.get_temp_key().temp_key_uuid(uuid.clone()).send().await.unwrap();
    let opened = spkey.open_temp_key().temp_key_uuid(uuid.clone()).send().await.unwrap();
    assert_eq!(opened.status().as_u16(), 303);
    let to = opened.headers()["location"].to_str().unwrap();
    assert_eq!(to, format!("/temp-keys/{}/confirmation?door=1", uuid.expose()));
    let by_door = |door: i64| spkey.open_temp_key_door().temp_key_uuid(uuid.clone()).door_id(door);
    by_door(1).send().await.unwrap();
    assert_eq!(status(by_door(2).send().await), 404);
    assert_eq!(version(&spkey).await, Some(5.0), "each opening is two events: the opening and the use");
    assert_eq!(spkey.list_unified_temp_keys().lock_id(1).send().await.unwrap().temp_keys.len(), 1);
    spkey.delete_unified_temp_key().temp_key_uuid(uuid.clone()).send().await.unwrap();
    assert_eq!(status(spkey.delete_unified_temp_key().temp_key_uuid(uuid.clone()).send().await), 404);
    assert_eq!(status(spkey.open_temp_key().temp_key_uuid(uuid.clone()).send().await), 404);
}

#[tokio::test]
async fn a_lock_takes_the_pin_of_its_door_and_locks_out_who_guesses() {
    let (_sandbox, spkey) = start().await;
    furnish(&spkey).await;
    let (_, pin) = guest_key(&spkey).await;
    let enter = |lock: u32, pin: Secret| spkey.open_lock_with_pin().lock_id(lock).body_map(|body| body.pin(pin));
    enter(1, pin.clone()).send().await.unwrap();
    assert_eq!(status(enter(2, pin.clone()).send().await), 401, "of another lock");
    assert_eq!(status(enter(1, "12".into()).send().await), 400);
    for _ in 0..5 {
        assert_eq!(status(enter(1, "00000001".into()).send().await), 401);
    }
    let error = enter(1, pin).send().await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(429), 1));
    assert!(error.retry_after().is_some());
    assert_eq!(version(&spkey).await, Some(3.0));
}

#[tokio::test]
async fn a_key_of_a_lock_has_its_limits() {
    let (sandbox, spkey) = start().await;
    furnish(&spkey).await;
    let create = |uuid: &'static str, until: &'static str| {
        let call = spkey.create_lock_temp_key().lock_id(1);
        call.body_map(|key| {
            let key = key.temp_key_uuid(uuid).access_mode(TempKeyAccessMode::UserWhitelist);
            key.allowed_user_ids(vec![USER.parse().unwrap()]).valid_from(FROM).valid_until(until).max_uses(1)
        })
    };
    create("k-1", UNTIL).send().await.unwrap();
    assert_eq!(status(create("k-1", UNTIL).send().await), 400);
    assert_eq!(status(create("k-2", "2019-01-01T00:00:00Z").send().await), 400);
    assert_eq!(status(create("k-2", "tomorrow").send().await), 400);

    let opens = async |spkey: &Client| spkey.open_temp_key().temp_key_uuid("k-1").send().await;
    assert_eq!(status(opens(&spkey).await), 403, "nobody's token");
    let as_user = |user: &str| sandbox.client_builder().bearer_token(user).build().unwrap();
    assert_eq!(status(opens(&as_user(STAFF)).await), 403);
    opens(&as_user(USER)).await.unwrap();
    assert_eq!(status(opens(&as_user(USER)).await), 400, "used up");
    let listed = async || {
        let keys = spkey.list_lock_temp_keys().lock_id(1).send().await.unwrap().into_inner().temp_keys;
        keys.iter().map(|key| (key.used_count, key.status.clone())).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, [(Some(1.0), Some(TempKeyStatus::UsedUp))]);
    let update = spkey.update_lock_temp_key().lock_id(1).body_map(|key| key.temp_key_uuid("k-1").max_uses(2));
    update.send().await.unwrap();
    assert_eq!(listed().await, [(Some(1.0), Some(TempKeyStatus::Valid))]);
    let used = spkey.use_lock_temp_key().lock_id(1).body_map(|body| body.temp_key_uuid("k-1")).send().await.unwrap();
    assert_eq!(used.event.as_ref().unwrap()["data"]["usedCount"], 2);
    let delete = || spkey.delete_lock_temp_key().lock_id(1).body_map(|body| body.temp_key_uuid("k-1"));
    delete().send().await.unwrap();
    assert_eq!(status(delete().send().await), 404);
}

#[tokio::test]
async fn a_key_for_a_lock_that_is_not_there_is_refused() {
    let (_sandbox, spkey) = start().await;
    let doors: Vec<spkey::types::TempKeyDoorRequest> = serde_json::from_str(r#"[{"lockId": "9"}]"#).unwrap();
    let call = spkey.create_unified_temp_key().body_map(|key| key.valid_from(FROM).valid_until(UNTIL).doors(doors));
    let error = call.send().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(404)));
}
