//! Moves a resident in: a user, a key in the wallet, the key on the lock, the lock in the app, the link to the key, the
//! doorbell.
//!
//! ```sh
//! cargo run --example onboard_resident --features mock
//! SPKEY_API_KEY=... cargo run --example onboard_resident --features mock -- \
//!     ada@example.com "Ada Lovelace" 123 "Front door" STAFF_USER_ID
//! ```
//!
//! Any step may fail, or the program may be killed. A step whose response is lost is looked up. Run it a second time: it does
//! the rest. Nothing is done twice.

use std::error::Error;
use std::time::Duration;

use spkey::types::{AccessLevel, WalletType};
use spkey::{Client, Confirmation, DEFAULT_SETTLE, LockId, Outcome, Secret, UserId};

#[path = "common/mod.rs"]
mod common;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let moving_in = match arguments.as_slice() {
        [] => MovingIn::example()?,
        [email, name, lock, lock_name, staff] => MovingIn {
            email: email.clone(),
            name: name.clone(),
            lock: lock.parse()?,
            lock_name: lock_name.clone(),
            granted_by: staff.parse()?,
        },
        _ => return Err("give E-MAIL NAME LOCK LOCK-NAME STAFF-USER-ID, or nothing for the example".into()),
    };
    let service = common::connect().await?;
    if service.sandbox.is_some() {
        common::create_lock(&service.client, moving_in.lock).await?;
    }
    let welcome = onboard(&service.client, &moving_in, DEFAULT_SETTLE).await?;
    println!("{} is user {}", moving_in.name, welcome.user);
    println!("done now: {}", if welcome.done.is_empty() { "nothing".to_owned() } else { welcome.done.join(", ") });
    println!("the link for {}: {}", moving_in.email, welcome.link.expose());
    Ok(())
}

/// Who moves in where.
pub(crate) struct MovingIn {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) lock: LockId,
    pub(crate) lock_name: String,
    /// The member of staff who grants the access.
    pub(crate) granted_by: UserId,
}

/// A resident who has moved in.
pub(crate) struct Welcome {
    pub(crate) user: UserId,
    /// What this run had to do.
    pub(crate) done: Vec<&'static str>,
    /// For the resident alone: whoever opens it gets the key.
    pub(crate) link: Secret,
}

impl MovingIn {
    pub(crate) fn example() -> Result<Self, spkey::ConversionError> {
        Ok(Self {
            email: "ada@example.com".to_owned(),
            name: "Ada Lovelace".to_owned(),
            lock: LockId::try_from(123)?,
            lock_name: "Front door".to_owned(),
            granted_by: "550e8400-e29b-41d4-a716-446655440000".parse()?,
        })
    }
}

/// A step that was done by an earlier run is rejected, or not given where that would do it a second time. A command may act for
/// `settle` after its response was lost.
pub(crate) async fn onboard(spkey: &Client, moving_in: &MovingIn, settle: Duration) -> Result<Welcome, Box<dyn Error>> {
    let MovingIn { email, name, lock: lock_id, lock_name, granted_by } = moving_in;
    let mut done = Vec::new();

    // Finds the user or creates it.
    let user = spkey.get_user_by_email().email(email).send().await?.uuid;

    // A key in another wallet would be replaced.
    let mut key = key_in_wallet(spkey, user).await?;
    if key.is_none() {
        done.push("wallet key");
        let added = spkey.add_wallet_key(user).wallet_type(WalletType::Apple).key_index(1).send().await;
        is_new(spkey, added, settle).await?;
        key = key_in_wallet(spkey, user).await?;
    }
    let key = key.ok_or("the key was added, but the wallet does not show it: run this a second time")?;

    // The command goes to the lock itself, so that a second run must not give it.
    let keys = spkey.get_lock_details(lock_id).send().await?.into_inner().keys;
    if !keys.iter().any(|there| there.uuid.expose() == key.expose()) {
        done.push("key on the lock");
        is_new(spkey, spkey.add_key(lock_id).key_uuid(key).user_id(user).send().await, settle).await?;
    }

    let grant = spkey.add_accessible_lock(user).lock_id(lock_id).lock_name(lock_name);
    let granted = grant.access_level(AccessLevel::User).granted_by(granted_by).send().await;
    done.extend(is_new(spkey, granted, settle).await?.then_some("lock in the app"));

    let link = spkey.get_user_wallet_link(user).send().await?.into_inner().url;

    let added = spkey.add_resident(lock_id).name(name).user_id(user).send().await;
    done.extend(is_new(spkey, added, settle).await?.then_some("doorbell"));
    Ok(Welcome { user, done, link })
}

/// Whether a command changed anything. One that failed is no failure if what it asks for is so.
async fn is_new<T>(spkey: &Client, result: Result<T, spkey::Error>, settle: Duration) -> Result<bool, spkey::Error> {
    let Err(error) = result else { return Ok(true) };
    match error.confirm(spkey).settle(settle).await? {
        Confirmation::InEffect(_) => Ok(error.outcome() != Outcome::NotApplied),
        _ => Err(error),
    }
}

/// The key in the user's wallet, whichever wallet it is.
async fn key_in_wallet(spkey: &Client, user: UserId) -> Result<Option<Secret>, spkey::Error> {
    let wallet = spkey.get_user_wallet(user).send().await?.into_inner();
    Ok(wallet.wallet_key.and_then(|key| key.key_id))
}
