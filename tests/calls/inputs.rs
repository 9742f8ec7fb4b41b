//! What arguments and setters take, and what is rejected before anything is sent.

use serde_json::{Value, json};
use spkey::mock::wiremock::ResponseTemplate;
use spkey::types::{AccessLevel, DeviceType, LockInitialKey, TempKeyDoorRequest, WalletType};
use spkey::{ConversionError, LockId, Secret, UserId, Uuid};

use crate::{USER, assert_not_sent, bodies, client, requests, server, success};

mod conversions {
    use super::*;

    #[tokio::test]
    async fn integers_of_every_size_are_taken_as_lock_ids_and_numbers() {
        let server = server(success()).await;
        let client = client(&server);
        client.create_lock(1_usize).index(7_usize).uuid("u").send().await.unwrap();
        client.create_lock(1_u8).index(7_u8).uuid("u").send().await.unwrap();
        client.create_lock(1_u16).index(7_u16).uuid("u").send().await.unwrap();
        client.create_lock(1_u32).index(7_u32).uuid("u").send().await.unwrap();
        client.create_lock(1_u64).index(7_u64).uuid("u").send().await.unwrap();
        client.create_lock(1_i32).index(7_i32).uuid("u").send().await.unwrap();
        client.create_lock(1_i64).index(7_i64).uuid("u").send().await.unwrap();
        for request in server.received_requests().await.unwrap() {
            assert_eq!(request.url.path(), "/locks/1/CreateLock");
        }
        // The operation's body repeats the id of the path.
        for body in bodies(&server).await {
            assert_eq!((&body["index"], &body["uuid"]), (&json!(7), &json!("u")));
        }
    }

    #[tokio::test]
    async fn optional_integers_of_every_size_are_taken() {
        let server = server(success()).await;
        let client = client(&server);
        for call in [
            client.temp_key_confirmation("a-key").door(5_usize),
            client.temp_key_confirmation("a-key").door(5_u8),
            client.temp_key_confirmation("a-key").door(5_u16),
            client.temp_key_confirmation("a-key").door(Some(5_i64)),
            client.temp_key_confirmation("a-key").door(5),
        ] {
            call.send().await.unwrap();
        }
        let received = server.received_requests().await.unwrap();
        assert!(received.iter().all(|request| request.url.query() == Some("door=5")), "{received:?}");
        let number = u64::MAX;
        assert_not_sent(client.create_lock(1).index(number).uuid("u").send().await, "index: ");
    }

    #[tokio::test]
    async fn text_is_taken_owned_and_borrowed_for_text_ids_and_enums() {
        let server = server(success()).await;
        let client = client(&server);
        let (user, lock, name) = (USER.to_owned(), "123".to_owned(), "Front door".to_owned());
        let borrowed = client.add_accessible_lock(&user).lock_id(&lock).lock_name(&name).access_level("USER");
        borrowed.granted_by(&user).send().await.unwrap();
        let owned = client.add_accessible_lock(user.clone()).lock_id(lock).lock_name(name).access_level("USER");
        owned.granted_by(user).send().await.unwrap();
        let text = client.add_accessible_lock(USER).lock_id("123").lock_name("Front door").access_level("USER");
        text.granted_by(USER).send().await.unwrap();
        let [first, rest @ ..] = &bodies(&server).await[..] else { panic!("nothing was sent") };
        assert_eq!((&first["lockId"], &first["lockName"]), (&json!("123"), &json!("Front door")));
        assert_eq!((&first["accessLevel"], &first["grantedBy"]), (&json!("USER"), &json!(USER)));
        assert!(rest.len() == 2 && rest.iter().all(|body| body == first));
    }

    #[tokio::test]
    #[allow(clippy::needless_borrows_for_generic_args, reason = "it is what is tested")]
    async fn ids_are_taken_by_value_by_reference_and_as_uuid() {
        let server = server(success()).await;
        let client = client(&server);
        let (user, lock) = (UserId::try_from(USER).unwrap(), LockId::try_from(123).unwrap());
        let uuid: Uuid = user.into();
        client.get_user_profile(user).send().await.unwrap();
        client.get_user_profile(&user).send().await.unwrap();
        client.get_user_profile(uuid).send().await.unwrap();
        client.get_user_profile(USER.to_uppercase()).send().await.unwrap();
        client.open_lock(lock).send().await.unwrap();
        client.open_lock(&lock).send().await.unwrap();
        let paths: Vec<_> = server.received_requests().await.unwrap();
        let paths: Vec<_> = paths.iter().map(|request| request.url.path()).collect();
        assert!(paths[..4].iter().all(|path| *path == format!("/users/{USER}/profile")), "{paths:?}");
        assert!(paths[4..].iter().all(|path| *path == "/locks/123/OpenLock"), "{paths:?}");
    }

    #[tokio::test]
    async fn failed_conversion_becomes_an_error_by_the_question_mark() {
        let id = || -> Result<LockId, spkey::Error> { Ok("front door".parse::<LockId>()?) };
        assert_not_sent(id(), "not a lock's id: give a positive integer, like 123");
        let error: ConversionError = UserId::try_from("123").unwrap_err();
        assert_not_sent::<()>(Err(error.into()), "not a user's id: give a UUID");
    }
}

mod optional {
    use super::*;

    #[tokio::test]
    async fn value_option_and_bare_none_are_taken() {
        let server = server(success()).await;
        let client = client(&server);
        let phone: Option<String> = None;
        let call = client.add_resident(123).name("Ada").email("ada@example.com").phone_number(phone);
        call.user_id(Some(UserId::try_from(USER).unwrap())).send().await.unwrap();
        let call = client.add_resident(123).name("Ada").email(None).phone_number(None).user_id(None);
        call.send().await.unwrap();
        let call = client.add_resident(123).name("Ada").email("ada@example.com").email(None);
        call.send().await.unwrap();
        assert_eq!(
            bodies(&server).await,
            [
                json!({ "email": "ada@example.com", "name": "Ada", "userId": USER }),
                json!({ "name": "Ada" }),
                json!({ "name": "Ada" })
            ]
        );
    }

    #[tokio::test]
    async fn required_input_that_may_be_null_is_sent_as_null_only_if_set_to_none() {
        let server = server(success()).await;
        let client = client(&server);
        let missing = "update_user_phone: phone_number is missing: set it by `.phone_number(..)`";
        assert_not_sent(client.update_user_phone(USER).send().await, missing);
        assert_eq!(requests(&server).await, 0);
        client.update_user_phone(USER).phone_number(None).send().await.unwrap();
        client.update_user_phone(USER).phone_number("+43 1 234").send().await.unwrap();
        client.update_user_phone(USER).phone_number(Some("+43 1 234".to_owned())).send().await.unwrap();
        let number = json!({ "phoneNumber": "+43 1 234" });
        assert_eq!(bodies(&server).await, [json!({ "phoneNumber": null }), number.clone(), number]);
    }
}

mod rejected {
    use super::*;

    #[tokio::test]
    async fn everything_missing_or_malformed_is_named_at_once() {
        let server = server(ResponseTemplate::new(200)).await;
        let client = client(&server);
        let error = client.add_accessible_lock("Ada").lock_id(0).access_level("OWNRE").send().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "add_accessible_lock: user_id: not a user's id: give a UUID, like 550e8400-e29b-41d4-a716-446655440000; \
             lock_id: not a lock's id: give a positive integer, like 123; \
             access_level: not a known AccessLevel: give one of OWNER, ADMIN, USER, GUEST, or AccessLevel::other(..) for \
             a newer value; lock_name is missing: set it by `.lock_name(..)`; granted_by is missing: set it by \
             `.granted_by(..)`"
        );
        assert_not_sent::<()>(Err(error), "");
        assert_eq!(requests(&server).await, 0);
    }

    #[tokio::test]
    async fn each_problem_has_its_fix() {
        let server = server(ResponseTemplate::new(200)).await;
        let client = client(&server);
        let grant = client.add_accessible_lock(USER).lock_id(1).lock_name("Front door").access_level(AccessLevel::User);
        assert_not_sent(grant.send().await, "granted_by is missing: set it by `.granted_by(..)`");
        assert_not_sent(client.open_lock(0).send().await, "lock_id: not a lock's id: give a positive integer");
        assert_not_sent(client.open_lock(-1).send().await, "lock_id: not a lock's id: give a positive integer");
        assert_not_sent(client.open_lock(USER).send().await, "lock_id: not a lock's id");
        assert_not_sent(client.get_user_profile("123").send().await, "user_id: not a user's id: give a UUID");
        let device = client.add_device(USER).device_type("toaster");
        assert_not_sent(device.send().await, "device_type: not a known DeviceType: give one of matter, camera");
        assert_eq!(requests(&server).await, 0);
    }

    #[tokio::test]
    async fn input_that_is_set_again_to_a_valid_value_is_no_problem() {
        let server = server(success()).await;
        let grant = client(&server).add_accessible_lock(USER).lock_id(0).lock_id(1).lock_name("Front door");
        grant.access_level("OWNRE").access_level("OWNER").granted_by("Ada").granted_by(USER).send().await.unwrap();
        assert_eq!(bodies(&server).await[0]["accessLevel"], "OWNER");
    }

    #[tokio::test]
    async fn value_is_not_repeated_in_the_error() {
        let server = server(ResponseTemplate::new(200)).await;
        let client = client(&server);
        let error = client.add_accessible_lock("hunter2").lock_id("hunter2").access_level("hunter2").send().await;
        let error = error.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

mod enums {
    use super::*;

    #[tokio::test]
    async fn unknown_value_can_be_built_and_sent() {
        let server = server(success()).await;
        let client = client(&server);
        for level in [AccessLevel::other("NEW"), AccessLevel::Unknown("NEW".into())] {
            let grant = client.add_accessible_lock(USER).lock_id(1).lock_name("Front door").access_level(level);
            grant.granted_by(USER).send().await.unwrap();
        }
        assert!(bodies(&server).await.iter().all(|body| body["accessLevel"] == "NEW"));
    }

    #[tokio::test]
    async fn unknown_value_of_a_response_can_be_matched() {
        let server = server(ResponseTemplate::new(200).set_body_json(json!({ "accessLevel": "NEW" }))).await;
        let grant = client(&server).add_accessible_lock(USER).lock_id(1).lock_name("Front door").access_level("USER");
        let response = grant.granted_by(USER).send().await.unwrap();
        let Some(AccessLevel::Unknown(text)) = &response.access_level else { panic!("{response:?}") };
        assert_eq!(text, "NEW");
    }

    #[test]
    fn other_of_a_known_value_is_its_variant() {
        assert_eq!(AccessLevel::other("OWNER"), AccessLevel::Owner);
        assert_eq!(DeviceType::other("rtsp-camera"), DeviceType::RtspCamera);
        assert_eq!(WalletType::other("NEW"), WalletType::Unknown("NEW".into()));
        assert_eq!(WalletType::KNOWN, [WalletType::Apple, WalletType::Google]);
    }
}

mod nested {
    use super::*;

    #[tokio::test]
    async fn lists_of_nested_bodies_are_built_by_new_and_setters() {
        let server = server(success()).await;
        let client = client(&server);
        let user = UserId::try_from(USER).unwrap();
        let keys = [LockInitialKey::new("key-1").index_number(2).user_id(user), LockInitialKey::new("key-2")];
        client.create_lock(1).index(7).uuid("u").keys(keys.to_vec()).send().await.unwrap();
        client.create_lock(1).index(7).uuid("u").keys(keys).send().await.unwrap();
        let expected = json!([{ "uuid": "key-1", "indexNumber": 2, "userId": USER }, { "uuid": "key-2" }]);
        assert!(bodies(&server).await.iter().all(|body| body["keys"] == expected));
    }

    #[test]
    fn debug_shows_nothing_of_them() {
        let keys = [LockInitialKey::new(Secret::from("hunter2")).index_number(2)];
        assert_eq!(format!("{:?} {keys:?}", keys[0]), "LockInitialKey { .. } [LockInitialKey { .. }]");
        assert_eq!(format!("{:?}", TempKeyDoorRequest::new()), "TempKeyDoorRequest { .. }");
    }
}

/// Where the body repeats an id of the path, the argument fills both.
#[tokio::test]
async fn id_of_the_path_is_repeated_in_the_body() {
    let server = server(success()).await;
    let call = client(&server).create_user(USER).email("ada@example.com").first_name("Ada");
    call.send().await.unwrap();
    let body: Value = bodies(&server).await.remove(0);
    assert_eq!(body["userId"], USER);
    assert!(server.received_requests().await.unwrap()[0].url.path().contains(USER));
}
