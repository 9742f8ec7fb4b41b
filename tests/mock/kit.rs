use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use spkey::mock::wiremock::matchers::path_regex;
use spkey::mock::wiremock::{Mock, ResponseTemplate};
use spkey::mock::{MockSpKey, Page, Redirect};
use spkey::types::{AddResidentRequest, CommandResult, TempKeyDoor, UserByEmail, WalletType};
use spkey::{ApiError, ErrorKind, LockId, Outcome, RetryPolicy, UserId};

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";
const OTHER: &str = "0a1b2c3d-0000-4000-8000-000000000001";

/// What a panic said.
fn panic_of(act: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(act)).unwrap_err();
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[tokio::test]
async fn the_first_that_fits_answers() {
    let mock = MockSpKey::start().await;
    mock.get_user_by_email().email("ada+tag@example.com").search_only(true).fail(404, "nobody").expect(1);
    mock.get_user_by_email().reply(UserByEmail { uuid: OTHER.parse().unwrap(), ..Default::default() }).expect(2);
    mock.get_user_profile().user_id(USER).fail(403, "not yours").expect(1);
    mock.get_user_profile().expect(1);
    let spkey = mock.client();

    let look = || spkey.get_user_by_email().email("ada+tag@example.com");
    assert_eq!(look().search_only(true).send().await.unwrap_err().status(), Some(404));
    assert_eq!(look().search_only(false).send().await.unwrap().uuid.as_str(), OTHER);
    assert_eq!(look().send().await.unwrap().uuid.as_str(), OTHER);
    assert_eq!(spkey.get_user_profile().user_id(USER).send().await.unwrap_err().status(), Some(403));
    spkey.get_user_profile().user_id(OTHER).send().await.unwrap();
}

#[tokio::test]
async fn a_body_is_matched_whole_in_part_or_by_a_closure() {
    let mock = MockSpKey::start().await;
    let whole = AddResidentRequest::builder().name("Ada").email("ada@example.com");
    mock.add_resident().lock_id(1).body(whole).expect(1);
    mock.add_resident().lock_id(1).body_name("Ada").body_user_id(USER).expect(1);
    mock.add_resident().lock_id(1).body_where(|resident| resident.phone_number.is_some()).expect(1);
    mock.add_resident().fail(400, "none of them").expect(2);
    let spkey = mock.client();

    let add = || spkey.add_resident().lock_id(1);
    add().body_map(|r| r.name("Ada").email("ada@example.com")).send().await.unwrap();
    add().body_map(|r| r.name("Ada").user_id(USER)).send().await.unwrap();
    add().body_map(|r| r.name("Bob").phone_number("+4912345")).send().await.unwrap();
    add().body_map(|r| r.name("Ada")).send().await.unwrap_err();
    spkey.add_resident().lock_id(2).body_map(|r| r.name("Ada").email("ada@example.com")).send().await.unwrap_err();
}

#[tokio::test]
async fn secrets_and_numbers_are_matched_too() {
    let mock = MockSpKey::start().await;
    mock.open_lock_with_pin().lock_id(1).body_pin("4821").expect(1);
    mock.add_wallet_key().body_wallet_type(WalletType::Apple).body_key_index(2).expect(1);
    mock.get_temp_key().temp_key_uuid("guest key").reply(Page("<p>Come in</p>".to_owned())).expect(1);
    let spkey = mock.client();
    spkey.open_lock_with_pin().lock_id(1).body_map(|body| body.pin("4821")).send().await.unwrap();
    let key = spkey.add_wallet_key().user_id(USER).body_map(|key| key.wallet_type("APPLE").key_index(2));
    key.send().await.unwrap();
    let page = spkey.get_temp_key().temp_key_uuid("guest key").send().await.unwrap();
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
}

#[tokio::test]
async fn replies_follow_each_other_and_the_last_stays() {
    let mock = MockSpKey::start().await;
    mock.set_owner()
        .fail(503, "away")
        .drop_connection()
        .reply(CommandResult { version: Some(2.0), ..Default::default() })
        .reply(CommandResult { version: Some(3.0), ..Default::default() })
        .expect(5);
    let spkey = mock.client().with_retry(RetryPolicy::none());
    let set = async || spkey.set_owner().lock_id(1).body_map(|body| body.user_id(USER)).send().await;
    let error = set().await.unwrap_err();
    assert_eq!((error.status(), error.outcome()), (Some(503), Outcome::Unknown));
    let error = set().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Transport, Outcome::Unknown));
    assert_eq!(set().await.unwrap().version, Some(2.0));
    assert_eq!(set().await.unwrap().version, Some(3.0));
    assert_eq!(set().await.unwrap().version, Some(3.0));
}

#[tokio::test]
async fn a_delayed_answer_runs_into_a_time_limit() {
    let mock = MockSpKey::start().await;
    mock.open_lock().delay(Duration::from_secs(60)).expect(1);
    let started = Instant::now();
    let spkey = mock.client().with_attempt_timeout(Duration::from_millis(50));
    let error = spkey.open_lock().lock_id(1).send().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Timeout, Outcome::Unknown, 1));
    assert!(started.elapsed() < Duration::from_secs(30), "it was not waited for");
}

#[tokio::test]
async fn a_whole_error_of_the_service_and_a_redirect() {
    let mock = MockSpKey::start().await;
    let mut error = ApiError::from("the request is malformed");
    error.code = Some("BAD".to_owned());
    mock.create_user().fail(422, error);
    mock.open_temp_key().reply(Redirect("/temp-keys/k/confirmation?door=Cellar".to_owned()));
    mock.create_lock().reply(CommandResult::default()).reply_with(201, CommandResult::default());
    let spkey = mock.client();

    let error = spkey.create_user().user_id(USER).body_map(|user| user.user_id(USER)).send().await.unwrap_err();
    let api = error.api().unwrap();
    assert_eq!((error.status(), api.code.as_deref()), (Some(422), Some("BAD")));
    assert_eq!(
        (api.message.as_deref(), api.error.as_deref()),
        (Some("the request is malformed"), Some("Unprocessable Entity"))
    );
    let opened = spkey.open_temp_key().temp_key_uuid("k").send().await.unwrap();
    assert_eq!(
        (opened.status().as_u16(), &opened.headers()["location"]),
        (303, &"/temp-keys/k/confirmation?door=Cellar".parse().unwrap())
    );
    for status in [200, 201] {
        let made = spkey.create_lock().lock_id(1).body_map(|lock| lock.index(1).uuid("u")).send().await.unwrap();
        assert_eq!(made.status().as_u16(), status);
    }
}

#[tokio::test]
async fn plain_mocks_stand_beside_the_typed_ones() {
    let mock = MockSpKey::start().await;
    let plain = |status| Mock::given(path_regex("^/locks/")).respond_with(ResponseTemplate::new(status));
    plain(418).mount(mock.server()).await;
    mock.open_lock().expect(1);
    let spkey = mock.client();
    spkey.open_lock().lock_id(1).send().await.unwrap();
    assert_eq!(spkey.get_residents().lock_id(1).send().await.unwrap_err().status(), Some(418));
    plain(451).with_priority(1).mount(mock.server()).await;
    assert_eq!(spkey.open_lock().lock_id(1).send().await.unwrap_err().status(), Some(451));
}

#[tokio::test]
async fn an_answer_that_the_contract_does_not_have_is_refused_when_it_is_written() {
    let mock = MockSpKey::start().await;
    let said = panic_of(|| {
        let user = UserByEmail { uuid: UserId::unchecked("42"), ..Default::default() };
        mock.get_user_by_email().reply(user);
    });
    assert_eq!(
        said,
        "get_user_by_email cannot answer that by the contract: uuid: not a user's id: give a UUID, like \
         550e8400-e29b-41d4-a716-446655440000"
    );
    let said = panic_of(|| {
        let door = TempKeyDoor { lock_id: Some(LockId::unchecked("front")), ..Default::default() };
        mock.create_unified_temp_key()
            .reply(spkey::types::CreateUnifiedTempKeyResponse { doors: vec![door], ..Default::default() });
    });
    assert!(said.contains("doors[0].lockId: not a lock's id"), "{said}");
    let said = panic_of(|| {
        let key =
            spkey::types::AddWalletKeyResponse { wallet_type: Some(WalletType::other("X")), ..Default::default() };
        mock.add_wallet_key().reply(key);
    });
    assert!(said.contains(r#"walletType: "X" is none of "APPLE", "GOOGLE""#), "{said}");
    let said = panic_of(|| {
        mock.open_lock().reply_with(201, CommandResult::default());
    });
    assert_eq!(said, "open_lock does not answer 201: give 200");
    let said = panic_of(|| {
        mock.open_lock().fail(200, "fine");
    });
    assert!(said.contains("200 is no error's status"), "{said}");
    let said = panic_of(|| {
        mock.open_lock().lock_id(USER);
    });
    assert!(said.contains("open_lock: lockId: not a lock's id"), "{said}");
    let said = panic_of(|| {
        mock.add_resident().body(AddResidentRequest::builder());
    });
    assert!(said.contains("name is missing"), "{said}");
}
