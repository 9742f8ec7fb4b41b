use serde_json::{Value, json};

use crate::mock::sandbox::handler::{Handled, Handler, ok};
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::{bad_request, not_found};
use crate::mock::sandbox::values::{find, items, new_uuid};
use crate::mock::sandbox::world::World;
use crate::value::lock_id::LockId;

pub(super) const OPERATIONS: &[(&str, Handler)] =
    &[("add_key", add), ("bulk_add_keys", bulk_add), ("remove_key", remove), ("write_key", write), ("open_lock", open)];

fn add(world: &mut World, call: &SandboxCall) -> Handled {
    call.text("keyUuid")?;
    let id = call.lock()?;
    world.reached(id)?;
    ok(put(world, id, call.body()))
}

/// Puts a key on a lock, in place of the same key if it is there.
fn put(world: &mut World, lock: LockId, key: &Value) -> Value {
    let data = json!({ "keyUuid": key["keyUuid"], "keyIndexNumber": key["keyIndexNumber"], "userId": key["userId"] });
    world.record_lock(lock, "KeyAdded", data)
}

/// The service's workflow takes a second for each key; here they are all there at once.
fn bulk_add(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.lock()?;
    world.lock(id)?;
    if world.reached(id).is_ok() {
        for key in items(&call.body()["keys"]) {
            put(world, id, key);
        }
    }
    ok(json!({ "success": true, "lockId": id.get(), "instanceId": new_uuid() }))
}

fn remove(world: &mut World, call: &SandboxCall) -> Handled {
    let body = call.body();
    let (field, wanted) = match (&body["keyUuid"], &body["keyIndexNumber"]) {
        (Value::Null, Value::Null) => return Err(bad_request("keyUuid or keyIndexNumber is required")),
        (Value::Null, index) => ("indexNumber", index),
        (uuid, _) => ("uuid", uuid),
    };
    let id = call.lock()?;
    let lock = world.reached(id)?;
    let key = find(&lock["keys"], field, wanted).ok_or_else(|| not_found("Key"))?;
    let data = json!({ "keyUuid": key["uuid"], "keyIndexNumber": key["indexNumber"] });
    ok(world.record_lock(id, "KeyRemoved", data))
}

fn write(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.lock()?;
    world.reached(id)?;
    let data = json!({ "keyUuid": call.body()["keyUuid"], "keyIndexNumber": call.body()["keyIndexNumber"] });
    ok(world.record_lock(id, "KeyWriteRequested", data))
}

fn open(world: &mut World, call: &SandboxCall) -> Handled {
    let id = call.lock()?;
    world.reached(id)?;
    let data = json!({ "reason": call.body()["reason"], "requestId": call.body()["requestId"] });
    ok(world.record_lock(id, "LockOpenRequested", data))
}
