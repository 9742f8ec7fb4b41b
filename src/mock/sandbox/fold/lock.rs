use serde_json::{Value, json};

use crate::mock::sandbox::fold::lists::{item, push, remove, set};
use crate::mock::sandbox::recorded_event::RecordedEvent;
use crate::mock::sandbox::values::{pick, with, without_nulls, written};

pub(super) fn fold(state: &mut Value, event: &RecordedEvent) {
    let RecordedEvent { data, kept, at, .. } = event;
    match event.kind {
        "LockCreated" => {
            let kept = pick(data, &["lockId", "uuid", "serialNumber", "ownerId", "keys"]);
            *state = with(json!({ "keys": [], "residents": [], "tempKeys": [] }), kept);
        }
        "OwnerSet" => state["ownerId"] = data["userId"].clone(),
        "OrganizationSet" => state["orgId"] = data["orgId"].clone(),
        "LockUuidChanged" => state["uuid"] = data["newUuid"].clone(),
        "KeyAdded" => {
            remove(state, "keys", "uuid", &data["keyUuid"]);
            let key =
                json!({ "uuid": data["keyUuid"], "indexNumber": data["keyIndexNumber"], "userId": data["userId"] });
            push(state, "keys", without_nulls(key));
        }
        "KeyRemoved" => remove(state, "keys", "uuid", &data["keyUuid"]),
        "ResidentAdded" => push(state, "residents", pick(data, &["userId", "name"])),
        "ResidentRemoved" => remove(state, "residents", "userId", &data["userId"]),
        "TempKeyCreated" => {
            let door = json!({ "lockId": data["lockId"].to_string(), "accessMethod": "key" });
            let more = json!({
                "uuid": data["tempKeyUuid"], "doors": [door], "usedCount": 0, "createdAt": written(*at),
                "description": kept["description"],
            });
            push(state, "tempKeys", with(data.clone(), more));
        }
        "TempKeyUpdated" => {
            if let Some(key) = item(state, "tempKeys", "uuid", &data["tempKeyUuid"]) {
                let known = ["validFrom", "validUntil", "maxUses", "allowedUserIds", "accessMode"];
                set(key, &data["changes"], &known);
            }
        }
        "TempKeyUsed" => {
            if let Some(key) = item(state, "tempKeys", "uuid", &data["tempKeyUuid"]) {
                key["usedCount"] = data["usedCount"].clone();
            }
        }
        "TempKeyDeleted" => remove(state, "tempKeys", "uuid", &data["tempKeyUuid"]),
        _ => {}
    }
}
