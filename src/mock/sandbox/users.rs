use serde_json::json;

use super::call::{Call, Outcome, Refusal, bad, conflict, created, not_found, ok};
use super::server::Handler;
use super::world::{History, User, World, is_uuid, new_uuid, now};
use crate::UserId;
use crate::types::{
    CommandResult, CreateUserRequest, CreateUserResponse, CreateUserWebhookRequest, CreateUserWebhookResponse,
    UpdateUserEmailRequest, UpdateUserPhoneRequest, UserByEmail, UserByPhone, UserPhoneNumber, UserProfile, UserStatus,
};

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

fn by_email(world: &mut World, call: &Call) -> Outcome {
    let email = checked_email(call.query("email").unwrap_or_default())?;
    let found = world.user_by(|user| user.email.as_deref() == Some(email)).map(|user| user.id.clone());
    let id = found.map_or_else(|| find_nobody(world, call, |user| user.email = Some(email.to_owned())), Ok)?;
    let user = world.user(&id)?;
    ok(UserByEmail { uuid: user_id(&id), email: user.email.clone(), created_at: Some(user.created_at.clone()) })
}

fn by_phone(world: &mut World, call: &Call) -> Outcome {
    let phone = checked_phone(call.query("phoneNumber").unwrap_or_default())?;
    let email = call.query("email").map(checked_email).transpose()?.map(ToOwned::to_owned);
    let found = world.user_by(|user| user.phone.as_ref() == Some(&phone)).map(|user| user.id.clone());
    let missing = |world: &mut World| {
        find_nobody(world, call, |user| {
            user.phone = Some(phone);
            user.email = email;
        })
    };
    let id = found.map_or_else(|| missing(world), Ok)?;
    let user = world.user(&id)?;
    ok(UserByPhone {
        uuid: user_id(&id),
        email: user.email.clone(),
        phone_number: user.phone.clone(),
        created_at: Some(user.created_at.clone()),
    })
}

/// Creates the user who was not found, unless the call only looks.
fn find_nobody(world: &mut World, call: &Call, set: impl FnOnce(&mut User)) -> Result<String, Refusal> {
    if call.query("searchOnly") == Some("true") {
        return Err(not_found("User"));
    }
    let id = call.query("uuid").map(str::to_lowercase);
    if id.as_ref().is_some_and(|id| world.users.contains_key(id)) {
        return Err(conflict("The requested UUID is taken"));
    }
    let id = id.unwrap_or_else(new_uuid);
    let user = new_user(world, &id);
    set(user);
    Ok(id)
}

fn new_user<'a>(world: &'a mut World, id: &str) -> &'a mut User {
    let mut history = History::new(id);
    history.record("UserCreated", json!({ "userId": id, "status": "ACTIVE" }));
    world.users.entry(id.to_owned()).or_insert(User {
        id: id.to_owned(),
        email: None,
        phone: None,
        first_name: None,
        last_name: None,
        created_at: now(),
        grants: Vec::new(),
        devices: Vec::new(),
        wallet: Vec::new(),
        has_threedeye: false,
        history,
    })
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let id = call.user();
    let body: CreateUserRequest = call.body()?;
    if body.user_id.as_str().to_lowercase() != id {
        return Err(bad("userId in the body is not the one in the path"));
    }
    let email = body.email.as_deref().map(checked_email).transpose()?;
    body.phone_number.as_deref().map(checked_phone).transpose()?;
    let is_new = !world.users.contains_key(&id);
    if is_new {
        let user = new_user(world, &id);
        user.email = email.map(ToOwned::to_owned);
        (user.first_name, user.last_name) = (body.first_name, body.last_name);
    }
    let history = &world.user(&id)?.history;
    let CommandResult { success, aggregate_id, version, mut event } = history.unchanged();
    if is_new {
        event = history.events.first().map(|recorded| recorded.event.clone().into());
    }
    let answer = CreateUserResponse { success, aggregate_id, version, event, user_id: Some(user_id(&id)) };
    if is_new { created(answer) } else { ok(answer) }
}

fn webhook(world: &mut World, call: &Call) -> Outcome {
    let body: CreateUserWebhookRequest = call.body()?;
    let email = checked_email(&body.detail.data.user_name)?.to_owned();
    let found = world.user_by(|user| user.email.as_ref() == Some(&email)).map(|user| user.id.clone());
    let id = found.unwrap_or_else(|| {
        let id = new_uuid();
        new_user(world, &id).email = Some(email.clone());
        id
    });
    ok(CreateUserWebhookResponse { success: Some(true), user_id: Some(user_id(&id)), email: Some(email) })
}

fn update_email(world: &mut World, call: &Call) -> Outcome {
    let body: UpdateUserEmailRequest = call.body()?;
    let email = checked_email(&body.email)?;
    let taken = world.user_by(|user| user.email.as_deref() == Some(email)).is_some();
    let user = world.user(&call.user())?;
    if user.email.is_some() || taken {
        return Err(conflict("The user has an e-mail address, or another user has this one"));
    }
    user.email = Some(email.to_owned());
    let masked = email.split_once('@').map(|(name, host)| {
        let initial: String = name.chars().take(1).collect();
        format!("{initial}***@{host}")
    });
    let data = json!({ "userId": user.id, "action": "set", "maskedEmail": masked, "timestamp": now() });
    ok(user.history.record("UserEmailUpdated", data))
}

fn update_phone(world: &mut World, call: &Call) -> Outcome {
    let body: UpdateUserPhoneRequest = call.body()?;
    let phone = body.phone_number.as_deref().map(checked_phone).transpose()?;
    let user = world.user(&call.user())?;
    let masked = phone.as_ref().map(|phone| format!("***{}", &phone[phone.len() - 4..]));
    let action = if phone.is_some() { "set" } else { "removed" };
    user.phone = phone;
    let data = json!({ "userId": user.id, "action": action, "maskedPhoneNumber": masked, "timestamp": now() });
    ok(user.history.record("UserPhoneNumberUpdated", data))
}

fn phone(world: &mut World, call: &Call) -> Outcome {
    let user = world.user(&call.user())?;
    ok(UserPhoneNumber { user_id: Some(user_id(&user.id)), phone_number: user.phone.clone() })
}

fn profile(world: &mut World, call: &Call) -> Outcome {
    let user = world.user(&call.user())?;
    ok(UserProfile {
        user_id: Some(user_id(&user.id)),
        email: user.email.clone(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        phone_number: user.phone.clone(),
        status: Some(UserStatus::Active),
    })
}

/// The id of a user as answers hold it.
pub(super) fn user_id(id: &str) -> UserId {
    UserId::unchecked(id)
}

/// The id of a user, where it is one: some fields hold other things too.
pub(super) fn user_id_if(id: &str) -> Option<UserId> {
    is_uuid(id).then(|| user_id(id))
}

pub(super) fn checked_email(email: &str) -> Result<&str, Refusal> {
    let parts = email.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty());
    parts.map(|_| email).ok_or_else(|| bad("Invalid email format"))
}

/// A number in international form, without the spaces.
pub(super) fn checked_phone(phone: &str) -> Result<String, Refusal> {
    let phone: String = phone.chars().filter(|c| *c != ' ').collect();
    let digits = phone.strip_prefix('+').or_else(|| phone.strip_prefix("00")).unwrap_or_default();
    if (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(format!("+{digits}"));
    }
    Err(bad("The phone number is not in international form"))
}
