//! The service in little: as much of it as the example calls.

use serde_json::json;
use wiremock::matchers::{body_partial_json, header, header_exists, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";

/// Starts it on a free port of this machine. It stops when it is dropped.
pub async fn start() -> MockServer {
    let server = MockServer::start().await;
    let user = json!({ "uuid": USER, "email": "ada@example.com", "created_at": "2026-01-15T10:30:00.000Z" });
    Mock::given(method("GET"))
        .and(path("/users/by-email"))
        .and(query_param("email", "ada@example.com"))
        .and(header_exists("x-api-key"))
        .respond_with(ResponseTemplate::new(200).set_body_json(user))
        .mount(&server)
        .await;
    for (place, body, event) in [
        ("/locks/123/SetOrganization".into(), json!({ "orgId": "org-1" }), "OrganizationSet"),
        (format!("/users/{USER}/AddAccessibleLock"), json!({ "lockId": "123" }), "AccessibleLockAdded"),
        ("/locks/123/AddResident".into(), json!({ "userId": USER }), "ResidentAdded"),
        (format!("/users/{USER}/AddDevice"), json!({ "deviceType": "camera" }), "DeviceAdded"),
    ] {
        let result =
            json!({ "success": true, "aggregateId": USER, "version": 2, "event": { "type": event, "data": {} } });
        Mock::given(method("POST"))
            .and(path(place))
            .and(body_partial_json(body))
            .and(header_exists("authorization"))
            .respond_with(ResponseTemplate::new(200).set_body_json(result))
            .mount(&server)
            .await;
    }
    let created = json!({ "success": true, "total": 3, "created": 3, "failed": 0, "errors": [] });
    Mock::given(method("POST"))
        .and(path("/admin/backfill-threedeye"))
        .and(header("x-admin-api-key", "AMadeUpAdminKey"))
        .respond_with(ResponseTemplate::new(200).set_body_json(created))
        .mount(&server)
        .await;
    server
}
