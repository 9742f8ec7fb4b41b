//! The tests that a partner writes for its own code: no path, no JSON, no header.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends with it")]

use spkey::mock::{MockSpKey, any};
use spkey::types::{
    AccessLevel, AddAccessibleLockResponse, AddWalletKeyResponse, CommandResult, UserByEmail, WalletLink,
};
use spkey::{Client, Error, LockId, Outcome, UserId};

const GUEST: &str = "0a1b2c3d-0000-4000-8000-000000000001";
const STAFF: &str = "0a1b2c3d-0000-4000-8000-000000000002";

/// The partner's code: a booking system that lets a guest in.
struct Bookings {
    spkey: Client,
    lock: LockId,
    staff: UserId,
}

#[derive(Debug, PartialEq)]
enum CheckIn {
    SendLink(String),
    NeedsAPerson,
}

impl Bookings {
    fn new(spkey: Client) -> Self {
        Self { spkey, lock: 7.try_into().unwrap(), staff: STAFF.parse().unwrap() }
    }

    async fn check_in(&self, email: &str) -> Result<CheckIn, Error> {
        let Self { spkey, lock, staff } = self;
        let guest = spkey.get_user_by_email().email(email).send().await?.uuid;
        let key = spkey.add_wallet_key(guest).wallet_type("APPLE").key_index(1).send().await?.into_inner();
        let Some(key) = key.key_id else { return Ok(CheckIn::NeedsAPerson) };
        match spkey.add_key(lock).key_uuid(key).user_id(guest).send().await {
            Err(error) if error.outcome() == Outcome::Unknown => return Ok(CheckIn::NeedsAPerson),
            added => added?,
        };
        let grant = spkey.add_accessible_lock(guest).lock_id(lock).lock_name("Room 7");
        grant.access_level(AccessLevel::Guest).granted_by(staff).send().await?;
        let link = spkey.get_user_wallet_link(guest).send().await?;
        Ok(CheckIn::SendLink(link.url.expose().to_owned()))
    }
}

fn guest() -> UserByEmail {
    UserByEmail { uuid: GUEST.parse().unwrap(), ..Default::default() }
}

fn wallet_key(id: &str) -> AddWalletKeyResponse {
    AddWalletKeyResponse { key_id: Some(id.into()), ..Default::default() }
}

#[tokio::test]
async fn guest_gets_a_key_and_a_link() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let link = WalletLink { url: "https://wallet.example.com/1".into(), ..Default::default() };
    mock.given(spkey.get_user_by_email().email("ada@example.com")).respond_with(guest()).expect(1);
    mock.given(spkey.add_wallet_key(GUEST).wallet_type("APPLE")).respond_with(wallet_key("key-1")).expect(1);
    mock.given(spkey.add_key(7).key_uuid("key-1").user_id(GUEST)).expect(1);
    mock.given(spkey.add_accessible_lock(GUEST).access_level(AccessLevel::Guest).granted_by(STAFF))
        .respond_with(AddAccessibleLockResponse { version: Some(3.into()), ..Default::default() })
        .expect(1);
    mock.given(spkey.get_user_wallet_link(any())).respond_with(link).expect(1);

    let check_in = Bookings::new(spkey).check_in("ada@example.com").await.unwrap();
    assert_eq!(check_in, CheckIn::SendLink("https://wallet.example.com/1".to_owned()));
}

#[tokio::test]
async fn lost_response_of_the_lock_needs_a_person_and_the_command_is_not_repeated() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.get_user_by_email()).respond_with(guest());
    mock.given(spkey.add_wallet_key(any())).respond_with(wallet_key("key-1"));
    mock.given(spkey.add_key(any())).drop_connection().expect(1);
    mock.given(spkey.add_accessible_lock(any())).expect(0);

    assert_eq!(Bookings::new(spkey).check_in("ada@example.com").await.unwrap(), CheckIn::NeedsAPerson);
}

#[tokio::test]
async fn short_outage_is_not_noticed_if_a_retry_is_harmless() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.get_user_by_email()).fail(503, "down").fail(503, "down").respond_with(guest()).expect(3);
    mock.given(spkey.add_wallet_key(any())).respond_with(wallet_key("key-1"));
    mock.given(spkey.add_key(any())).respond_with(CommandResult { success: Some(true), ..Default::default() });
    mock.given(spkey.add_accessible_lock(any()));
    mock.given(spkey.get_user_wallet_link(any()));

    Bookings::new(spkey).check_in("ada@example.com").await.unwrap();
}

#[tokio::test]
async fn rejected_command_is_an_error_with_the_message_of_the_service() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.get_user_by_email()).respond_with(guest());
    mock.given(spkey.add_wallet_key(any())).fail(400, "the wallet has a key").expect(1);

    let error = Bookings::new(spkey).check_in("ada@example.com").await.unwrap_err();
    assert_eq!((error.status(), error.operation()), (Some(400), Some("add_wallet_key")));
    assert_eq!(error.api().unwrap().message.as_deref(), Some("the wallet has a key"));
}

#[tokio::test]
async fn service_that_is_down_is_a_connection_error() {
    let mock = MockSpKey::start().await;
    let bookings = Bookings::new(mock.client());
    drop(mock);

    let error = bookings.check_in("ada@example.com").await.unwrap_err();
    assert!(error.is_connect(), "{error}");
}
