use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::values::number;
use crate::mock::sandbox::world::World;
use crate::types::BackfillThreedeyeResponse;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[("backfill_threedeye", backfill_threedeye)];

fn backfill_threedeye(world: &mut World, call: &SandboxCall) -> Handled {
    let limit = call.count("limit")?.unwrap_or(usize::MAX);
    let mut created = 0;
    for user in world.users.values_mut().filter(|user| !user.has_threedeye).take(limit) {
        user.has_threedeye = true;
        created += 1;
    }
    let total = Some(number(created));
    ok(BackfillThreedeyeResponse { success: Some(true), total, created: total, failed: Some(0), errors: Vec::new() })
}
