use serde_json::json;

use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{bad_request, not_found};
use crate::mock::sandbox::values::{new_uuid, now};
use crate::mock::sandbox::world::{KeyInWallet, World};
use crate::types::{
    AddWalletKeyRequest, AddWalletKeyResponse, CommandResult, DigitalKey, UserKeys, UserWallet, WalletKey, WalletLink,
    WalletType,
};

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("add_wallet_key", add), ("get_user_wallet", wallet), ("get_user_wallet_link", link), ("get_user_keys", keys)];

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    let body: AddWalletKeyRequest = call.body()?;
    let user = world.user(call.user()?)?;
    if user.wallet.iter().any(|key| key.wallet_type == body.wallet_type) {
        return Err(bad_request("The user has a key in that wallet already"));
    }
    let key_id = new_uuid().to_string();
    let data = json!({
        "userId": user.id, "keyId": key_id, "walletType": body.wallet_type, "keyIndex": body.key_index,
    });
    user.wallet.push(KeyInWallet {
        key_id: key_id.clone(),
        wallet_type: body.wallet_type.clone(),
        index: body.key_index,
        added_at: now(),
    });
    let CommandResult { success, aggregate_id, version, event } = user.log.record("WalletKeyPrepared", data);
    let (key_id, wallet_type) = (Some(key_id.into()), Some(body.wallet_type));
    ok(AddWalletKeyResponse { success, aggregate_id, version, event, key_id, wallet_type })
}

fn wallet(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.user(call.user()?)?;
    ok(UserWallet { has_wallet_key: !user.wallet.is_empty(), wallet_key: user.wallet.last().map(shown) })
}

fn link(world: &mut World, call: &SandboxCall) -> Handled {
    let uri = world.uri.clone();
    let user = world.user(call.user()?)?;
    let Some(key) = user.wallet.last() else { return Err(not_found("Wallet key")) };
    if key.wallet_type == WalletType::Apple && user.email.is_none() {
        return Err(bad_request("The user has no e-mail address, which Apple Wallet requires"));
    }
    let url = format!("{uri}/wallet/{}", key.key_id).into();
    ok(WalletLink { url, wallet_type: Some(key.wallet_type.clone()) })
}

fn keys(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.user(call.user()?)?;
    let digital_keys = user.wallet.iter().map(|key| DigitalKey {
        key_id: key.key_id.as_str().into(),
        key_index: Some(key.index),
        wallet_type: Some(key.wallet_type.clone()),
        device_id: None,
        added_at: Some(key.added_at.clone()),
    });
    ok(UserKeys {
        digital_keys: digital_keys.collect(),
        wallet_key: user.wallet.last().map(shown),
        ..UserKeys::default()
    })
}

fn shown(key: &KeyInWallet) -> WalletKey {
    WalletKey {
        key_id: Some(key.key_id.as_str().into()),
        key_index: Some(key.index),
        wallet_type: Some(key.wallet_type.clone()),
        added_at: Some(key.added_at.clone()),
        ..WalletKey::default()
    }
}
