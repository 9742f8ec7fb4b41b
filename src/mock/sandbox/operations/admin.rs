use serde_json::json;

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::operations::threedeye::create_account;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[("backfill_threedeye", backfill_threedeye)];

fn backfill_threedeye(world: &mut World, call: &SandboxCall) -> Handled {
    let limit = call.count("limit")?.unwrap_or(usize::MAX);
    let has_none = |user: &String| !world.threedeye.contains_key(user);
    let users = world.events.states(Aggregate::User).filter_map(|user| user["userId"].as_str().map(ToOwned::to_owned));
    let users: Vec<_> = users.filter(has_none).take(limit).collect();
    for user in &users {
        create_account(world, user);
    }
    ok(json!({ "success": true, "total": users.len(), "created": users.len(), "failed": 0, "errors": [] }))
}
