use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, created, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, conflict, not_found};
use crate::mock::sandbox::values::{new_uuid, pick, with, written};
use crate::mock::sandbox::world::World;
use crate::value::user_id::UserId;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("get_user_by_email", by_email),
    ("get_user_by_phone", by_phone),
    ("create_user", create),
    ("create_user_webhook", webhook),
    ("update_user_email", update_email),
    ("update_user_phone", update_phone),
    ("get_user_phone", phone),
    ("get_user_profile", profile),
];

fn by_email(world: &mut World, call: &SandboxCall) -> Handled {
    let email = checked_email(call.query("email").unwrap_or_default())?;
    let user = find_or_create(world, call, ("email", email), json!({ "email": email }))?;
    ok(with(found(&user), pick(&user, &["email"])))
}

fn by_phone(world: &mut World, call: &SandboxCall) -> Handled {
    let phone = checked_phone(call.query("phoneNumber").unwrap_or_default())?;
    let email = call.query("email").map(checked_email).transpose()?;
    let contact = json!({ "phoneNumber": phone, "email": email });
    let user = find_or_create(world, call, ("phoneNumber", &phone), contact)?;
    ok(with(found(&user), pick(&user, &["email", "phoneNumber"])))
}

fn found(user: &Value) -> Value {
    json!({ "uuid": user["userId"], "created_at": user["createdAt"] })
}

/// The user for whom a field has that value. A user who was not found is created, unless the call only looks.
fn find_or_create(
    world: &mut World,
    call: &SandboxCall,
    (field, value): (&str, &str),
    kept: Value,
) -> Result<Value, SandboxError> {
    if let Some(user) = world.user_with(field, value) {
        return Ok(user.clone());
    }
    if call.query("searchOnly") == Some("true") {
        return Err(not_found("User"));
    }
    let id = call.query_id("uuid")?.map_or_else(new_uuid, |id: UserId| id.to_string());
    if world.state(Aggregate::User, &id).is_ok() {
        return Err(conflict("The requested UUID is taken"));
    }
    create_with(world, &id, kept);
    world.state(Aggregate::User, &id).cloned()
}

fn create_with(world: &mut World, id: &str, kept: Value) -> Value {
    world.record_with(Aggregate::User, id, "UserCreated", json!({ "userId": id, "status": "ACTIVE" }), kept)
}

fn create(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, body) = (call.user()?, call.body());
    if body["userId"] != id {
        return Err(bad_request("userId in the body is not the one in the path"));
    }
    body["email"].as_str().map(checked_email).transpose()?;
    body["phoneNumber"].as_str().map(checked_phone).transpose()?;
    if world.state(Aggregate::User, &id).is_ok() {
        return ok(with(world.unchanged(Aggregate::User, &id), json!({ "userId": id })));
    }
    let result = create_with(world, &id, pick(body, &["email", "firstName", "lastName"]));
    created(with(result, json!({ "userId": id })))
}

fn webhook(world: &mut World, call: &SandboxCall) -> Handled {
    let name = call.body().pointer("/detail/data/user_name").and_then(Value::as_str);
    let email = checked_email(name.unwrap_or_default())?;
    let found = world.user_with("email", email).map(|user| user["userId"].clone());
    let id = found.unwrap_or_else(|| {
        let id = new_uuid();
        create_with(world, &id, json!({ "email": email }));
        id.into()
    });
    ok(json!({ "success": true, "userId": id, "email": email }))
}

fn update_email(world: &mut World, call: &SandboxCall) -> Handled {
    let email = checked_email(call.text("email")?)?;
    let id = call.user()?;
    let user = world.state(Aggregate::User, &id)?;
    if user["email"].is_string() || world.user_with("email", email).is_some() {
        return Err(conflict("The user has an e-mail address, or another user has this one"));
    }
    let masked = email.split_once('@').map(|(name, host)| {
        let initial: String = name.chars().take(1).collect();
        format!("{initial}***@{host}")
    });
    let data = json!({ "userId": id, "action": "set", "maskedEmail": masked, "timestamp": written(world.now) });
    ok(world.record_with(Aggregate::User, &id, "UserEmailUpdated", data, json!({ "email": email })))
}

fn update_phone(world: &mut World, call: &SandboxCall) -> Handled {
    let phone = call.body()["phoneNumber"].as_str().map(checked_phone).transpose()?;
    let id = call.user()?;
    world.state(Aggregate::User, &id)?;
    let masked = phone.as_ref().map(|phone| format!("***{}", &phone[phone.len() - 4..]));
    let action = if phone.is_some() { "set" } else { "removed" };
    let data = json!({ "userId": id, "action": action, "maskedPhoneNumber": masked, "timestamp": written(world.now) });
    ok(world.record_with(Aggregate::User, &id, "UserPhoneNumberUpdated", data, json!({ "phoneNumber": phone })))
}

fn phone(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.state(Aggregate::User, &call.user()?)?;
    ok(pick(user, &["userId", "phoneNumber"]))
}

fn profile(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.state(Aggregate::User, &call.user()?)?;
    ok(pick(user, &["userId", "email", "firstName", "lastName", "phoneNumber", "status"]))
}

fn checked_email(email: &str) -> Result<&str, SandboxError> {
    let parts = email.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty());
    parts.map(|_| email).ok_or_else(|| bad_request("Invalid email format"))
}

/// A number in international form, without the spaces.
pub(super) fn checked_phone(phone: &str) -> Result<String, SandboxError> {
    let phone: String = phone.chars().filter(|c| *c != ' ').collect();
    let digits = phone.strip_prefix('+').or_else(|| phone.strip_prefix("00")).unwrap_or_default();
    if (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(format!("+{digits}"));
    }
    Err(bad_request("The phone number is not in international form"))
}
