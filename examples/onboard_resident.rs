//! Moves a resident in: a user, a wallet key, the key on the lock, the lock in the app, the link to send, the doorbell.
//!
//! ```sh
//! cargo run --example onboard_resident --features mock
//! SPKEY_API_KEY=... cargo run --example onboard_resident --features mock -- \
//!     ada@example.com "Ada Lovelace" 123 "Front door" STAFF_USER_ID
//! ```
//!
//! It may fail at any step, or be killed: run again, it looks what is there and does the rest. Nothing is done twice.

use spkey::types::{AccessLevel, WalletType};
use spkey::{Client, Error, LockId, Secret, UserId};

#[path = "common/mod.rs"]
mod common;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
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
        common::furnish(&service.client, &moving_in.lock).await?;
    }
    let welcome = onboard(&service.client, &moving_in).await?;
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
    /// The user in whose name the lock is shown.
    pub(crate) granted_by: UserId,
}

/// A resident who has moved in.
pub(crate) struct Welcome {
    pub(crate) user: UserId,
    /// What this run had to do.
    pub(crate) done: Vec<&'static str>,
    /// To be sent to the resident, and to nobody else: whoever opens it gets the key.
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

/// Every step looks first, since a repeat of what is there is refused, and a lost answer says nothing of what was done.
pub(crate) async fn onboard(spkey: &Client, moving_in: &MovingIn) -> Result<Welcome, Error> {
    let mut done = Vec::new();
    // Finds or creates, as it is documented: it may be repeated.
    let user = spkey.get_user_by_email().email(moving_in.email.as_str()).send().await?.into_inner().uuid;

    let key = if let Some(key) = wallet_key(spkey, &user).await? {
        key
    } else {
        done.push("wallet key");
        let add = spkey.add_wallet_key().user_id(&user);
        let added = add.body_map(|key| key.wallet_type(WalletType::Apple).key_index(1)).send().await?;
        added.into_inner().key_id.unwrap_or_default()
    };

    let lock = spkey.get_lock_details().lock_id(&moving_in.lock).send().await?.into_inner();
    if !lock.keys.iter().any(|there| there.uuid == key) {
        done.push("key on the lock");
        let add = spkey.add_key().lock_id(&moving_in.lock);
        add.body_map(|body| body.key_uuid(key).user_id(&user)).send().await?;
    }

    let visible = spkey.get_accessible_locks().user_id(&user).send().await?.into_inner();
    if !visible.locks.iter().any(|there| there.lock_id == moving_in.lock) {
        done.push("lock in the app");
        let show = spkey.add_accessible_lock().user_id(&user).body_map(|grant| {
            let grant = grant.lock_id(&moving_in.lock).lock_name(moving_in.lock_name.as_str());
            grant.access_level(AccessLevel::User).granted_by(&moving_in.granted_by)
        });
        show.send().await?;
    }

    let link = spkey.get_user_wallet_link().user_id(&user).send().await?.into_inner().url;

    if !lock.residents.iter().any(|resident| resident.user_id == user) {
        done.push("doorbell");
        let ring = spkey.add_resident().lock_id(&moving_in.lock);
        ring.body_map(|resident| resident.name(moving_in.name.as_str()).user_id(&user)).send().await?;
    }
    Ok(Welcome { user, done, link })
}

/// The key that the user's wallet has already, in whichever wallet.
async fn wallet_key(spkey: &Client, user: &UserId) -> Result<Option<String>, Error> {
    let wallet = spkey.get_user_wallet().user_id(user).send().await?.into_inner();
    Ok(wallet.wallet_key.and_then(|key| key.key_id))
}
