use spkey::types::{TempKeyAccessMode, TempKeyDoorMethod, TempKeyDoorRequest, TempKeyStatus};
use spkey::{Client, ErrorKind, Number, Secret};

use crate::{STAFF, USER, start, status, with_user_and_lock};

const FROM: &str = "2020-01-01T00:00:00Z";
const UNTIL: &str = "2999-01-01T00:00:00+01:00";

/// A key for lock 1, by web page and by PIN.
async fn guest_key(spkey: &Client) -> (Secret, Secret) {
    let door: TempKeyDoorRequest =
        serde_json::from_value(serde_json::json!({ "lockId": "1", "accessMethod": TempKeyDoorMethod::Both })).unwrap();
    let key = spkey.create_unified_temp_key().valid_from(FROM).valid_until(UNTIL).doors([door]).send().await.unwrap();
    assert_eq!(key.status().as_u16(), 201);
    let key = key.into_inner();
    (key.uuid.unwrap(), key.pin.unwrap())
}

async fn version(spkey: &Client) -> Option<Number> {
    spkey.get_lock_details(1).send().await.unwrap().version
}

mod page {
    use super::*;

    #[tokio::test]
    async fn guest_opens_the_door_until_the_key_is_deleted() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        let (uuid, _) = guest_key(&spkey).await;
        let page = spkey.get_temp_key(uuid.clone()).send().await.unwrap();
        assert!(page.contains("<button>Open door 1</button>"), "{}", *page);
        let opened = spkey.open_temp_key(uuid.clone()).send().await.unwrap();
        assert_eq!(opened.status().as_u16(), 303);
        let to = opened.headers()["location"].to_str().unwrap();
        assert_eq!(to, format!("/temp-keys/{}/confirmation?door=1", uuid.expose()));
        let by_door = |door: i64| spkey.open_temp_key_door(uuid.clone(), door);
        by_door(1).send().await.unwrap();
        assert_eq!(status(by_door(2).send().await), 404);
        assert_eq!(version(&spkey).await, Some(5.into()), "each opening is two events: the opening and the use");
        let events = spkey.get_lock_events(1).send().await.unwrap().into_inner().events;
        assert_eq!(events.last().unwrap().event.as_ref().unwrap()["data"]["usedCount"], 2);
        assert_eq!(spkey.list_unified_temp_keys().lock_id(1).send().await.unwrap().temp_keys.len(), 1);
        spkey.delete_unified_temp_key(uuid.clone()).send().await.unwrap();
        assert_eq!(status(spkey.delete_unified_temp_key(uuid.clone()).send().await), 404);
        assert_eq!(status(spkey.open_temp_key(uuid.clone()).send().await), 404);
    }

    #[tokio::test]
    async fn key_on_the_path_for_collective_keys_behaves_alike() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        let door: TempKeyDoorRequest = serde_json::from_str(r#"{"lockId": "1"}"#).unwrap();
        let call = spkey.create_collective_temp_key().valid_from(FROM).valid_until(UNTIL).doors([door]);
        let uuid = call.send().await.unwrap().into_inner().uuid.unwrap();
        assert!(spkey.get_collective_temp_key(uuid.clone()).send().await.unwrap().contains("Open door 1"));
        let opened = spkey.open_collective_temp_key_door(uuid.clone(), 1).send().await.unwrap();
        assert_eq!(opened.status().as_u16(), 303);
        for _ in 0..2 {
            spkey.collective_temp_key_confirmation(uuid.clone()).door(1).send().await.unwrap();
            spkey.temp_key_confirmation(uuid.clone()).door(1).send().await.unwrap();
        }
        assert_eq!(version(&spkey).await, Some(3.into()), "to read the confirmation opens nothing");
        spkey.delete_collective_temp_key(uuid.clone()).send().await.unwrap();
        assert_eq!(status(spkey.get_collective_temp_key(uuid.clone()).send().await), 404);
        assert_eq!(status(spkey.delete_collective_temp_key(uuid).send().await), 404);
    }

    #[tokio::test]
    async fn page_of_a_key_for_listed_users_is_for_them() {
        let (sandbox, spkey) = with_user_and_lock().await;
        super::key_of_a_lock::create(&spkey, "k-1", UNTIL).await.unwrap();
        assert_eq!(status(spkey.get_temp_key("k-1").send().await), 403);
        let listed = sandbox.client_builder().bearer_token(USER).build().unwrap();
        listed.get_temp_key("k-1").send().await.unwrap();
    }

    #[tokio::test]
    async fn key_for_an_unknown_lock_is_rejected() {
        let (_sandbox, spkey) = start().await;
        let door: TempKeyDoorRequest = serde_json::from_str(r#"{"lockId": "9"}"#).unwrap();
        let call = spkey.create_unified_temp_key().valid_from(FROM).valid_until(UNTIL).doors([door]);
        let error = call.send().await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(404)));
    }
}

mod pin {
    use super::*;

    #[tokio::test]
    async fn right_pin_opens_and_the_lock_is_blocked_after_five_wrong_ones() {
        let (sandbox, spkey) = with_user_and_lock().await;
        let (_, pin) = guest_key(&spkey).await;
        let enter = |lock: u32, pin: Secret| spkey.open_lock_with_pin(lock).pin(pin);
        enter(1, pin.clone()).send().await.unwrap();
        assert_eq!(status(enter(2, pin.clone()).send().await), 401, "of another lock");
        assert_eq!(status(enter(1, "12".into()).send().await), 400);
        for _ in 0..5 {
            assert_eq!(status(enter(1, "00000001".into()).send().await), 401);
        }
        let error = enter(1, pin.clone()).send().await.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(429), 1));
        assert_eq!(version(&spkey).await, Some(3.into()));
        sandbox.advance(error.retry_after().unwrap());
        enter(1, pin).send().await.unwrap();
    }
}

mod key_of_a_lock {
    use super::*;

    /// A key for one use by the user.
    pub(super) async fn create(spkey: &Client, uuid: &str, until: &str) -> Result<(), spkey::Error> {
        let call = spkey.create_lock_temp_key(1).temp_key_uuid(uuid).access_mode(TempKeyAccessMode::UserWhitelist);
        let call = call.allowed_user_ids([USER.parse().unwrap()]).valid_from(FROM).valid_until(until).max_uses(1);
        call.send().await.map(drop)
    }

    #[tokio::test]
    async fn second_key_of_the_same_id_and_invalid_times_are_rejected() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        create(&spkey, "k-1", UNTIL).await.unwrap();
        assert_eq!(status(create(&spkey, "k-1", UNTIL).await), 400);
        assert_eq!(status(create(&spkey, "k-2", "2019-01-01T00:00:00Z").await), 400);
        let tomorrow = create(&spkey, "k-2", "tomorrow").await.unwrap_err();
        assert_eq!(tomorrow.kind(), ErrorKind::Request, "no text that is no time is sent");
    }

    #[tokio::test]
    async fn only_listed_users_open_and_only_so_often() {
        let (sandbox, spkey) = with_user_and_lock().await;
        create(&spkey, "k-1", UNTIL).await.unwrap();
        let opens = async |spkey: &Client| spkey.open_temp_key("k-1").send().await;
        assert_eq!(status(opens(&spkey).await), 403, "nobody's token");
        let as_user = |user: &str| sandbox.client_builder().bearer_token(user).build().unwrap();
        assert_eq!(status(opens(&as_user(STAFF)).await), 403);
        opens(&as_user(USER)).await.unwrap();
        assert_eq!(status(opens(&as_user(USER)).await), 400, "used up");

        let listed = async || {
            let keys = spkey.list_lock_temp_keys(1).send().await.unwrap().into_inner().temp_keys;
            keys.iter().map(|key| (key.used_count, key.status.clone())).collect::<Vec<_>>()
        };
        assert_eq!(listed().await, [(Some(1), Some(TempKeyStatus::UsedUp))]);
        spkey.update_lock_temp_key(1).temp_key_uuid("k-1").max_uses(2).send().await.unwrap();
        assert_eq!(listed().await, [(Some(1), Some(TempKeyStatus::Valid))]);
    }

    #[tokio::test]
    async fn use_is_counted_and_a_deleted_key_is_gone() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        create(&spkey, "k-1", UNTIL).await.unwrap();
        for count in [1, 2] {
            let used = spkey.use_lock_temp_key(1).temp_key_uuid("k-1").send().await.unwrap();
            assert_eq!(used.event.as_ref().unwrap()["data"]["usedCount"], count);
        }
        let delete = || spkey.delete_lock_temp_key(1).temp_key_uuid("k-1");
        delete().send().await.unwrap();
        assert_eq!(status(delete().send().await), 404);
    }
}
