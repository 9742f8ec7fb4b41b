//! Mistakes in a stub panic at its line.

use spkey::mock::{MockSpKey, any};
use spkey::types::{AddWalletKeyResponse, CommandResult, CreateUnifiedTempKeyResponse, OwnedLock, TempKeyDoor};
use spkey::types::{GetOwnedLocksResponse, TempKeyDoorMethod, WalletType};

use crate::{USER, panic_of};

#[tokio::test]
async fn invalid_argument_panics_at_the_line_of_given() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let line = line!() + 2;
    let (message, at) = panic_of(|| {
        mock.given(spkey.open_lock(USER));
    });
    assert_eq!(message, "open_lock: lock_id: not a lock's id: give a positive integer, like 123");
    assert_eq!(at, line);
}

#[tokio::test]
async fn every_invalid_setter_is_named() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let line = line!() + 3;
    let (message, at) = panic_of(|| {
        let call = spkey.add_accessible_lock(any()).lock_id(0).access_level("KING").granted_by("42");
        mock.given(call);
    });
    assert!(message.contains("lock_id: not a lock's id"), "{message}");
    assert!(message.contains("access_level: not a known AccessLevel"), "{message}");
    assert!(message.contains("granted_by: not a user's id"), "{message}");
    assert!(!message.contains("missing"), "a stub need not set what is required: {message}");
    assert_eq!(at, line);
}

#[tokio::test]
async fn response_with_an_enum_value_that_the_contract_does_not_have_panics() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let line = line!() + 3;
    let (message, at) = panic_of(|| {
        let key = AddWalletKeyResponse { wallet_type: Some(WalletType::other("X")), ..Default::default() };
        mock.given(spkey.add_wallet_key(any())).respond_with(key);
    });
    assert_eq!(
        message,
        r#"add_wallet_key cannot return that by the contract: walletType: "X" is none of "APPLE", "GOOGLE""#
    );
    assert_eq!(at, line);
}

#[tokio::test]
async fn problem_in_a_list_is_named_by_its_index() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let (message, _) = panic_of(|| {
        let door = TempKeyDoor { access_method: Some(TempKeyDoorMethod::other("trapdoor")), ..Default::default() };
        let doors = vec![TempKeyDoor::default(), door];
        let key = CreateUnifiedTempKeyResponse { doors, ..Default::default() };
        mock.given(spkey.create_unified_temp_key()).respond_with(key);
    });
    assert!(message.contains(r#"doors[1].accessMethod: "trapdoor" is none of "#), "{message}");
}

#[tokio::test]
async fn status_that_the_operation_does_not_return_panics() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let (message, _) = panic_of(|| {
        mock.given(spkey.open_lock(any())).respond_with_status(201, CommandResult::default());
    });
    assert_eq!(message, "open_lock does not return 201: give 200");
    mock.given(spkey.create_lock(any())).respond_with_status(201, CommandResult::default());
}

#[tokio::test]
async fn error_status_outside_400_to_599_panics() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    for status in [200, 399, 600] {
        let line = line!() + 2;
        let (message, at) = panic_of(|| {
            mock.given(spkey.open_lock(any())).fail(status, "no error");
        });
        assert_eq!(message, format!("{status} is no error status: give one from 400 to 599"));
        assert_eq!(at, line);
    }
    for status in [400, 599] {
        mock.given(spkey.open_lock(any())).fail(status, "an error");
    }
}

#[tokio::test]
async fn response_that_the_contract_allows_does_not_panic() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let locks = GetOwnedLocksResponse { locks: vec![OwnedLock::default()], ..Default::default() };
    mock.given(spkey.get_owned_locks(any())).respond_with(locks).expect(1);
    assert_eq!(spkey.get_owned_locks(USER).send().await.unwrap().locks.len(), 1);
}

#[tokio::test]
async fn dropped_connection_has_no_header_delay_or_body() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let stub = || mock.given(spkey.open_lock(any())).drop_connection();
    let line = line!() + 2;
    let (message, at) = panic_of(|| {
        stub().header("retry-after", "1");
    });
    assert_eq!(message, "a connection that is dropped at once has no response: give this to a response");
    assert_eq!(at, line);
    let (same, _) = panic_of(|| {
        stub().delay(std::time::Duration::ZERO);
    });
    assert_eq!(same, message);
    let (same, _) = panic_of(|| {
        stub().cut_body();
    });
    assert_eq!(same, message);
}

#[tokio::test]
async fn header_that_cannot_be_sent_panics() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    for (name, value) in [("retry after", "1"), ("retry-after", "1\n")] {
        let line = line!() + 2;
        let (message, at) = panic_of(|| {
            mock.given(spkey.open_lock(any())).header(name, value);
        });
        let expected = format!("{name}: {value:?} is no header: give a name and a value of visible characters");
        assert_eq!((message, at), (expected, line));
    }
}

#[tokio::test]
async fn response_without_a_body_cannot_be_cut() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let (message, _) = panic_of(|| {
        mock.given(spkey.open_temp_key(any())).cut_body();
    });
    assert_eq!(message, "the response has no body to cut");
}
