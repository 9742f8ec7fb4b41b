use serde_json::json;

use crate::mock::sandbox::event_log::EventLog;
use crate::mock::sandbox::handler::{Handled, Handler, created, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, conflict, not_found};
use crate::mock::sandbox::values::{new_uuid, now};
use crate::mock::sandbox::world::{User, World};
use crate::types::{
    CommandResult, CreateUserRequest, CreateUserResponse, CreateUserWebhookRequest, CreateUserWebhookResponse,
    UpdateUserEmailRequest, UpdateUserPhoneRequest, UserByEmail, UserByPhone, UserPhoneNumber, UserProfile, UserStatus,
};
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
    let found = world.user_by(|user| user.email.as_deref() == Some(email)).map(|user| user.id);
    let id = found.map_or_else(|| find_nobody(world, call, |user| user.email = Some(email.to_owned())), Ok)?;
    let user = world.user(id)?;
    ok(UserByEmail { uuid: id, email: user.email.clone(), created_at: Some(user.created_at.clone()) })
}

fn by_phone(world: &mut World, call: &SandboxCall) -> Handled {
    let phone = checked_phone(call.query("phoneNumber").unwrap_or_default())?;
    let email = call.query("email").map(checked_email).transpose()?.map(ToOwned::to_owned);
    let found = world.user_by(|user| user.phone.as_ref() == Some(&phone)).map(|user| user.id);
    let missing = |world: &mut World| {
        find_nobody(world, call, |user| {
            user.phone = Some(phone);
            user.email = email;
        })
    };
    let id = found.map_or_else(|| missing(world), Ok)?;
    let user = world.user(id)?;
    ok(UserByPhone {
        uuid: id,
        email: user.email.clone(),
        phone_number: user.phone.clone(),
        created_at: Some(user.created_at.clone()),
    })
}

/// Creates the user who was not found, unless the call only looks.
fn find_nobody(world: &mut World, call: &SandboxCall, set: impl FnOnce(&mut User)) -> Result<UserId, SandboxError> {
    if call.query("searchOnly") == Some("true") {
        return Err(not_found("User"));
    }
    let id: Option<UserId> = call.query_id("uuid")?;
    if id.is_some_and(|id| world.users.contains_key(&id)) {
        return Err(conflict("The requested UUID is taken"));
    }
    let id = id.unwrap_or_else(|| new_uuid().into());
    set(new_user(world, id));
    Ok(id)
}

fn new_user(world: &mut World, id: UserId) -> &mut User {
    let mut log = EventLog::new(id);
    log.record("UserCreated", json!({ "userId": id, "status": "ACTIVE" }));
    world.users.entry(id).or_insert(User {
        id,
        email: None,
        phone: None,
        first_name: None,
        last_name: None,
        created_at: now(),
        grants: Vec::new(),
        devices: Vec::new(),
        wallet: Vec::new(),
        has_threedeye: false,
        log,
    })
}

fn create(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.user()?;
    let body: CreateUserRequest = call.body()?;
    if body.user_id != id {
        return Err(bad_request("userId in the body is not the one in the path"));
    }
    let email = body.email.as_deref().map(checked_email).transpose()?;
    body.phone_number.as_deref().map(checked_phone).transpose()?;
    let is_new = !world.users.contains_key(&id);
    if is_new {
        let user = new_user(world, id);
        user.email = email.map(ToOwned::to_owned);
        (user.first_name, user.last_name) = (body.first_name, body.last_name);
    }
    let log = &world.user(id)?.log;
    let CommandResult { success, aggregate_id, version, mut event } = log.unchanged();
    if is_new {
        event = log.events.first().map(|recorded| recorded.event.clone().into());
    }
    let response = CreateUserResponse { success, aggregate_id, version, event, user_id: Some(id) };
    if is_new { created(response) } else { ok(response) }
}

fn webhook(world: &mut World, call: &SandboxCall) -> Handled {
    let body: CreateUserWebhookRequest = call.body()?;
    let email = checked_email(&body.detail.data.user_name)?.to_owned();
    let found = world.user_by(|user| user.email.as_ref() == Some(&email)).map(|user| user.id);
    let id = found.unwrap_or_else(|| {
        let id = new_uuid().into();
        new_user(world, id).email = Some(email.clone());
        id
    });
    ok(CreateUserWebhookResponse { success: Some(true), user_id: Some(id), email: Some(email) })
}

fn update_email(world: &mut World, call: &SandboxCall) -> Handled {
    let body: UpdateUserEmailRequest = call.body()?;
    let email = checked_email(&body.email)?;
    let taken = world.user_by(|user| user.email.as_deref() == Some(email)).is_some();
    let user = world.user(call.user()?)?;
    if user.email.is_some() || taken {
        return Err(conflict("The user has an e-mail address, or another user has this one"));
    }
    user.email = Some(email.to_owned());
    let masked = email.split_once('@').map(|(name, host)| {
        let initial: String = name.chars().take(1).collect();
        format!("{initial}***@{host}")
    });
    let data = json!({ "userId": user.id, "action": "set", "maskedEmail": masked, "timestamp": now() });
    ok(user.log.record("UserEmailUpdated", data))
}

fn update_phone(world: &mut World, call: &SandboxCall) -> Handled {
    let body: UpdateUserPhoneRequest = call.body()?;
    let phone = body.phone_number.as_deref().map(checked_phone).transpose()?;
    let user = world.user(call.user()?)?;
    let masked = phone.as_ref().map(|phone| format!("***{}", &phone[phone.len() - 4..]));
    let action = if phone.is_some() { "set" } else { "removed" };
    user.phone = phone;
    let data = json!({ "userId": user.id, "action": action, "maskedPhoneNumber": masked, "timestamp": now() });
    ok(user.log.record("UserPhoneNumberUpdated", data))
}

fn phone(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.user(call.user()?)?;
    ok(UserPhoneNumber { user_id: Some(user.id), phone_number: user.phone.clone() })
}

fn profile(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.user(call.user()?)?;
    ok(UserProfile {
        user_id: Some(user.id),
        email: user.email.clone(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        phone_number: user.phone.clone(),
        status: Some(UserStatus::Active),
    })
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
