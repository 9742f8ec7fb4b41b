use serde_json::{Value, json};

use crate::mock::sandbox::fold::lists::set;
use crate::mock::sandbox::recorded_event::RecordedEvent;
use crate::mock::sandbox::values::with;

pub(super) fn fold(state: &mut Value, event: &RecordedEvent) {
    let data = &event.data;
    match event.kind {
        "HubProvisioned" => *state = with(data.clone(), json!({ "status": "Provisioned", "isPrimary": false })),
        "HubClaimed" => {
            set(state, data, &["orgId", "siteId", "claimedAt"]);
            state["status"] = "Claimed".into();
        }
        "HubReClaimed" => {
            state["orgId"] = data["newOrgId"].clone();
            state["siteId"] = data["newSiteId"].clone();
            state["claimedAt"] = data["reclaimedAt"].clone();
        }
        "HubRoleSet" => set(state, data, &["isPrimary"]),
        "HubSuspended" => state["status"] = "Suspended".into(),
        _ => {}
    }
}
