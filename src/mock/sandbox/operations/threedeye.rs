//! The accounts of users at 3dEye, which runs the cameras.

use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::values::new_uuid;
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[("get_threedeye_credentials", credentials)];

fn credentials(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.user()?;
    let email = world.state(Aggregate::User, &id)?["email"].as_str();
    let email = email.map_or_else(|| format!("{id}@3deye.example"), ToOwned::to_owned);
    let account = create_account(world, &id);
    ok(json!({
        "userId": id,
        "email": email,
        "threeDeyeUserId": account["threeDeyeUserId"],
        "password": account["password"],
    }))
}

/// The account of a user, which is created on first use.
pub(super) fn create_account(world: &mut World, user: &str) -> Value {
    let new = || json!({ "threeDeyeUserId": new_uuid(), "password": new_uuid() });
    world.threedeye.entry(user.to_owned()).or_insert_with(new).clone()
}
