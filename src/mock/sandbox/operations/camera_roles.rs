use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, created, ok};
use crate::mock::sandbox::operations::threedeye::create_account;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request};
use crate::mock::sandbox::values::{find, items, millis, pick, with};
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("get_camera_role_details", details),
    ("create_camera_role", create),
    ("delete_camera_role", delete),
    ("assign_camera_role_camera", assign_camera),
    ("remove_camera_role_camera", remove_camera),
    ("assign_camera_role_user", assign_user),
    ("remove_camera_role_user", remove_user),
];

fn details(world: &mut World, call: &SandboxCall) -> Handled {
    let role = world.state(Aggregate::CameraRole, call.path("roleId"))?;
    let fields = [
        "roleId",
        "threeDeyeRoleId",
        "name",
        "description",
        "orgId",
        "status",
        "users",
        "cameras",
        "version",
        "timestamp",
    ];
    ok(pick(role, &fields))
}

fn create(world: &mut World, call: &SandboxCall) -> Handled {
    call.body_for("roleId")?;
    let id = call.text("roleId")?;
    let given = json!({
        "roleId": id, "name": call.text("name")?, "description": call.text("description")?,
        "orgId": call.text("orgId")?,
    });
    if world.state(Aggregate::CameraRole, id).is_ok() {
        return ok(world.unchanged(Aggregate::CameraRole, id));
    }
    let number = world.events.states(Aggregate::CameraRole).count() + 1;
    let more = json!({ "threeDeyeRoleId": number.to_string(), "createdAt": millis(world.now) });
    created(world.record(Aggregate::CameraRole, id, "CameraRoleCreated", with(given, more)))
}

/// The role of a command, if it is not deleted.
fn role<'a>(world: &'a World, call: &SandboxCall) -> Result<&'a Value, SandboxError> {
    let role = world.state(Aggregate::CameraRole, call.path("roleId"))?;
    if role["status"] == "Deleted" { Err(bad_request("The role is deleted")) } else { Ok(role) }
}

fn record(world: &mut World, call: &SandboxCall, kind: &'static str, data: Value) -> Handled {
    let id = call.path("roleId");
    ok(world.record(Aggregate::CameraRole, id, kind, with(data, json!({ "roleId": id }))))
}

fn delete(world: &mut World, call: &SandboxCall) -> Handled {
    role(world, call)?;
    record(world, call, "CameraRoleDeleted", json!({ "deletedAt": millis(world.now) }))
}

fn assign_camera(world: &mut World, call: &SandboxCall) -> Handled {
    let (camera, permissions) = (call.text("cameraId")?, &call.body()["permissions"]);
    if items(permissions).is_empty() {
        return Err(bad_request("permissions is empty"));
    }
    if find(&role(world, call)?["cameras"], "cameraId", &camera.into()).is_some() {
        return Err(bad_request("The camera is in the role already"));
    }
    let data = json!({ "cameraId": camera, "permissions": permissions, "assignedAt": millis(world.now) });
    record(world, call, "CameraRoleCameraAssigned", data)
}

fn remove_camera(world: &mut World, call: &SandboxCall) -> Handled {
    let camera = call.text("cameraId")?;
    if find(&role(world, call)?["cameras"], "cameraId", &camera.into()).is_none() {
        return Err(bad_request("The camera is not in the role"));
    }
    let data = json!({ "cameraId": camera, "removedAt": millis(world.now) });
    record(world, call, "CameraRoleCameraRemoved", data)
}

/// The user gets an account at 3dEye, if there is none.
fn assign_user(world: &mut World, call: &SandboxCall) -> Handled {
    let user = call.text("userId")?;
    let role = role(world, call)?;
    if world.state(Aggregate::User, user).is_err() {
        return Err(bad_request("There is no such user"));
    }
    if find(&role["users"], "userId", &user.into()).is_some() {
        return Err(bad_request("The user has the role already"));
    }
    let account = create_account(world, user);
    let data = json!({
        "userId": user, "threeDeyeUserId": account["threeDeyeUserId"], "assignedAt": millis(world.now),
    });
    record(world, call, "CameraRoleUserAssigned", data)
}

fn remove_user(world: &mut World, call: &SandboxCall) -> Handled {
    let role = role(world, call)?;
    let user = find(&role["users"], "userId", &call.body()["userId"]);
    let user = user.ok_or_else(|| bad_request("The user does not have the role"))?;
    let data = with(user.clone(), json!({ "removedAt": millis(world.now) }));
    record(world, call, "CameraRoleUserRemoved", data)
}
