//! The five reference operations, as the vendor's pages document them: the request byte for byte, every answer read.

#![allow(clippy::approx_constant, reason = "the pages have 3.14 as their example of a number")]

use serde_json::{Value, json};
use spkey::types::{AccessLevel, DeviceType};
use spkey::{Client, ErrorKind, Outcome, UserId};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const BAD_REQUEST: &str = r#"{
"error": "Bad Request",
"message": "The request contains invalid parameters or malformed data",
"code": 400,
"details": [{"field": "email", "message": "Invalid email format"}]
}"#;
const UNAUTHORIZED: &str = r#"{
"error": "Unauthorized",
"message": "Authentication required. Please provide a valid API token",
"code": 401
}"#;
const NOT_FOUND: &str = r#"{"error": "Not Found", "message": "The requested resource was not found", "code": 404}"#;

/// A server that gives one answer, and a client of it with the credentials of the pages.
async fn page(status: u16, body: &str) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(status).set_body_raw(body, "application/json");
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let builder = Client::builder().base_url(server.uri()).bearer_token("YOUR_API_TOKEN").api_key("YOUR_API_KEY");
    let client = builder.admin("YOUR_ADMIN_KEY").build().unwrap();
    (server, client)
}

async fn only_request(server: &MockServer) -> Request {
    let mut requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

/// Checks the request line, the headers of the page, and the body to the byte.
fn assert_on_the_wire(request: &Request, target: &str, body: Option<&str>) {
    assert_eq!(request.method, "POST");
    let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    assert_eq!(format!("{}{query}", request.url.path()), target);
    assert_eq!(request.headers["authorization"], "Bearer YOUR_API_TOKEN");
    assert_eq!(request.headers["x-api-key"], "YOUR_API_KEY");
    assert_eq!(request.headers.get("api-version"), None);
    assert_eq!(std::str::from_utf8(&request.body).unwrap(), body.unwrap_or_default());
    if body.is_some() {
        assert_eq!(request.headers["content-type"], "application/json");
    }
}

/// The id of the pages' example, which is no UUID.
fn example_user() -> UserId {
    UserId::unchecked("example_string")
}

/// The body of the page as the typed request: what is read from it must be what is sent.
fn typed<T: serde::de::DeserializeOwned>(documented: &str) -> T {
    serde_json::from_str(documented).unwrap()
}

const ADD_DEVICE: &str = r#"{"deviceId":"example_string","deviceType":"matter","orgId":"example_string","name":"John Doe","addedBy":"example_string"}"#;
const ADD_RESIDENT: &str = r#"{"email":"user@example.com","name":"John Doe"}"#;
const ADD_ACCESSIBLE_LOCK: &str = r#"{"lockId":"example_string","lockName":"John Doe","accessLevel":"OWNER","validFrom":"example_string","validUntil":"example_string","grantedBy":"example_string"}"#;
const SET_ORGANIZATION: &str = r#"{"orgId":"example_string"}"#;
const COMMAND_RESULT: &str = r#"{"success": true, "aggregateId": "example_string", "version": 3.14, "event": "null"}"#;

#[tokio::test]
async fn add_device() {
    let (server, client) = page(200, COMMAND_RESULT).await;
    let call = client.add_device().user_id(example_user());
    let answer = call.body(typed::<spkey::types::AddDeviceRequest>(ADD_DEVICE)).send().await.unwrap();
    assert_on_the_wire(&only_request(&server).await, "/users/example_string/AddDevice", Some(ADD_DEVICE));
    assert_eq!(answer.success, Some(true));
    assert_eq!(answer.aggregate_id.as_deref(), Some("example_string"));
    assert_eq!(answer.version, Some(3.14));
    assert_eq!(answer.event.as_deref(), Some(&json!("null")));
}

#[tokio::test]
async fn add_device_by_its_builder_sends_the_same() {
    let (server, client) = page(200, COMMAND_RESULT).await;
    let call = client.add_device().user_id(example_user()).body_map(|device| {
        let device = device.device_id("example_string").device_type(DeviceType::Matter).org_id("example_string");
        device.name("John Doe").added_by("example_string")
    });
    call.send().await.unwrap();
    assert_on_the_wire(&only_request(&server).await, "/users/example_string/AddDevice", Some(ADD_DEVICE));
}

#[tokio::test]
async fn add_resident() {
    let documented = r#"{"success": true, "aggregateId": "example_string", "version": 3.14, "event": "null", "email": "user@example.com"}"#;
    let (server, client) = page(200, documented).await;
    let call = client.add_resident().lock_id(123);
    let answer = call.body_map(|resident| resident.email("user@example.com").name("John Doe")).send().await.unwrap();
    assert_on_the_wire(&only_request(&server).await, "/locks/123/AddResident", Some(ADD_RESIDENT));
    assert_eq!(answer.email.as_deref(), Some("user@example.com"));
}

#[tokio::test]
async fn add_accessible_lock() {
    let documented = r#"{"success": true, "aggregateId": "example_string", "version": 3.14, "event": "null", "lockId": "example_string", "accessLevel": "OWNER"}"#;
    let (server, client) = page(200, documented).await;
    let call = client.add_accessible_lock().user_id(example_user());
    let body = typed::<spkey::types::AddAccessibleLockRequest>(ADD_ACCESSIBLE_LOCK);
    assert_eq!(body.access_level, AccessLevel::Owner);
    let answer = call.body(body).send().await.unwrap();
    let target = "/users/example_string/AddAccessibleLock";
    assert_on_the_wire(&only_request(&server).await, target, Some(ADD_ACCESSIBLE_LOCK));
    assert_eq!(answer.access_level, Some(AccessLevel::Owner));
    assert_eq!(answer.lock_id.as_ref().map(spkey::LockId::as_str), Some("example_string"));
}

#[tokio::test]
async fn set_organization() {
    let (server, client) = page(200, COMMAND_RESULT).await;
    client.set_organization().lock_id(123).body_map(|body| body.org_id("example_string")).send().await.unwrap();
    assert_on_the_wire(&only_request(&server).await, "/locks/123/SetOrganization", Some(SET_ORGANIZATION));
}

#[tokio::test]
async fn backfill_threedeye() {
    let documented =
        r#"{"success": true, "total": 3.14, "created": 3.14, "failed": 3.14, "errors": ["example_string"]}"#;
    let (server, client) = page(200, documented).await;
    let answer = client.backfill_threedeye().limit(50).send().await.unwrap();
    let request = only_request(&server).await;
    assert_on_the_wire(&request, "/admin/backfill-threedeye?limit=50", None);
    assert_eq!(request.headers["x-admin-api-key"], "YOUR_ADMIN_KEY");
    assert_eq!((answer.total, answer.created, answer.failed), (Some(3.14), Some(3.14), Some(3.14)));
    assert_eq!(answer.errors, ["example_string"]);
}

#[tokio::test]
async fn the_helper_of_add_resident_finds_a_user() {
    let documented = r#"{"uuid": "550e8400-e29b-41d4-a716-446655440000", "email": "user@example.com", "created_at": "2024-01-15T10:30:00.000Z"}"#;
    let (server, client) = page(200, documented).await;
    let user = client.get_user_by_email().email("user@example.com").search_only(true).send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.method, "GET");
    assert_eq!(request.url.path(), "/users/by-email");
    assert_eq!(request.url.query(), Some("email=user%40example.com&searchOnly=true"));
    assert_eq!(user.uuid.as_str(), "550e8400-e29b-41d4-a716-446655440000");
}

#[tokio::test]
async fn every_documented_error() {
    for (status, body, kind_of_error) in
        [(400, BAD_REQUEST, "Bad Request"), (401, UNAUTHORIZED, "Unauthorized"), (404, NOT_FOUND, "Not Found")]
    {
        let (server, client) = page(status, body).await;
        let call = client.set_organization().lock_id(123).body_map(|body| body.org_id("example_string"));
        let error = call.send().await.unwrap_err();
        assert_eq!(server.received_requests().await.unwrap().len(), 1, "an answer is not asked for again");

        let documented: Value = serde_json::from_str(body).unwrap();
        let api = error.api().unwrap();
        assert_eq!(api.error.as_deref(), Some(kind_of_error));
        assert_eq!(api.message.as_deref(), documented["message"].as_str());
        assert_eq!(api.code.as_deref(), Some(status.to_string().as_str()));
        assert_eq!(api.details.len(), documented["details"].as_array().map_or(0, Vec::len));
        if let Some(detail) = api.details.first() {
            assert_eq!(detail.field.as_deref(), Some("email"));
            assert_eq!(detail.message.as_deref(), Some("Invalid email format"));
        }
        assert_eq!(
            (error.status(), error.kind(), error.outcome()),
            (Some(status), ErrorKind::Api, Outcome::NotApplied)
        );
        assert_eq!(error.operation(), Some("set_organization"));
        assert!(error.to_string().contains(documented["message"].as_str().unwrap()), "{error}");
    }
}
