//! Each command's event: of the type that the contract names, and of the published schema.

use std::fs;

use serde_json::{Value, json};
use spkey::mock::Sandbox;
use spkey::{DomainEvent, Operation, reqwest};

use crate::{LOCK_UUID, STAFF, USER};

const CAMERA: &str = "0a1b2c3d-0000-4000-8000-00000000000c";

/// Sends a command and returns its event.
async fn event(http: &reqwest::Client, uri: &str, id: &str, body: &Value) -> Value {
    let operation = Operation::find(id).unwrap();
    let camera = body["cameraId"].as_str().filter(|_| id.starts_with("register")).unwrap_or(CAMERA);
    let ids = [("{userId}", USER), ("{lockId}", "1"), ("{cameraId}", camera), ("{deviceId}", "d")];
    let path = ids.iter().fold(operation.path.to_owned(), |path, (name, id)| path.replace(name, id));
    let path = path.replace("{hubId}", "h").replace("{roleId}", "r");
    let call = http.request(operation.method.clone(), format!("{uri}{path}")).header("x-api-key", "a");
    let response = call.body(body.to_string()).send().await.unwrap();
    let (status, text) = (response.status().as_u16(), response.text().await.unwrap());
    assert!((200..300).contains(&status), "{id}: {status} {text}");
    let response: Value = serde_json::from_str(&text).unwrap();
    response["event"].clone()
}

/// Commands in an order in which each is accepted, and the type of the event that each records.
fn commands() -> Vec<(&'static str, Value, &'static str)> {
    let grant = json!({ "lockId": "1", "lockName": "Door", "accessLevel": "USER", "grantedBy": STAFF });
    let device = json!({ "deviceId": "lamp", "deviceType": "matter", "orgId": "acme" });
    let temp_key = json!({
        "tempKeyUuid": "k", "accessMode": "public", "maxUses": 3, "validFrom": "2020-01-01T00:00:00Z",
        "validUntil": "2999-01-01T00:00:00Z",
    });
    let key_update = json!({ "tempKeyUuid": "k", "maxUses": null, "validUntil": "2998-01-01T00:00:00+01:00" });
    let camera = json!({
        "cameraId": CAMERA, "name": "Gate", "type": "onvif", "httpUrl": "http://gate", "rtspUrl": "rtsp://gate",
        "orgId": "acme", "ownerId": USER, "login": "admin", "password": "made-up",
    });
    let pnp = json!({
        "cameraId": "pnp", "name": "Gate", "registrationCode": "R-1", "orgId": "acme", "ownerId": USER,
        "login": "admin", "password": "made-up",
    });
    let role = json!({ "roleId": "r", "name": "Guards", "description": "Night", "orgId": "acme" });
    let rtsp =
        json!({ "cameraId": CAMERA, "name": "Gate", "rtspUrl": "rtsp://gate", "username": "u", "ownerId": USER });
    let placement = |generation: u32, status: &str| {
        json!({
            "cameraId": CAMERA, "aggregateVersion": 1, "placementGeneration": generation, "status": status,
            "internalSecret": "s",
        })
    };
    let sensor = |value: u32| json!({ "channel": "smoke", "matterPath": "1/92/0", "value": value });
    let re_claim = json!({ "hubId": "h", "newOrgId": "b", "newSiteId": "s2", "reason": "sold", "userId": STAFF });
    vec![
        ("create_user", json!({ "userId": USER }), "UserCreated"),
        ("update_user_email", json!({ "email": "ada@example.com" }), "UserEmailUpdated"),
        ("update_user_phone", json!({ "phoneNumber": "+491512345678" }), "UserPhoneNumberUpdated"),
        ("update_user_phone", json!({ "phoneNumber": null }), "UserPhoneNumberUpdated"),
        ("add_wallet_key", json!({ "walletType": "APPLE", "keyIndex": 1 }), "WalletKeyPrepared"),
        ("add_license_plate", json!({ "plate": "B XY 1" }), "LicensePlateAdded"),
        ("remove_license_plate", json!({ "plate": "B XY 1" }), "LicensePlateRemoved"),
        ("add_physical_key", json!({ "orgId": "acme", "note": "n" }), "PhysicalKeyAdded"),
        ("remove_physical_key", json!({ "number": 1 }), "PhysicalKeyRemoved"),
        ("add_accessible_lock", grant, "AccessibleLockAdded"),
        (
            "remove_accessible_lock",
            json!({ "lockId": "1", "removedBy": STAFF, "reason": "moved" }),
            "AccessibleLockRemoved",
        ),
        ("add_device", device, "DeviceAdded"),
        ("remove_device", json!({ "deviceId": "lamp", "removedBy": STAFF, "reason": "sold" }), "DeviceRemoved"),
        ("create_lock", json!({ "index": 1, "uuid": LOCK_UUID, "keys": [{ "uuid": "a" }] }), "LockCreated"),
        ("set_owner", json!({ "userId": USER }), "OwnerSet"),
        ("set_organization", json!({ "orgId": "acme" }), "OrganizationSet"),
        ("add_key", json!({ "keyUuid": "b", "keyIndexNumber": 2, "userId": USER }), "KeyAdded"),
        ("write_key", json!({ "keyUuid": "b" }), "KeyWriteRequested"),
        ("remove_key", json!({ "keyUuid": "b" }), "KeyRemoved"),
        ("add_resident", json!({ "name": "Ada", "userId": USER }), "ResidentAdded"),
        ("remove_resident", json!({ "userId": USER }), "ResidentRemoved"),
        ("open_lock", json!({ "reason": "parcel", "requestId": "r" }), "LockOpenRequested"),
        ("change_lock_uuid", json!({ "newUuid": "0a1b2c3d-0000-4000-8000-0000000000fe" }), "LockUuidChanged"),
        ("create_lock_temp_key", temp_key, "TempKeyCreated"),
        ("update_lock_temp_key", key_update, "TempKeyUpdated"),
        ("use_lock_temp_key", json!({ "tempKeyUuid": "k", "userId": USER }), "TempKeyUsed"),
        ("delete_lock_temp_key", json!({ "tempKeyUuid": "k" }), "TempKeyDeleted"),
        ("provision_hub", json!({ "hubId": "h", "serial": "s", "model": "m" }), "HubProvisioned"),
        ("claim_hub", json!({ "hubId": "h", "siteId": "s", "userId": STAFF }), "HubClaimed"),
        ("re_claim_hub", re_claim, "HubReClaimed"),
        ("set_hub_role", json!({ "hubId": "h", "isPrimary": true, "userId": STAFF }), "HubRoleSet"),
        ("suspend_hub", json!({ "hubId": "h", "reason": "repair", "userId": STAFF }), "HubSuspended"),
        ("create_matter_device", json!({ "deviceId": "d", "thingName": "t", "hubId": "h" }), "MatterDeviceCreated"),
        ("set_matter_pin", json!({ "pinCode": "8642" }), "MatterPinSet"),
        ("clear_matter_pin", json!({ "credentialIndex": 1 }), "MatterPinCleared"),
        ("update_matter_desired_shadow", json!({ "desired": { "1/6/0": true } }), "DesiredShadowUpdated"),
        ("update_matter_reported_shadow", json!({ "reported": { "1/6/0": true } }), "ReportedShadowUpdated"),
        ("report_sensor_state", sensor(2), "AlarmTriggered"),
        ("report_sensor_state", sensor(0), "AlarmCleared"),
        ("register_camera", camera, "CameraRegistered"),
        ("register_pnp_camera", pnp, "CameraRegistered"),
        ("update_camera", json!({ "name": "Gate" }), "CameraUpdated"),
        ("link_camera_to_lock", json!({ "lockId": "1" }), "CameraLinkedToLock"),
        ("unlink_camera_from_lock", Value::Null, "CameraUnlinkedFromLock"),
        ("disable_camera", json!({ "reason": "broken", "disabledBy": STAFF }), "CameraDisabled"),
        ("delete_camera", json!({ "deletedBy": STAFF }), "CameraDeleted"),
        ("create_camera_role", role, "CameraRoleCreated"),
        ("assign_camera_role_user", json!({ "userId": USER }), "CameraRoleUserAssigned"),
        ("remove_camera_role_user", json!({ "userId": USER }), "CameraRoleUserRemoved"),
        (
            "assign_camera_role_camera",
            json!({ "cameraId": CAMERA, "permissions": ["View"] }),
            "CameraRoleCameraAssigned",
        ),
        ("remove_camera_role_camera", json!({ "cameraId": CAMERA }), "CameraRoleCameraRemoved"),
        ("delete_camera_role", json!({ "deletedBy": STAFF }), "CameraRoleDeleted"),
        ("register_rtsp_camera", rtsp, "RtspCameraRegistered"),
        ("update_rtsp_camera", json!({ "rtspUrl": "rtsp://gate/2" }), "RtspCameraUpdated"),
        ("grant_rtsp_camera_access", json!({ "userId": STAFF, "role": "viewer" }), "RtspCameraAccessGranted"),
        ("revoke_rtsp_camera_access", json!({ "userId": STAFF }), "RtspCameraAccessRevoked"),
        ("start_rtsp_camera_stream", Value::Null, "RtspCameraStreamStarted"),
        ("stop_rtsp_camera_stream", Value::Null, "RtspCameraStreamStopped"),
        ("apply_rtsp_camera_placement_result", placement(1, "failed"), "RtspCameraPlacementFailed"),
        ("apply_rtsp_camera_placement_result", placement(2, "running"), "RtspCameraPlaced"),
        ("delete_rtsp_camera", json!({}), "RtspCameraDeleted"),
    ]
}

async fn events() -> Vec<Value> {
    let sandbox = Sandbox::start().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut events = Vec::new();
    for (id, body, kind) in commands() {
        let event = event(&http, &sandbox.uri(), id, &body).await;
        assert_eq!(event["type"], kind, "{id}");
        events.push(event);
    }
    events
}

#[tokio::test]
async fn each_command_records_the_event_that_the_contract_names() {
    for event in events().await {
        let read = DomainEvent::read(&event).unwrap();
        assert!(!matches!(read, DomainEvent::Unknown(_)), "{event}");
    }
}

#[test]
fn no_command_is_missing_above() {
    // A workflow, and what is handed over to a hub.
    let without = ["bulk_add_keys", "send_hub_command", "commission_device"];
    let commands = commands();
    let has_event = |operation: &&&Operation| commands.iter().any(|(id, _, _)| *id == operation.id);
    let is_command =
        |operation: &&&Operation| operation.path.rsplit('/').next().unwrap().starts_with(char::is_uppercase);
    for operation in Sandbox::operations().collect::<Vec<_>>().iter().filter(is_command) {
        let is_read = operation.method == reqwest::Method::GET;
        assert!(is_read || has_event(&operation) || without.contains(&operation.id), "{}", operation.id);
    }
}

#[tokio::test]
async fn events_conform_to_the_published_schemas() {
    let events = events().await;
    let Some(schemas) = std::env::var_os("SPKEY_PUBLISHED_EVENTS") else {
        eprintln!(
            "skipped: set SPKEY_PUBLISHED_EVENTS to the file of the published event schemas to compare with them"
        );
        return;
    };
    let text = fs::read_to_string(schemas).unwrap();
    let schemas: Value = serde_json::from_str(&text).unwrap();
    for event in &events {
        let kind = event["type"].as_str().unwrap();
        let schema = &schemas["events"][kind];
        assert!(schema.is_object(), "{kind} is no published event");
        conforms(schema, &event["data"], kind);
    }
}

fn conforms(schema: &Value, value: &Value, place: &str) {
    if let Some(choices) = schema["anyOf"].as_array() {
        let is_null = |choice: &&Value| (choice["type"] == "null") == value.is_null();
        return conforms(choices.iter().find(is_null).unwrap(), value, place);
    }
    if let Some(known) = schema["enum"].as_array() {
        assert!(known.contains(value), "{place}: {value}");
    }
    let fits = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("number" | "integer") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => true,
    };
    assert!(fits, "{place} is {value}, and must be {}", schema["type"]);
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(name.as_str().unwrap()).is_some(), "{place}.{name} is missing in {value}");
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        let property = &schema["properties"][name];
        assert!(property.is_object() || schema["additionalProperties"] != false, "{place}.{name} is not published");
        conforms(property, value, &format!("{place}.{name}"));
    }
    for item in value.as_array().into_iter().flatten() {
        conforms(&schema["items"], item, place);
    }
}
