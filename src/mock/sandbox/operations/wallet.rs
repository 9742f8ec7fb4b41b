use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::operations::physical_keys;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{bad_request, not_found};
use crate::mock::sandbox::values::{find, items, new_uuid, pick, with};
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("add_wallet_key", add), ("get_user_wallet", wallet), ("get_user_wallet_link", link), ("get_user_keys", keys)];

const SHOWN: [&str; 4] = ["keyId", "keyIndex", "walletType", "addedAt"];

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, body) = (call.user()?, call.body());
    let user = world.state(Aggregate::User, &id)?;
    if find(&user["wallet"], "walletType", &body["walletType"]).is_some() {
        return Err(bad_request("The user has a key in that wallet already"));
    }
    let key_id = new_uuid();
    let data = json!({ "userId": id, "keyId": key_id, "walletType": body["walletType"], "keyIndex": body["keyIndex"] });
    let result = world.record(Aggregate::User, &id, "WalletKeyPrepared", data);
    ok(with(result, json!({ "keyId": key_id, "walletType": body["walletType"] })))
}

/// The newest key, with the name that responses have for it; nothing if there is none.
fn newest(user: &Value) -> Value {
    items(&user["wallet"]).last().map_or_else(|| json!({}), |key| json!({ "walletKey": pick(key, &SHOWN) }))
}

fn wallet(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.state(Aggregate::User, &call.user()?)?;
    ok(with(json!({ "hasWalletKey": !items(&user["wallet"]).is_empty() }), newest(user)))
}

fn link(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.state(Aggregate::User, &call.user()?)?;
    let Some(key) = items(&user["wallet"]).last() else { return Err(not_found("Wallet key")) };
    if key["walletType"] == "APPLE" && user["email"].is_null() {
        return Err(bad_request("The user has no e-mail address, which Apple Wallet requires"));
    }
    let url = format!("{}/wallet/{}", world.uri, key["keyId"].as_str().unwrap_or_default());
    ok(json!({ "url": url, "walletType": key["walletType"] }))
}

fn keys(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.state(Aggregate::User, &call.user()?)?;
    let digital: Value = items(&user["wallet"]).iter().map(|key| pick(key, &SHOWN)).collect();
    let physical: Value = items(&user["physicalKeys"]).iter().map(physical_keys::shown).collect();
    ok(with(json!({ "physicalKeys": physical, "digitalKeys": digital }), newest(user)))
}
