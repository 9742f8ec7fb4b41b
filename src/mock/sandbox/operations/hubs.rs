use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, created, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, unreachable};
use crate::mock::sandbox::values::{millis, pick, with};
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("provision_hub", provision),
    ("claim_hub", claim),
    ("re_claim_hub", re_claim),
    ("set_hub_role", set_role),
    ("suspend_hub", suspend),
    ("send_hub_command", send_command),
    ("commission_device", commission),
    ("get_hub_status", status),
];

fn provision(world: &mut World, call: &SandboxCall) -> Handled {
    let body = call.body_for("hubId")?;
    let hub_id = call.text("hubId")?;
    if world.state(Aggregate::Hub, hub_id).is_ok() {
        return ok(world.unchanged(Aggregate::Hub, hub_id));
    }
    let data = json!({
        "hubId": hub_id, "serial": call.text("serial")?, "model": call.text("model")?,
        "thingName": body["thingName"].as_str().unwrap_or(hub_id), "vendorName": body["vendorName"],
        "provisionedAt": millis(world.now),
    });
    created(world.record(Aggregate::Hub, hub_id, "HubProvisioned", data))
}

/// The state of the hub that a command is for, if the hub is online.
fn online<'a>(world: &'a World, call: &SandboxCall) -> Result<&'a Value, SandboxError> {
    call.body_for("hubId")?;
    let id = call.path("hubId");
    let hub = world.state(Aggregate::Hub, id)?;
    if world.offline_hubs.contains(id) { Err(unreachable()) } else { Ok(hub) }
}

/// The same, if the hub is claimed and not suspended.
fn claimed<'a>(world: &'a World, call: &SandboxCall) -> Result<&'a Value, SandboxError> {
    let hub = online(world, call)?;
    if hub["status"] == "Claimed" { Ok(hub) } else { Err(bad_request("The hub is not claimed")) }
}

fn record(world: &mut World, call: &SandboxCall, kind: &'static str, data: Value) -> Handled {
    let id = call.path("hubId");
    ok(world.record(Aggregate::Hub, id, kind, with(data, json!({ "hubId": id }))))
}

fn claim(world: &mut World, call: &SandboxCall) -> Handled {
    let (hub, body) = (online(world, call)?, call.body());
    if hub["status"] != "Provisioned" {
        return Err(bad_request("The hub is claimed already, or suspended"));
    }
    let data = json!({
        "orgId": body["orgId"].as_str().unwrap_or(SandboxCall::ORGANIZATION), "siteId": call.text("siteId")?,
        "claimedBy": body["userId"], "claimedAt": millis(world.now),
    });
    record(world, call, "HubClaimed", data)
}

fn re_claim(world: &mut World, call: &SandboxCall) -> Handled {
    let hub = claimed(world, call)?;
    let data = json!({
        "previousOrgId": hub["orgId"], "previousSiteId": hub["siteId"], "newOrgId": call.text("newOrgId")?,
        "newSiteId": call.text("newSiteId")?, "reclaimedBy": call.body()["userId"], "reason": call.text("reason")?,
        "reclaimedAt": millis(world.now),
    });
    record(world, call, "HubReClaimed", data)
}

fn set_role(world: &mut World, call: &SandboxCall) -> Handled {
    claimed(world, call)?;
    let body = call.body();
    let data = json!({ "isPrimary": body["isPrimary"], "setBy": body["userId"], "setAt": millis(world.now) });
    record(world, call, "HubRoleSet", data)
}

fn suspend(world: &mut World, call: &SandboxCall) -> Handled {
    let hub = online(world, call)?;
    if hub["status"] == "Suspended" {
        return Err(bad_request("The hub is suspended already"));
    }
    let data = json!({
        "reason": call.text("reason")?, "suspendedBy": call.body()["userId"],
        "suspendedAt": millis(world.now),
    });
    record(world, call, "HubSuspended", data)
}

/// The hub reports the result of a command later, by its shadow, which the sandbox does not have.
fn send_command(world: &mut World, call: &SandboxCall) -> Handled {
    call.text("command")?;
    online(world, call)?;
    ok(world.unchanged(Aggregate::Hub, call.path("hubId")))
}

fn commission(world: &mut World, call: &SandboxCall) -> Handled {
    let code = call.text("commissioningCode")?;
    let is_manual = [11, 21].contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    if !is_manual && code.strip_prefix("MT:").is_none_or(str::is_empty) {
        return Err(bad_request("commissioningCode must have 11 or 21 digits, or begin with MT:"));
    }
    online(world, call)?;
    ok(world.unchanged(Aggregate::Hub, call.path("hubId")))
}

fn status(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.path("hubId");
    let hub = world.state(Aggregate::Hub, id)?;
    let shown = [
        "hubId",
        "serial",
        "model",
        "thingName",
        "status",
        "orgId",
        "siteId",
        "isPrimary",
        "provisionedAt",
        "claimedAt",
    ];
    ok(with(pick(hub, &shown), json!({ "online": !world.offline_hubs.contains(id) })))
}
