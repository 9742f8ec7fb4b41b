//! The commands of the storm.

use fastrand::Rng;
use spkey::types::AddKeyRequest;
use spkey::{Client, DEFAULT_ATTEMPT_TIMEOUT, Error};

use crate::proxy::COMMAND;

/// Whose commands they are.
const STAFF: &str = "11111111-1111-4111-8111-111111111111";
const OTHERS: &str = "22222222-2222-4222-8222-222222222222";
const FROM: &str = "2026-01-01T00:00:00Z";
const UNTIL: &str = "2036-01-01T00:00:00Z";

pub const KINDS: [&str; 17] = [
    "add_accessible_lock",
    "remove_accessible_lock",
    "add_device",
    "remove_device",
    "add_resident",
    "remove_resident",
    "add_key",
    "remove_key",
    "bulk_add_keys",
    "create_lock_temp_key",
    "delete_lock_temp_key",
    "set_owner",
    "set_organization",
    "write_key",
    "create_unified_temp_key",
    "add_wallet_key",
    "open_lock",
];

/// A user, a lock and a key that commands are given for.
#[derive(Clone)]
pub struct Place {
    user: String,
    lock: u32,
    key: String,
    temp_key: String,
}

impl Place {
    pub fn new(number: u32) -> Self {
        let id = |first: u32| format!("{first:08x}-0000-4000-8000-{number:012}");
        Self { user: id(1), lock: 1_000 + number, key: id(2), temp_key: id(3) }
    }
}

pub async fn set_up(client: &Client, place: &Place) {
    for user in [&place.user, STAFF, OTHERS] {
        client.create_user(user).send().await.unwrap();
    }
    client.create_lock(place.lock).index(1).uuid("0a1b2c3d-0000-4000-8000-0000000000ff").send().await.unwrap();
}

/// Gives a command, and returns what it sets, to what, and its result.
pub async fn give(
    client: &Client,
    kind: &str,
    place: &Place,
    number: u64,
    by_others: bool,
    random: &mut Rng,
) -> (String, String, Result<(), Error>) {
    let Place { user, lock, key, temp_key } = place;
    let who = if by_others { OTHERS } else { STAFF };
    let (target, value) = match kind {
        "add_accessible_lock" => (format!("lock in the app {user}"), "there"),
        "remove_accessible_lock" => (format!("lock in the app {user}"), ""),
        "add_device" => (format!("device {user}"), "there"),
        "remove_device" => (format!("device {user}"), ""),
        "add_resident" => (format!("resident {lock}"), "there"),
        "remove_resident" => (format!("resident {lock}"), ""),
        "add_key" | "bulk_add_keys" => (format!("key {lock}"), "there"),
        "remove_key" => (format!("key {lock}"), ""),
        "create_lock_temp_key" => (format!("temp key {lock}"), "there"),
        "delete_lock_temp_key" => (format!("temp key {lock}"), ""),
        "set_owner" => (format!("owner {lock}"), if random.bool() { STAFF } else { OTHERS }),
        "set_organization" => (format!("organization {lock}"), if random.bool() { "acme" } else { "globex" }),
        "write_key" => (format!("event write {lock}"), "done"),
        "create_unified_temp_key" => (format!("unified {number}"), "there"),
        "add_wallet_key" => (format!("wallet {number}"), "there"),
        _ => (format!("event open {number}"), "done"),
    };
    let header = format!("{number};{target};{value}");
    macro_rules! send {
        ($call:expr) => {
            $call.header(COMMAND, &header).send().await.map(drop)
        };
    }
    let result = match kind {
        "add_accessible_lock" => {
            let call = client.add_accessible_lock(user).lock_id(*lock).lock_name("Door");
            send!(call.access_level("USER").granted_by(who))
        }
        "remove_accessible_lock" => {
            send!(client.remove_accessible_lock(user).lock_id(*lock).removed_by(who).reason("moved out"))
        }
        "add_device" => {
            send!(
                client.add_device(user).device_id("lamp").device_type("matter").org_id("acme").added_by(who.to_owned())
            )
        }
        "remove_device" => send!(client.remove_device(user).device_id("lamp").removed_by(who).reason("broken")),
        "add_resident" => send!(client.add_resident(*lock).name("Ada").user_id(user)),
        "remove_resident" => send!(client.remove_resident(*lock).user_id(user)),
        "add_key" => send!(client.add_key(*lock).key_uuid(key.as_str())),
        "bulk_add_keys" => send!(client.bulk_add_keys(*lock).keys(vec![AddKeyRequest::new(key.as_str())])),
        "remove_key" => send!(client.remove_key(*lock).key_uuid(key.as_str())),
        "create_lock_temp_key" => {
            let call = client.create_lock_temp_key(*lock).temp_key_uuid(temp_key.as_str()).access_mode("public");
            send!(call.valid_from(FROM).valid_until(UNTIL))
        }
        "delete_lock_temp_key" => send!(client.delete_lock_temp_key(*lock).temp_key_uuid(temp_key.as_str())),
        "set_owner" => send!(client.set_owner(*lock).user_id(value)),
        "set_organization" => send!(client.set_organization(*lock).org_id(value)),
        "write_key" => send!(client.write_key(*lock).key_uuid(key.as_str())),
        "create_unified_temp_key" => {
            let mut door = spkey::types::TempKeyDoorRequest::new();
            door = door.lock_id(spkey::LockId::try_from(*lock).unwrap());
            let call = client.create_unified_temp_key().valid_from(FROM).valid_until(UNTIL);
            send!(call.description(format!("guest {number}")).doors(vec![door]))
        }
        "add_wallet_key" => {
            // One of its own: a user has one key in a wallet, and nothing removes it.
            let user = format!("{number:08x}-0000-4000-8000-ffffffffffff");
            client.create_user(&user).attempt_timeout(DEFAULT_ATTEMPT_TIMEOUT).send().await.unwrap();
            send!(client.add_wallet_key(&user).wallet_type("APPLE").key_index(1))
        }
        _ => send!(client.open_lock(*lock).reason("parcel")),
    };
    (target, value.to_owned(), result)
}
