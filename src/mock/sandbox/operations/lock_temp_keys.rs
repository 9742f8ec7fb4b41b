use serde_json::{Value, json};

use crate::mock::sandbox::guest_key::{self, checked_times};
use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request, not_found};
use crate::mock::sandbox::values::{find, items, pick, with, written};
use crate::mock::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("create_lock_temp_key", create),
    ("update_lock_temp_key", update),
    ("delete_lock_temp_key", delete),
    ("use_lock_temp_key", record_use),
    ("list_lock_temp_keys", list),
];

fn create(world: &mut World, call: &SandboxCall) -> Handled {
    let (uuid, body) = (call.text("tempKeyUuid")?, call.body());
    let id = call.lock()?;
    world.lock(id)?;
    if guest_key::find(world, uuid).is_ok() {
        return Err(bad_request("tempKeyUuid is taken"));
    }
    let (from, until) = checked_times(&body["validFrom"], &body["validUntil"])?;
    check_uses(body)?;
    let allowed = items(&body["allowedUserIds"]);
    let data = json!({
        "tempKeyUuid": uuid, "accessMode": body["accessMode"], "allowedUserIds": allowed,
        "validFrom": written(from), "validUntil": written(until), "maxUses": body["maxUses"],
        "createdBy": call.actor(),
    });
    let result = world.record_lock_with(id, "TempKeyCreated", data, pick(body, &["description"]));
    ok(with(result, json!({ "tempKeyUuid": uuid })))
}

fn check_uses(body: &Value) -> Result<(), SandboxError> {
    if body["maxUses"].as_i64().is_some_and(|uses| uses < 1) {
        return Err(bad_request("maxUses must be positive"));
    }
    Ok(())
}

/// The key of the lock that a call names, if there is one.
fn key<'a>(world: &'a World, call: &SandboxCall) -> Result<Option<&'a Value>, SandboxError> {
    let lock = world.lock(call.lock()?)?;
    Ok(find(&lock["tempKeys"], "uuid", &call.body()["tempKeyUuid"]))
}

fn update(world: &mut World, call: &SandboxCall) -> Handled {
    let body = call.body();
    check_uses(body)?;
    let key = key(world, call)?.ok_or_else(|| not_found("Temporary key"))?;
    let known = ["validFrom", "validUntil", "maxUses", "allowedUserIds", "accessMode"];
    let updated = with(key.clone(), pick(body, &known));
    let (from, until) = checked_times(&updated["validFrom"], &updated["validUntil"])?;
    // What is missing stays. Null removes the limit, and is a change too.
    let mut changes = serde_json::Map::new();
    for name in known {
        if let Some(value) = body.get(name) {
            let value = match name {
                "validFrom" => written(from).into(),
                "validUntil" => written(until).into(),
                _ => value.clone(),
            };
            changes.insert(name.to_owned(), value);
        }
    }
    let data = json!({ "tempKeyUuid": key["uuid"], "changes": changes, "updatedBy": call.actor() });
    ok(world.record_lock(call.lock()?, "TempKeyUpdated", data))
}

fn delete(world: &mut World, call: &SandboxCall) -> Handled {
    let key = key(world, call)?.ok_or_else(|| not_found("Temporary key"))?;
    let data = json!({ "tempKeyUuid": key["uuid"], "deletedBy": call.actor() });
    ok(world.record_lock(call.lock()?, "TempKeyDeleted", data))
}

fn record_use(world: &mut World, call: &SandboxCall) -> Handled {
    let key = key(world, call)?.ok_or_else(|| bad_request("The lock has no such temporary key"))?;
    let used = key["usedCount"].as_i64().unwrap_or_default() + 1;
    let data = json!({ "tempKeyUuid": key["uuid"], "userId": call.body()["userId"], "usedCount": used });
    ok(world.record_lock(call.lock()?, "TempKeyUsed", data))
}

fn list(world: &mut World, call: &SandboxCall) -> Handled {
    let lock = world.lock(call.lock()?)?;
    let shown = |key: &Value| {
        let fields = [
            "uuid",
            "accessMode",
            "allowedUserIds",
            "validFrom",
            "validUntil",
            "maxUses",
            "usedCount",
            "createdAt",
            "createdBy",
        ];
        let status = guest_key::status(key, world.now);
        let more = json!({ "lockId": lock["lockId"], "lockUuid": lock["uuid"], "status": status });
        with(pick(key, &fields), more)
    };
    let keys: Value = items(&lock["tempKeys"]).iter().map(shown).collect();
    ok(json!({ "tempKeys": keys }))
}
