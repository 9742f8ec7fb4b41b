use spkey::types::{AccessLevel, UserStatus};

use crate::{STAFF, USER, furnish, start, status};

#[tokio::test]
async fn a_user_is_found_or_created_once() {
    let (_sandbox, spkey) = start().await;
    let find = |email: &'static str| spkey.get_user_by_email().email(email);
    assert_eq!(status(find("ada@example.com").search_only(true).send().await), 404);
    let made = find("ada@example.com").uuid(USER).send().await.unwrap();
    assert_eq!(made.uuid.as_str(), USER);
    let found = find("ada@example.com").send().await.unwrap();
    assert_eq!((&found.uuid, &found.created_at), (&made.uuid, &made.created_at));
    assert_eq!(status(find("bob@example.com").uuid(USER).send().await), 409);
    assert_eq!(status(find("no address").send().await), 400);

    let by_phone = |phone: &'static str| spkey.get_user_by_phone().phone_number(phone);
    assert_eq!(status(by_phone("12345").send().await), 400);
    let bob = by_phone("+49 151 2345 678").email("bob@example.com").send().await.unwrap();
    assert_eq!(bob.phone_number.as_deref(), Some("+491512345678"));
    assert_eq!(by_phone("00491512345678").send().await.unwrap().uuid, bob.uuid);
    assert_eq!(find("bob@example.com").search_only(true).send().await.unwrap().uuid, bob.uuid);
}

#[tokio::test]
async fn creating_a_user_again_changes_nothing() {
    let (_sandbox, spkey) = start().await;
    let create = |name: &'static str| {
        let call = spkey.create_user().user_id(USER);
        call.body_map(|user| user.user_id(USER).email("ada@example.com").first_name(name).phone_number("+491512345678"))
    };
    let made = create("Ada").send().await.unwrap();
    assert_eq!((made.status().as_u16(), made.version), (201, Some(1.0)));
    let event = made.event.as_ref().unwrap();
    assert_eq!((event["type"].as_str(), event["data"]["userId"].as_str()), (Some("UserCreated"), Some(USER)));
    let again = create("Eve").send().await.unwrap();
    assert_eq!((again.status().as_u16(), again.version), (200, Some(1.0)));
    assert!(again.event.is_none());

    let profile = spkey.get_user_profile().user_id(USER).send().await.unwrap();
    assert_eq!((profile.first_name.as_deref(), &profile.status), (Some("Ada"), &Some(UserStatus::Active)));
    let phone = spkey.get_user_phone().user_id(USER).send().await.unwrap();
    assert_eq!(phone.phone_number, None, "it is checked and not kept");
    let other = spkey.create_user().user_id(STAFF).body_map(|user| user.user_id(USER));
    assert_eq!(status(other.send().await), 400);
    assert_eq!(status(spkey.get_user_profile().user_id(STAFF).send().await), 404);
}

#[tokio::test]
async fn an_address_is_filled_in_once_and_a_number_is_set_and_removed() {
    let (_sandbox, spkey) = start().await;
    furnish(&spkey).await;
    spkey.create_user().user_id(STAFF).body_map(|user| user.user_id(STAFF)).send().await.unwrap();
    let set = |email: &'static str| spkey.update_user_email().user_id(STAFF).body_map(|body| body.email(email));
    assert_eq!(status(set("ada@example.com").send().await), 409, "another user's");
    let answer = set("staff@example.com").send().await.unwrap();
    let event = answer.event.as_ref().unwrap();
    assert_eq!(event["data"]["maskedEmail"], "s***@example.com");
    assert!(!event.to_string().contains("staff@"), "the event has the masked form only");
    assert_eq!(status(set("other@example.com").send().await), 409, "there is one already");

    let phone = async |number: Option<&str>| {
        let number = number.map(ToOwned::to_owned);
        let call = spkey.update_user_phone().user_id(STAFF).body_map(|body| body.phone_number(number));
        call.send().await.unwrap();
        spkey.get_user_phone().user_id(STAFF).send().await.unwrap().into_inner().phone_number
    };
    assert_eq!(phone(Some("+491512345678")).await.as_deref(), Some("+491512345678"));
    assert_eq!(phone(None).await, None);
}

#[tokio::test]
async fn grants_come_and_go() {
    let (_sandbox, spkey) = start().await;
    furnish(&spkey).await;
    let grant = |user| {
        spkey.add_accessible_lock().user_id(user).body_map(|grant| {
            grant.lock_id(1).lock_name("Front door").access_level(AccessLevel::User).granted_by(STAFF)
        })
    };
    let granted = grant(USER).send().await.unwrap();
    assert_eq!((granted.version, granted.access_level.clone()), (Some(2.0), Some(AccessLevel::User)));
    assert_eq!(granted.event.as_ref().unwrap()["type"], "AccessibleLockAdded");
    assert_eq!(status(grant(USER).send().await), 400);
    assert_eq!(status(grant(STAFF).send().await), 404);
    let locks = spkey.get_accessible_locks().user_id(USER).send().await.unwrap();
    assert_eq!((locks.total_count, locks.locks[0].lock_name.as_deref()), (Some(1.0), Some("Front door")));
    let revoke = || {
        let call = spkey.remove_accessible_lock().user_id(USER);
        call.body_map(|body| body.lock_id(1).removed_by(STAFF).reason("moved out"))
    };
    assert_eq!(revoke().send().await.unwrap().version, Some(3.0));
    assert_eq!(status(revoke().send().await), 400);
    assert!(spkey.get_accessible_locks().user_id(USER).send().await.unwrap().locks.is_empty());
}

#[tokio::test]
async fn devices_come_and_go() {
    let (_sandbox, spkey) = start().await;
    furnish(&spkey).await;
    let add = |id: &'static str, ty: &'static str| {
        let call = spkey.add_device().user_id(USER);
        call.body_map(|device| device.device_id(id).device_type(ty).org_id("acme"))
    };
    add("lamp", "matter").send().await.unwrap();
    add("eye", "camera").send().await.unwrap();
    assert_eq!(status(add("lamp", "matter").send().await), 400);
    let cameras = spkey.get_user_devices().user_id(USER).type_("camera").send().await.unwrap();
    assert_eq!((cameras.devices.len(), cameras.devices[0].device_id.as_str()), (1, "eye"));
    let remove = || {
        let call = spkey.remove_device().user_id(USER);
        call.body_map(|body| body.device_id("lamp").removed_by(STAFF).reason("sold"))
    };
    assert_eq!(remove().send().await.unwrap().event.as_ref().unwrap()["data"]["deviceType"], "matter");
    assert_eq!(status(remove().send().await), 400);
    assert_eq!(spkey.get_user_devices().user_id(USER).send().await.unwrap().total_count, Some(1.0));
}

#[tokio::test]
async fn a_wallet_holds_one_key_and_has_a_link_for_it() {
    let (_sandbox, spkey) = start().await;
    furnish(&spkey).await;
    assert_eq!(status(spkey.get_user_wallet_link().user_id(USER).send().await), 404);
    assert!(!spkey.get_user_wallet().user_id(USER).send().await.unwrap().has_wallet_key);
    let add = |user| spkey.add_wallet_key().user_id(user).body_map(|key| key.wallet_type("APPLE").key_index(1));
    let added = add(USER).send().await.unwrap();
    assert_eq!(added.event.as_ref().unwrap()["type"], "WalletKeyPrepared");
    assert_eq!(status(add(USER).send().await), 400);
    let wallet = spkey.get_user_wallet().user_id(USER).send().await.unwrap();
    assert_eq!(wallet.wallet_key.as_ref().unwrap().key_id, added.key_id);
    let link = spkey.get_user_wallet_link().user_id(USER).send().await.unwrap();
    assert!(link.url.expose().ends_with(added.key_id.as_deref().unwrap()));
    assert_eq!(spkey.get_user_keys().user_id(USER).send().await.unwrap().digital_keys.len(), 1);

    spkey.create_user().user_id(STAFF).body_map(|user| user.user_id(STAFF)).send().await.unwrap();
    add(STAFF).send().await.unwrap();
    assert_eq!(status(spkey.get_user_wallet_link().user_id(STAFF).send().await), 400, "Apple asks for an address");
}

#[tokio::test]
async fn a_sign_up_is_taken_once_and_a_backfill_ends() {
    let (_sandbox, spkey) = start().await;
    let sign_up = async || {
        let detail =
            serde_json::json!({ "detail": { "data": { "user_name": "ada@example.com", "user_id": "auth0|1" } } });
        let body: spkey::types::CreateUserWebhookRequest = serde_json::from_value(detail).unwrap();
        spkey.create_user_webhook().body(body).send().await.unwrap().into_inner().user_id
    };
    assert_eq!(sign_up().await, sign_up().await);
    spkey.get_user_by_email().email("bob@example.com").send().await.unwrap();
    for (limit, created) in [(1, 1.0), (5, 1.0), (5, 0.0)] {
        assert_eq!(spkey.backfill_threedeye().limit(limit).send().await.unwrap().created, Some(created));
    }
}
