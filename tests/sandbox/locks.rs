use serde_json::{Value, json};
use spkey::reqwest::Method;
use spkey::types::AddKeyRequest;
use spkey::{Error, LockId};

use crate::{LOCK_UUID, STAFF, USER, start, status, with_user_and_lock};

mod version_and_events {
    use super::*;

    #[tokio::test]
    async fn version_of_each_lock_grows_by_one_with_each_event() {
        let (_sandbox, spkey) = start().await;
        let create = |lock: u32| spkey.create_lock(lock).index(1).uuid(LOCK_UUID);
        let created = create(1).send().await.unwrap();
        assert_eq!((created.status().as_u16(), created.version), (201, Some(1.into())));
        assert_eq!(created.aggregate_id.as_deref(), Some("1"));
        assert_eq!(create(2).send().await.unwrap().version, Some(1.into()));
        let owner = spkey.set_owner(1).user_id(USER).send().await.unwrap();
        let event = owner.event.as_ref().unwrap();
        assert_eq!(owner.version, Some(2.into()));
        assert_eq!((&event["type"], &event["data"]["lockId"]), (&"OwnerSet".into(), &1.into()));
    }

    #[tokio::test]
    async fn second_create_changes_nothing_and_its_event_is_null() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        spkey.set_owner(1).user_id(USER).send().await.unwrap();
        let second = spkey.create_lock(1).index(1).uuid(LOCK_UUID).send().await.unwrap();
        assert_eq!((second.status().as_u16(), second.version), (200, Some(2.into())));
        let raw = spkey.request(Method::POST, "/locks/{lockId}/CreateLock").path_param("lockId", 1);
        let raw = raw.json(&json!({ "index": 1, "uuid": LOCK_UUID })).send::<Value>().await.unwrap();
        assert_eq!(raw.get("event"), Some(&Value::Null), "it is there, and null");
    }

    #[tokio::test]
    async fn events_come_in_pages_of_ten_and_the_newest_page_is_the_default() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        spkey.set_owner(1).user_id(USER).send().await.unwrap();
        for _ in 0..10 {
            spkey.open_lock(1).reason("parcel").send().await.unwrap();
        }
        let newest = spkey.get_lock_events(1).send().await.unwrap();
        assert_eq!((newest.total_events, newest.page, newest.total_pages), (Some(12), Some(2), Some(2)));
        let versions: Vec<_> = newest.events.iter().map(|event| event.version).collect();
        assert_eq!(versions, [Some(11.into()), Some(12.into())]);
        let first = spkey.get_lock_events(1).page(1).send().await.unwrap();
        let kinds: Vec<_> = first.events.iter().filter_map(|event| event.type_.as_deref()).collect();
        assert_eq!((kinds.len(), &kinds[..3]), (10, &["LockCreated", "OwnerSet", "LockOpenRequested"][..]));
    }
}

mod keys {
    use super::*;

    #[tokio::test]
    async fn owner_organization_and_keys_are_in_the_details() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        spkey.set_organization(1).org_id("acme").send().await.unwrap();
        spkey.set_owner(1).user_id(USER).send().await.unwrap();
        spkey.add_key(1).key_uuid("key-1").key_index_number(4).user_id(USER).send().await.unwrap();
        let lock = spkey.get_lock_details(1).send().await.unwrap();
        assert_eq!((lock.org_id.as_deref(), lock.version), (Some("acme"), Some(4.into())));
        assert_eq!(lock.owner_id.unwrap(), USER);
        assert_eq!((lock.keys[0].uuid.expose(), lock.keys[0].index_number), ("key-1", Some(4)));
        let info = spkey.get_basic_lock_info(1).send().await.unwrap();
        assert_eq!((info.lock_id.unwrap().get(), info.uuid.as_deref()), (1, Some(LOCK_UUID)));
        let owned = spkey.get_owned_locks(USER).send().await.unwrap();
        assert_eq!((owned.locks.len(), owned.locks[0].keys_count), (1, Some(1)));
    }

    #[tokio::test]
    async fn key_is_removed_once_and_must_be_named() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        spkey.add_key(1).key_uuid("key-1").send().await.unwrap();
        let remove = |uuid: &'static str| spkey.remove_key(1).key_uuid(uuid);
        assert_eq!(status(remove("key-2").send().await), 404);
        remove("key-1").send().await.unwrap();
        assert_eq!(status(remove("key-1").send().await), 404);
        assert_eq!(status(spkey.remove_key(1).send().await), 400);
    }

    #[tokio::test]
    async fn keys_are_added_in_bulk() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        spkey.bulk_add_keys(1).keys([AddKeyRequest::new("a"), AddKeyRequest::new("b")]).send().await.unwrap();
        assert_eq!(spkey.get_lock_details(1).send().await.unwrap().keys.len(), 2);
    }
}

#[tokio::test]
async fn resident_must_be_a_user_and_is_added_once() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let add = |email: &'static str| spkey.add_resident(1).name("Ada").email(email);
    assert_eq!(status(add("nobody@example.com").send().await), 404);
    let added = add("ada@example.com").send().await.unwrap();
    assert_eq!((added.email.as_deref(), added.version), (Some("ada@example.com"), Some(2.into())));
    assert_eq!(status(add("ada@example.com").send().await), 400);
    let by_id = spkey.add_resident(1).name("Ada").user_id(USER);
    assert_eq!(status(by_id.send().await), 400, "the same user, named by the id");
    assert_eq!(status(spkey.add_resident(1).name("Ada").send().await), 400, "no user is named");
    let residents = spkey.get_residents(1).send().await.unwrap();
    assert_eq!((residents.residents.len(), residents.residents[0].has_phone), (1, Some(false)));
    let remove = || spkey.remove_resident(1).user_id(USER);
    remove().send().await.unwrap();
    assert_eq!(status(remove().send().await), 400);
}

#[tokio::test]
async fn unknown_lock_gets_404_from_every_command_and_read() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    assert_eq!(status(spkey.open_lock(9).send().await), 404);
    assert_eq!(status(spkey.add_key(9).key_uuid("k").send().await), 404);
    assert_eq!(status(spkey.write_key(9).key_uuid("k").send().await), 404);
    assert_eq!(status(spkey.set_owner(9).user_id(STAFF).send().await), 404);
    assert_eq!(status(spkey.set_organization(9).org_id("a").send().await), 404);
    assert_eq!(status(spkey.add_resident(9).name("Ada").user_id(USER).send().await), 404);
    assert_eq!(status(spkey.get_lock_details(9).send().await), 404);
    assert_eq!(status(spkey.get_basic_lock_info(9).send().await), 404);
    assert_eq!(status(spkey.get_lock_events(9).send().await), 404);
    assert_eq!(status(spkey.get_residents(9).send().await), 404);
}

#[tokio::test]
async fn unreachable_device_gets_502_and_nothing_is_recorded() {
    let (sandbox, spkey) = with_user_and_lock().await;
    let lock = LockId::try_from(1).unwrap();
    sandbox.unreachable(lock);
    let commands: [Result<_, Error>; 3] = [
        spkey.open_lock(1).send().await,
        spkey.add_key(1).key_uuid("k").send().await,
        spkey.write_key(1).key_uuid("k").send().await,
    ];
    for result in commands {
        assert_eq!(status(result), 502);
    }
    let read = async || spkey.get_lock_details(1).send().await.unwrap().into_inner();
    assert_eq!((read().await.version, read().await.keys.len()), (Some(1.into()), 0));
    sandbox.reachable(lock);
    spkey.open_lock(1).send().await.unwrap();
    assert_eq!(read().await.version, Some(2.into()));
}

#[tokio::test]
async fn uuid_is_changed_to_another_one() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let change = |uuid: &'static str| spkey.change_lock_uuid(1).new_uuid(uuid);
    assert_eq!(status(change(LOCK_UUID).send().await), 409);
    let changed = change("0a1b2c3d-0000-4000-8000-0000000000fe").send().await.unwrap();
    assert_eq!(changed.event.as_ref().unwrap()["data"]["previousUuid"], LOCK_UUID);
    let lock = spkey.get_basic_lock_info(1).send().await.unwrap();
    assert_eq!(lock.uuid.as_deref(), Some("0a1b2c3d-0000-4000-8000-0000000000fe"));
}

#[tokio::test]
async fn debug_messages_are_what_went_to_the_device() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    spkey.set_owner(1).user_id(USER).send().await.unwrap();
    spkey.add_key(1).key_uuid("k").send().await.unwrap();
    spkey.open_lock(1).send().await.unwrap();
    let messages = async |limit: i64| {
        let response = spkey.get_lock_debug_messages(1).limit(limit).send().await.unwrap().into_inner();
        let payloads = response.messages.unwrap().command.into_iter().map(|message| message.payload.unwrap());
        payloads.map(|payload| payload["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(messages(50).await, ["KeyAdded", "LockOpenRequested"]);
    assert_eq!(messages(1).await, ["LockOpenRequested"], "the newest");
}
