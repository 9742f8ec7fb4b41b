use spkey::mock::{MockSpKey, any};
use spkey::types::{AddKeyRequest, UserByEmail, WalletType};
use spkey::{ErrorKind, LockId, Outcome};

use crate::{OTHER, USER, assert_contains};

mod set_inputs {
    use super::*;

    #[tokio::test]
    async fn path_must_match() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.get_user_profile(USER)).fail(403, "not yours").expect(1);
        mock.given(spkey.open_temp_key_door("guest key/1", 2)).fail(404, "an id with a slash cannot be sent").expect(0);
        mock.given(spkey.open_temp_key_door("guest key", 2)).expect(1);

        assert_eq!(spkey.get_user_profile(USER).send().await.unwrap_err().status(), Some(403));
        assert_eq!(spkey.get_user_profile(OTHER).send().await.unwrap_err().status(), Some(501));
        spkey.open_temp_key_door("guest key", 2).send().await.unwrap();
        assert_eq!(spkey.open_temp_key_door("guest key", 1).send().await.unwrap_err().status(), Some(501));
        assert_contains(
            &mock.finish().unwrap_err(),
            &[&format!("userId is \"{OTHER}\", not \"{USER}\""), "doorId is \"1\", not \"2\""],
        );
    }

    #[tokio::test]
    async fn query_must_match() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.get_user_by_email().email("ada+tag@example.com").search_only(true)).expect(1);
        mock.given(spkey.get_lock_events(1).page(2)).expect(1);
        mock.given(spkey.backfill_threedeye().limit(10)).expect(1);

        let find = || spkey.get_user_by_email().email("ada+tag@example.com");
        find().search_only(true).send().await.unwrap();
        assert_eq!(find().search_only(false).send().await.unwrap_err().status(), Some(501));
        assert_eq!(find().send().await.unwrap_err().status(), Some(501));
        spkey.get_lock_events(1).page(2).send().await.unwrap();
        assert_eq!(spkey.get_lock_events(1).page(3).send().await.unwrap_err().status(), Some(501));
        spkey.backfill_threedeye().limit(10).send().await.unwrap();
        assert_contains(
            &mock.finish().unwrap_err(),
            &[
                "query searchOnly is \"false\", not \"true\"",
                "query searchOnly is missing, expected \"true\"",
                "query page is \"3\", not \"2\"",
            ],
        );
    }

    #[tokio::test]
    async fn body_must_match_field_by_field() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.add_resident(1).name("Ada").email("ada@example.com")).expect(2);
        mock.given(spkey.add_resident(1).name("Ada").user_id(USER)).expect(1);
        mock.given(spkey.add_resident(any())).fail(400, "neither").expect(3);

        let add = |lock: u64| spkey.add_resident(lock).name("Ada");
        add(1).email("ada@example.com").send().await.unwrap();
        add(1).email("ada@example.com").phone_number("+4912345").send().await.unwrap();
        add(1).user_id(USER).send().await.unwrap();
        add(1).send().await.unwrap_err();
        add(1).user_id(OTHER).send().await.unwrap_err();
        add(2).email("ada@example.com").send().await.unwrap_err();
        mock.finish().unwrap();
    }

    #[tokio::test]
    async fn number_enum_and_id_must_match_as_the_service_takes_them() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.add_wallet_key(any()).wallet_type(WalletType::Apple).key_index(2)).expect(1);
        mock.given(spkey.add_accessible_lock(any()).lock_id(7).granted_by(USER.to_uppercase())).expect(1);

        let add = |index: u8| spkey.add_wallet_key(USER).wallet_type("APPLE").key_index(index);
        add(2).send().await.unwrap();
        assert_eq!(add(3).send().await.unwrap_err().status(), Some(501));
        let grant = |lock: LockId| {
            let call = spkey.add_accessible_lock(USER).lock_id(lock).lock_name("Door");
            call.access_level("USER").granted_by(USER)
        };
        grant("7".parse().unwrap()).send().await.unwrap();
        assert_eq!(grant("8".parse().unwrap()).send().await.unwrap_err().status(), Some(501));
        assert_contains(&mock.finish().unwrap_err(), &["body lockId is \"8\", not \"7\""]);
    }

    #[tokio::test]
    async fn secret_must_match() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.open_lock_with_pin(1).pin("4821")).expect(1);
        mock.given(spkey.get_temp_key("guest-key")).expect(1);
        mock.given(spkey.bulk_add_keys(1).keys([AddKeyRequest::new("key-1")])).expect(1);

        spkey.open_lock_with_pin(1).pin("4821").send().await.unwrap();
        assert_eq!(spkey.open_lock_with_pin(1).pin("4822").send().await.unwrap_err().status(), Some(501));
        spkey.get_temp_key("guest-key").send().await.unwrap();
        assert_eq!(spkey.get_temp_key("guest-kez").send().await.unwrap_err().status(), Some(501));
        spkey.bulk_add_keys(1).keys([AddKeyRequest::new("key-1")]).send().await.unwrap();
        let other = spkey.bulk_add_keys(1).keys([AddKeyRequest::new("key-2")]).send().await;
        assert_eq!(other.unwrap_err().status(), Some(501));
        mock.finish().unwrap_err();
    }

    #[tokio::test]
    async fn null_must_match() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.update_user_phone(USER).phone_number(None)).expect(1);
        mock.given(spkey.update_user_phone(USER)).fail(400, "not null").expect(1);
        spkey.update_user_phone(USER).phone_number(None).send().await.unwrap();
        spkey.update_user_phone(USER).phone_number("+491512345678").send().await.unwrap_err();
    }

    #[tokio::test]
    async fn unset_input_matches_any_value() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.open_lock(1)).expect(2);
        spkey.open_lock(1).send().await.unwrap();
        spkey.open_lock(1).reason("parcel").request_id("r").send().await.unwrap();
    }
}

mod any_argument {
    use super::*;

    #[tokio::test]
    async fn any_leaves_the_argument_open() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.open_lock(any()).reason("parcel")).expect(2);
        mock.given(spkey.get_temp_key(any())).expect(1);
        for lock in [1, 2] {
            spkey.open_lock(lock).reason("parcel").send().await.unwrap();
        }
        spkey.get_temp_key("guest-key").send().await.unwrap();
        assert_eq!(spkey.open_lock(1).reason("guest").send().await.unwrap_err().status(), Some(501));
        mock.finish().unwrap_err();
    }

    #[tokio::test]
    async fn any_in_place_of_one_of_two_arguments_leaves_only_that_one_open() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.open_temp_key_door(any(), 2)).expect(2);
        for key in ["a", "b"] {
            spkey.open_temp_key_door(key, 2).send().await.unwrap();
        }
        assert_eq!(spkey.open_temp_key_door("a", 1).send().await.unwrap_err().status(), Some(501));
        mock.finish().unwrap_err();
    }

    #[tokio::test]
    async fn any_in_a_setter_takes_back_what_was_set() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        let parcel = spkey.open_lock(1).reason("parcel");
        mock.given(parcel.reason(any())).expect(1);
        spkey.open_lock(1).reason("guest").send().await.unwrap();
    }

    #[tokio::test]
    async fn call_with_any_cannot_be_sent() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        let error = spkey.add_device(any()).device_id(any()).device_type("camera").send().await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotApplied));
        assert_contains(
            &error.to_string(),
            &[
                "user_id is `mock::any()`, which only a stub can take: pass a value",
                "device_id is `mock::any()`, which only a stub can take: pass a value",
                "org_id is missing: set it by `.org_id(..)`",
            ],
        );
        let optional = spkey.open_lock(1).reason(any()).send().await.unwrap_err();
        assert_contains(&optional.to_string(), &["reason is `mock::any()`"]);
        mock.finish().unwrap();
    }
}

mod body_where {
    use super::*;

    #[tokio::test]
    async fn closure_decides_on_the_whole_body() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.add_resident(1)).body_where(|body| body.phone_number.is_some()).expect(1);
        mock.given(spkey.add_resident(1)).body_where(|body| body.name == "Ada").expect(1);
        spkey.add_resident(1).name("Bob").phone_number("+4912345").send().await.unwrap();
        spkey.add_resident(1).name("Ada").user_id(USER).send().await.unwrap();
        assert_eq!(spkey.add_resident(1).name("Bob").user_id(USER).send().await.unwrap_err().status(), Some(501));
        assert_contains(&mock.finish().unwrap_err(), &["body_where returned false"]);
    }

    #[tokio::test]
    async fn closure_and_what_is_set_must_both_match() {
        let mock = MockSpKey::start().await;
        let spkey = mock.client();
        mock.given(spkey.add_resident(1).name("Ada")).body_where(|body| body.email.is_none()).expect(1);
        mock.given(spkey.add_resident(1)).fail(400, "not both").expect(2);
        spkey.add_resident(1).name("Ada").user_id(USER).send().await.unwrap();
        spkey.add_resident(1).name("Ada").email("ada@example.com").send().await.unwrap_err();
        spkey.add_resident(1).name("Bob").user_id(USER).send().await.unwrap_err();
    }
}

#[tokio::test]
async fn first_stub_that_matches_responds() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let found = UserByEmail { uuid: OTHER.parse().unwrap(), ..Default::default() };
    mock.given(spkey.get_user_by_email().email("ada@example.com")).fail(404, "nobody").expect(1);
    mock.given(spkey.get_user_by_email()).respond_with(found).expect(1);
    let find = |email: &'static str| spkey.get_user_by_email().email(email).send();
    assert_eq!(find("ada@example.com").await.unwrap_err().status(), Some(404));
    assert_eq!(find("bob@example.com").await.unwrap().uuid, OTHER);
}
