use serde_json::{Value, json};

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{bad_request, not_found};
use crate::mock::sandbox::values::{find, items, millis, pick, with};
use crate::mock::sandbox::world::World;

/// How many keys a list has at most.
const MOST_KEYS: usize = 100;
/// How many characters a note has at most.
const LONGEST_NOTE: usize = 500;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("add_physical_key", add),
    ("remove_physical_key", remove),
    ("get_physical_key", get),
    ("search_physical_keys", search),
];

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, body) = (call.user()?, call.body());
    call.text("orgId")?;
    if body["note"].as_str().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(bad_request("note has more than 500 characters"));
    }
    let user = world.state(Aggregate::User, &id)?;
    let number = user["lastKeyNumber"].as_i64().unwrap_or_default() + 1;
    let added = json!({ "number": number, "addedAt": millis(world.now) });
    let key = with(pick(body, &["orgId", "orgName", "note"]), added);
    let result = world.record(Aggregate::User, &id, "PhysicalKeyAdded", with(key.clone(), json!({ "userId": id })));
    ok(with(result, key))
}

fn remove(world: &mut World, call: &SandboxCall) -> Handled {
    let (id, number) = (call.user()?, &call.body()["number"]);
    let user = world.state(Aggregate::User, &id)?;
    find(&user["physicalKeys"], "number", number).ok_or_else(|| not_found("Physical key"))?;
    let data = json!({ "userId": id, "number": number, "removedAt": millis(world.now) });
    ok(with(world.record(Aggregate::User, &id, "PhysicalKeyRemoved", data), json!({ "number": number })))
}

fn get(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.state(Aggregate::User, &call.user()?)?;
    let number = call.path("keyNumber").parse::<i64>().map_err(|_| bad_request("keyNumber must be a whole number"))?;
    let key = find(&user["physicalKeys"], "number", &number.into());
    ok(shown(key.ok_or_else(|| not_found("Physical key"))?))
}

fn search(world: &mut World, call: &SandboxCall) -> Handled {
    let user = world.state(Aggregate::User, &call.user()?)?;
    let is = |key: &Value, field: &str| call.query(field).is_none_or(|wanted| key[field] == wanted);
    let note = call.query("q").map(str::to_lowercase);
    let has = |key: &Value| {
        let text = key["note"].as_str().unwrap_or_default().to_lowercase();
        note.as_ref().is_none_or(|note| text.contains(note))
    };
    let keys = items(&user["physicalKeys"]).iter();
    let keys: Vec<_> = keys.filter(|key| is(key, "orgId") && is(key, "orgName") && has(key)).map(shown).collect();
    ok(json!({ "total": keys.len(), "keys": &keys[..keys.len().min(MOST_KEYS)] }))
}

/// A key as responses have it.
pub(super) fn shown(key: &Value) -> Value {
    pick(key, &["number", "orgId", "orgName", "note", "addedAt"])
}
