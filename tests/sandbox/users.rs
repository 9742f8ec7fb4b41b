use spkey::types::{AccessLevel, CreateUserWebhookRequest, UserStatus};

use crate::{STAFF, USER, start, status, with_user_and_lock};

mod find_or_create {
    use super::*;

    #[tokio::test]
    async fn user_is_created_by_e_mail_once() {
        let (_sandbox, spkey) = start().await;
        let find = |email: &'static str| spkey.get_user_by_email().email(email);
        assert_eq!(status(find("ada@example.com").search_only(true).send().await), 404);
        let created = find("ada@example.com").uuid(USER).send().await.unwrap();
        assert_eq!(created.uuid, USER);
        let found = find("ada@example.com").send().await.unwrap();
        assert_eq!((&found.uuid, &found.created_at), (&created.uuid, &created.created_at));
        assert_eq!(status(find("bob@example.com").uuid(USER).send().await), 409);
        assert_eq!(status(find("no address").send().await), 400);
    }

    #[tokio::test]
    async fn user_is_found_by_phone_in_either_form() {
        let (_sandbox, spkey) = start().await;
        let by_phone = |phone: &'static str| spkey.get_user_by_phone().phone_number(phone);
        assert_eq!(status(by_phone("12345").send().await), 400);
        let bob = by_phone("+49 151 2345 678").email("bob@example.com").send().await.unwrap();
        assert_eq!(bob.phone_number.as_deref(), Some("+491512345678"));
        assert_eq!(by_phone("00491512345678").send().await.unwrap().uuid, bob.uuid);
        let by_email = spkey.get_user_by_email().email("bob@example.com").search_only(true);
        assert_eq!(by_email.send().await.unwrap().uuid, bob.uuid);
    }

    #[tokio::test]
    async fn sign_up_creates_a_user_once() {
        let (_sandbox, spkey) = start().await;
        let sign_up = async || {
            let body = serde_json::json!({
                "detail": { "data": { "user_name": "ada@example.com", "user_id": "auth0|1" } }
            });
            let body: CreateUserWebhookRequest = serde_json::from_value(body).unwrap();
            spkey.create_user_webhook().detail(body.detail).send().await.unwrap().into_inner().user_id
        };
        assert_eq!(sign_up().await, sign_up().await);
    }
}

mod create {
    use super::*;

    #[tokio::test]
    async fn second_create_changes_nothing() {
        let (_sandbox, spkey) = start().await;
        let create = |name: &'static str| {
            spkey.create_user(USER).email("ada@example.com").first_name(name).phone_number("+491512345678")
        };
        let created = create("Ada").send().await.unwrap();
        assert_eq!((created.status().as_u16(), created.version), (201, Some(1.into())));
        let event = created.event.as_ref().unwrap();
        assert_eq!((event["type"].as_str(), event["data"]["userId"].as_str()), (Some("UserCreated"), Some(USER)));
        let second = create("Eve").send().await.unwrap();
        assert_eq!((second.status().as_u16(), second.version), (200, Some(1.into())));
        assert!(second.event.is_none());

        let profile = spkey.get_user_profile(USER).send().await.unwrap();
        assert_eq!((profile.first_name.as_deref(), &profile.status), (Some("Ada"), &Some(UserStatus::Active)));
        let phone = spkey.get_user_phone(USER).send().await.unwrap();
        assert_eq!(phone.phone_number, None, "it is checked and not kept");
        assert_eq!(status(spkey.get_user_profile(STAFF).send().await), 404);
    }

    #[tokio::test]
    async fn user_id_in_the_body_must_be_the_one_in_the_path() {
        let (_sandbox, spkey) = start().await;
        let call = spkey.request(spkey::reqwest::Method::POST, "/users/{userId}/CreateUser");
        let call = call.path_param("userId", STAFF).json(&serde_json::json!({ "userId": USER }));
        assert_eq!(status(call.send::<()>().await), 400);
        assert_eq!(status(spkey.get_user_profile(STAFF).send().await), 404);
    }

    #[tokio::test]
    async fn id_in_upper_case_is_the_same_user() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        let call = spkey.request(spkey::reqwest::Method::GET, "/users/{userId}/profile");
        call.path_param("userId", USER.to_uppercase()).send::<serde_json::Value>().await.unwrap();
        let call = spkey.request(spkey::reqwest::Method::POST, "/locks/{lockId}/AddResident").path_param("lockId", 1);
        let body = serde_json::json!({ "name": "Ada", "userId": USER.to_uppercase() });
        call.json(&body).send::<serde_json::Value>().await.unwrap();
        spkey.remove_resident(1).user_id(USER).send().await.unwrap();
    }
}

mod contact {
    use super::*;

    #[tokio::test]
    async fn e_mail_is_set_once_and_must_be_free() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        spkey.create_user(STAFF).send().await.unwrap();
        let set = |email: &'static str| spkey.update_user_email(STAFF).email(email);
        assert_eq!(status(set("ada@example.com").send().await), 409, "another user's");
        let updated = set("staff@example.com").send().await.unwrap();
        let event = updated.event.as_ref().unwrap();
        assert_eq!(event["data"]["maskedEmail"], "s***@example.com");
        assert!(!event.to_string().contains("staff@"), "the event has the masked form only");
        assert_eq!(status(set("other@example.com").send().await), 409, "there is one already");
    }

    #[tokio::test]
    async fn phone_number_is_set_and_removed() {
        let (_sandbox, spkey) = with_user_and_lock().await;
        let phone = async |number: Option<&str>| {
            spkey.update_user_phone(USER).phone_number(number.map(ToOwned::to_owned)).send().await.unwrap();
            spkey.get_user_phone(USER).send().await.unwrap().into_inner().phone_number
        };
        assert_eq!(phone(Some("+491512345678")).await.as_deref(), Some("+491512345678"));
        assert_eq!(phone(None).await, None);
        let call = spkey.request(spkey::reqwest::Method::GET, "/users/{userId}/phone-number");
        let raw = call.path_param("userId", USER).send::<serde_json::Value>().await.unwrap();
        assert_eq!(raw.get("phoneNumber"), None, "the contract's type has no null");
    }
}

#[tokio::test]
async fn grant_is_added_once_and_removed_once() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let grant = |user| {
        let call = spkey.add_accessible_lock(user).lock_id(1).lock_name("Front door");
        call.access_level(AccessLevel::User).granted_by(STAFF)
    };
    let granted = grant(USER).send().await.unwrap();
    assert_eq!((granted.version, granted.access_level.clone()), (Some(2.into()), Some(AccessLevel::User)));
    assert_eq!(granted.event.as_ref().unwrap()["type"], "AccessibleLockAdded");
    assert_eq!(status(grant(USER).send().await), 400);
    assert_eq!(status(grant(STAFF).send().await), 404);
    let locks = spkey.get_accessible_locks(USER).send().await.unwrap();
    assert_eq!((locks.total_count, locks.locks[0].lock_name.as_deref()), (Some(1), Some("Front door")));
    let revoke = || spkey.remove_accessible_lock(USER).lock_id(1).removed_by(STAFF).reason("moved out");
    assert_eq!(revoke().send().await.unwrap().version, Some(3.into()));
    assert_eq!(status(revoke().send().await), 400);
    assert!(spkey.get_accessible_locks(USER).send().await.unwrap().locks.is_empty());
}

#[tokio::test]
async fn device_is_added_once_and_removed_once() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let add = |id: &'static str, ty: &'static str| spkey.add_device(USER).device_id(id).device_type(ty).org_id("acme");
    add("lamp", "matter").send().await.unwrap();
    add("eye", "camera").send().await.unwrap();
    assert_eq!(status(add("lamp", "matter").send().await), 400);
    let cameras = spkey.get_user_devices(USER).type_("camera").send().await.unwrap();
    assert_eq!((cameras.devices.len(), cameras.devices[0].device_id.as_str()), (1, "eye"));
    let remove = || spkey.remove_device(USER).device_id("lamp").removed_by(STAFF).reason("sold");
    assert_eq!(remove().send().await.unwrap().event.as_ref().unwrap()["data"]["deviceType"], "matter");
    assert_eq!(status(remove().send().await), 400);
    assert_eq!(spkey.get_user_devices(USER).send().await.unwrap().total_count, Some(1));
}

#[tokio::test]
async fn wallet_holds_one_key_and_has_a_link_for_it() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    assert_eq!(status(spkey.get_user_wallet_link(USER).send().await), 404);
    assert!(!spkey.get_user_wallet(USER).send().await.unwrap().has_wallet_key);
    let add = |user| spkey.add_wallet_key(user).wallet_type("APPLE").key_index(1);
    let added = add(USER).send().await.unwrap().into_inner();
    assert_eq!(added.event.as_ref().unwrap()["type"], "WalletKeyPrepared");
    assert_eq!(status(add(USER).send().await), 400);
    let wallet = spkey.get_user_wallet(USER).send().await.unwrap().into_inner();
    let key_id = added.key_id.unwrap();
    assert_eq!(wallet.wallet_key.unwrap().key_id.unwrap().expose(), key_id.expose());
    let link = spkey.get_user_wallet_link(USER).send().await.unwrap();
    assert!(link.url.expose().ends_with(key_id.expose()));
    assert_eq!(spkey.get_user_keys(USER).send().await.unwrap().digital_keys.len(), 1);

    spkey.create_user(STAFF).send().await.unwrap();
    add(STAFF).send().await.unwrap();
    assert_eq!(status(spkey.get_user_wallet_link(STAFF).send().await), 400, "Apple requires an e-mail address");
}

#[tokio::test]
async fn backfill_ends_when_every_user_has_an_account() {
    let (_sandbox, spkey) = start().await;
    for email in ["ada@example.com", "bob@example.com"] {
        spkey.get_user_by_email().email(email).send().await.unwrap();
    }
    for (limit, created) in [(1, 1), (5, 1), (5, 0)] {
        assert_eq!(spkey.backfill_threedeye().limit(limit).send().await.unwrap().created, Some(created));
    }
}
