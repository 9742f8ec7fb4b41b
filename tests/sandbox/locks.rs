use serde_json::{Value, json};
use spkey::reqwest::Method;
use spkey::{Error, LockId};

use crate::{LOCK_UUID, STAFF, USER, furnish, start, status};

#[tokio::test]
async fn versions_count_up_for_each_lock_by_itself_and_events_are_kept() {
    let (_sandbox, spkey) = start().await;
    let create = |lock: u32| spkey.create_lock().lock_id(lock).body_map(|body| body.index(1).uuid(LOCK_UUID));
    let made = create(1).send().await.unwrap();
    assert_eq!((made.status().as_u16(), made.version, made.aggregate_id.as_deref()), (201, Some(1.0), Some("1")));
    assert_eq!(create(2).send().await.unwrap().version, Some(1.0));
    let owner = spkey.set_owner().lock_id(1).body_map(|body| body.user_id(USER)).send().await.unwrap();
    let event = owner.event.as_ref().unwrap();
    assert_eq!((owner.version, &event["type"], &event["data"]["lockId"]), (Some(2.0), &"OwnerSet".into(), &1.into()));
    let again = create(1).send().await.unwrap();
    assert_eq!((again.status().as_u16(), again.version), (200, Some(2.0)));
    let raw = spkey.request(Method::POST, "/locks/{lockId}/CreateLock").path_param("lockId", 1);
    let raw = raw.json(&json!({ "index": 1, "uuid": LOCK_UUID })).send::<Value>().await.unwrap();
    assert_eq!(raw.get("event"), Some(&Value::Null), "it is there, and null");

    for _ in 0..10 {
        spkey.open_lock().lock_id(1).body_map(|body| body.reason("parcel")).send().await.unwrap();
    }
    let newest = spkey.get_lock_events().lock_id(1).send().await.unwrap();
    assert_eq!((newest.total_events, newest.page, newest.total_pages), (Some(12.0), Some(2.0), Some(2.0)));
    assert_eq!(newest.events.iter().map(|event| event.version).collect::<Vec<_>>(), [Some(11.0), Some(12.0)]);
    let first = spkey.get_lock_events().lock_id(1).page(1).send().await.unwrap();
    let kinds: Vec<_> = first.events.iter().filter_map(|event| event.type_.as_deref()).collect();
    assert_eq!((kinds.len(), &kinds[..3]), (10, &["LockCreated", "OwnerSet", "LockOpenRequested"][..]));
}

#[tokio::test]
async fn owner_organization_and_keys_are_shown() {
    let (_sandbox, spkey) = start().await;
    furnish(&spkey).await;
    spkey.set_organization().lock_id(1).body_map(|body| body.org_id("acme")).send().await.unwrap();
    spkey.set_owner().lock_id(1).body_map(|body| body.user_id(USER)).send().await.unwrap();
    let key = spkey.add_key().lock_id(1).body_map(|key| key.key_uuid("key-1").key_index_number(4).user_id(USER));
    key.send().await.unwrap();
    let lock = spkey.get_lock_details().lock_id(1).send().await.unwrap();
    assert_eq!((lock.org_id.as_deref(), lock.version), (Some("acme"), Some(4.0)));
    assert_eq!(lock.owner_id.as_ref().unwrap().as_str(), USER);
    assert_eq!((lock.keys[0].uuid.as_str(), lock.keys[0].index_number), ("key-1", Some(4.0)));
    let info = spkey.get_basic_lock_info().lock_id(1).send().await.unwrap();
    assert_eq!((info.lock_id, info.uuid.as_deref()), (Some(1.0), Some(LOCK_UUID)));
    let owned = spkey.get_owned_locks().user_id(USER).send().await.unwrap();
    assert_eq!((owned.locks.len(), owned.locks[0].keys_count), (1, Some(1)));

    let remove = |uuid: &'static str| spkey.remove_key().lock_id(1).body_map(|body| body.key_uuid(uuid));
    assert_eq!(status(remove("key-2").send().await), 404);
    remove("key-1").send().await.unwrap();
    assert_eq!(status(remove("key-1").send().await), 404);
    assert_eq!(status(spkey.remove_key().lock_id(1).body_map(|body| body).send().await), 400);
    let keys = serde_json::from_str(r#"{"keys": [{"keyUuid": "a"}, {"keyUuid": "b"}]}"#).unwrap();
    spkey.bulk_add_keys().lock_id(1).body::<spkey::types::BulkAddKeysRequest>(keys).send().await.unwrap();
    assert_eq!(spkey.get_lock_details().lock_id(1).send().await.unwrap().keys.len(), 2);
}

#[tokio::test]
async fn a_resident_must_exist_and_is_added_once() {
    let (_sandbox, spkey) = start().await;
    furnish(&spkey).await;
    let add = |email: &'static str| spkey.add_resident().lock_id(1).body_map(|body| body.name("Ada").email(email));
    assert_eq!(status(add("nobody@example.com").send().await), 404);
    let added = add("ada@example.com").send().await.unwrap();
    assert_eq!((added.email.as_deref(), added.version), (Some("ada@example.com"), Some(2.0)));
    assert_eq!(status(add("ada@example.com").send().await), 400);
    let by_id = spkey.add_resident().lock_id(1).body_map(|body| body.name("Ada").user_id(USER));
    assert_eq!(status(by_id.send().await), 400, "the same user by another name");
    assert_eq!(status(spkey.add_resident().lock_id(1).body_map(|body| body.name("Ada")).send().await), 400);
    let residents = spkey.get_residents().lock_id(1).send().await.unwrap();
    assert_eq!((residents.residents.len(), residents.residents[0].has_phone), (1, Some(false)));
    let remove = || spkey.remove_resident().lock_id(1).body_map(|body| body.user_id(USER));
    remove().send().await.unwrap();
    assert_eq!(status(remove().send().await), 400);
}

#[tokio::test]
async fn an_unknown_lock_is_404_for_every_command_and_read() {
    let (_sandbox, spkey) = start().await;
    furnish(&spkey).await;
    assert_eq!(status(spkey.open_lock().lock_id(9).send().await), 404);
    assert_eq!(status(spkey.add_key().lock_id(9).body_map(|key| key.key_uuid("k")).send().await), 404);
    assert_eq!(status(spkey.write_key().lock_id(9).body_map(|key| key.key_uuid("k")).send().await), 404);
    assert_eq!(status(spkey.set_owner().lock_id(9).body_map(|body| body.user_id(STAFF)).send().await), 404);
    assert_eq!(status(spkey.set_organization().lock_id(9).body_map(|body| body.org_id("a")).send().await), 404);
    let resident = spkey.add_resident().lock_id(9).body_map(|body| body.name("Ada").user_id(USER));
    assert_eq!(status(resident.send().await), 404);
    assert_eq!(status(spkey.get_lock_details().lock_id(9).send().await), 404);
    assert_eq!(status(spkey.get_basic_lock_info().lock_id(9).send().await), 404);
    assert_eq!(status(spkey.get_lock_events().lock_id(9).send().await), 404);
    assert_eq!(status(spkey.get_residents().lock_id(9).send().await), 404);
}

#[tokio::test]
async fn an_unreachable_device_is_502_and_nothing_is_recorded() {
    let (sandbox, spkey) = start().await;
    furnish(&spkey).await;
    let lock = LockId::try_from(1).unwrap();
    sandbox.unreachable(&lock);
    let commands: [Result<_, Error>; 3] = [
        spkey.open_lock().lock_id(1).send().await,
        spkey.add_key().lock_id(1).body_map(|key| key.key_uuid("k")).send().await,
        spkey.write_key().lock_id(1).body_map(|key| key.key_uuid("k")).send().await,
    ];
    for result in commands {
        assert_eq!(status(result), 502);
    }
    let read = async || spkey.get_lock_details().lock_id(1).send().await.unwrap().into_inner();
    assert_eq!((read().await.version, read().await.keys.len()), (Some(1.0), 0));
    sandbox.reachable(&lock);
    spkey.open_lock().lock_id(1).send().await.unwrap();
    assert_eq!(read().await.version, Some(2.0));
}
