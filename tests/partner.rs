//! A partner's tests of a partner's code: no path, no JSON, no header.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends with it")]

use spkey::mock::MockSpKey;
use spkey::types::{
    AccessLevel, AddAccessibleLockResponse, AddWalletKeyResponse, CommandResult, UserByEmail, WalletLink,
};
use spkey::{Client, Error, LockId, Outcome, UserId};

const GUEST: &str = "0a1b2c3d-0000-4000-8000-000000000001";
const STAFF: &str = "0a1b2c3d-0000-4000-8000-000000000002";

/// What the partner has written: a booking system that lets a guest in.
struct Bookings {
    spkey: Client,
    staff: UserId,
}

#[derive(Debug, PartialEq)]
enum CheckIn {
    SendLink(String),
    NeedsAPerson,
}

impl Bookings {
    async fn check_in(&self, email: &str, lock: &LockId) -> Result<CheckIn, Error> {
        let guest = self.spkey.get_user_by_email().email(email).send().await?.into_inner().uuid;
        let key = self.spkey.add_wallet_key().user_id(&guest);
        let key = key.body_map(|key| key.wallet_type("APPLE").key_index(1)).send().await?.into_inner().key_id;
        let put = self.spkey.add_key().lock_id(lock);
        let put = put.body_map(|body| body.key_uuid(key.unwrap_or_default()).user_id(&guest)).send().await;
        match put {
            Err(error) if error.outcome() == Outcome::Unknown => return Ok(CheckIn::NeedsAPerson),
            other => other?,
        };
        let show = self.spkey.add_accessible_lock().user_id(&guest).body_map(|grant| {
            grant.lock_id(lock).lock_name("Room 7").access_level(AccessLevel::Guest).granted_by(&self.staff)
        });
        show.send().await?;
        let link = self.spkey.get_user_wallet_link().user_id(&guest).send().await?;
        Ok(CheckIn::SendLink(link.url.expose().to_owned()))
    }
}

fn bookings(mock: &MockSpKey) -> (Bookings, LockId) {
    (Bookings { spkey: mock.client(), staff: STAFF.parse().unwrap() }, LockId::try_from(7).unwrap())
}

fn guest() -> UserByEmail {
    UserByEmail { uuid: GUEST.parse().unwrap(), ..Default::default() }
}

fn wallet_key(id: &str) -> AddWalletKeyResponse {
    AddWalletKeyResponse { key_id: Some(id.to_owned()), ..Default::default() }
}

#[tokio::test]
async fn a_guest_gets_a_key_and_a_link() {
    let mock = MockSpKey::start().await;
    mock.get_user_by_email().email("ada@example.com").reply(guest()).expect(1);
    mock.add_wallet_key().user_id(GUEST).body_wallet_type("APPLE").reply(wallet_key("key-1")).expect(1);
    mock.add_key().lock_id(7).body_key_uuid("key-1").body_user_id(GUEST).expect(1);
    mock.add_accessible_lock()
        .user_id(GUEST)
        .body_where(|grant| grant.access_level == AccessLevel::Guest && grant.granted_by.as_str() == STAFF)
        .reply(AddAccessibleLockResponse { version: Some(3.0), ..Default::default() })
        .expect(1);
    mock.get_user_wallet_link()
        .reply(WalletLink { url: "https://wallet.example.com/1".into(), ..Default::default() })
        .expect(1);

    let (bookings, lock) = bookings(&mock);
    let outcome = bookings.check_in("ada@example.com", &lock).await.unwrap();
    assert_eq!(outcome, CheckIn::SendLink("https://wallet.example.com/1".to_owned()));
}

#[tokio::test]
async fn a_lock_that_does_not_answer_is_a_case_for_a_person_and_is_asked_once() {
    let mock = MockSpKey::start().await;
    mock.get_user_by_email().reply(guest());
    mock.add_wallet_key().reply(wallet_key("key-1"));
    mock.add_key().drop_connection().expect(1);
    mock.add_accessible_lock().expect(0);

    let (bookings, lock) = bookings(&mock);
    assert_eq!(bookings.check_in("ada@example.com", &lock).await.unwrap(), CheckIn::NeedsAPerson);
}

#[tokio::test]
async fn a_short_outage_is_not_noticed_where_a_repeat_is_harmless() {
    let mock = MockSpKey::start().await;
    mock.get_user_by_email().fail(503, "no database").fail(503, "no database").reply(guest()).expect(3);
    mock.add_wallet_key().reply(wallet_key("key-1"));
    mock.add_key().reply(CommandResult { success: Some(true), ..Default::default() });
    mock.add_accessible_lock();
    mock.get_user_wallet_link();

    let (bookings, lock) = bookings(&mock);
    bookings.check_in("ada@example.com", &lock).await.unwrap();
}

#[tokio::test]
async fn what_the_service_refuses_is_reported() {
    let mock = MockSpKey::start().await;
    mock.get_user_by_email().reply(guest());
    mock.add_wallet_key().fail(400, "the wallet has a key").expect(1);

    let (bookings, lock) = bookings(&mock);
    let error = bookings.check_in("ada@example.com", &lock).await.unwrap_err();
    assert_eq!((error.status(), error.operation()), (Some(400), Some("add_wallet_key")));
    assert_eq!(error.api().unwrap().message.as_deref(), Some("the wallet has a key"));
}
