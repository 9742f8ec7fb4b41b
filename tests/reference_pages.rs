//! The five reference operations, as the vendor's pages document them: the request byte for byte, every response read.

#![allow(clippy::approx_constant, reason = "the pages have 3.14 as their example of a number")]

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use spkey::mock::wiremock::matchers::any;
use spkey::mock::wiremock::{Mock, MockServer, Request, ResponseTemplate};
use spkey::types::{
    AccessLevel, AddAccessibleLockRequest, AddDeviceRequest, AddResidentRequest, DeviceType, SetOrganizationRequest,
};
use spkey::{Client, ErrorKind, LockId, Outcome};

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

/// A server that sends one response, and a client of it with the credentials of the pages.
async fn page(status: u16, body: &str) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let response = ResponseTemplate::new(status).set_body_raw(body, "application/json");
    Mock::given(any()).respond_with(response).mount(&server).await;
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

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";

/// The body of a page with ids that exist: the pages have `example_string` for every id, which this crate rejects where it
/// enters. Every other byte stays.
fn with_ids(page: &str, ids: &[(&str, &str)]) -> String {
    ids.iter().fold(page.to_owned(), |body, (field, id)| {
        let example = format!(r#""{field}":"example_string""#);
        assert_eq!(body.matches(&example).count(), 1, "{field} of {page}");
        body.replace(&example, &format!(r#""{field}":"{id}""#))
    })
}

const FROM: &str = "2026-11-27T12:00:00Z";
const UNTIL: &str = "2026-12-27T12:00:00Z";

/// Checks that what the type reads from a body is what it writes.
fn assert_reads_and_writes<T: DeserializeOwned + Serialize>(body: &str) {
    let typed: T = serde_json::from_str(body).unwrap();
    assert_eq!(serde_json::to_string(&typed).unwrap(), body);
}

const ADD_DEVICE: &str = r#"{"deviceId":"example_string","deviceType":"matter","orgId":"example_string","name":"John Doe","addedBy":"example_string"}"#;
const ADD_RESIDENT: &str = r#"{"email":"user@example.com","name":"John Doe"}"#;
const ADD_ACCESSIBLE_LOCK: &str = r#"{"lockId":"example_string","lockName":"John Doe","accessLevel":"OWNER","validFrom":"example_string","validUntil":"example_string","grantedBy":"example_string"}"#;
const SET_ORGANIZATION: &str = r#"{"orgId":"example_string"}"#;
const COMMAND_RESULT: &str = r#"{"success": true, "aggregateId": "example_string", "version": 3.14, "event": "null"}"#;

#[tokio::test]
async fn add_device() {
    let (server, client) = page(200, COMMAND_RESULT).await;
    let call = client.add_device(USER).device_id("example_string").device_type(DeviceType::Matter);
    let call = call.org_id("example_string").name("John Doe").added_by("example_string");
    let result = call.send().await.unwrap();
    assert_on_the_wire(&only_request(&server).await, &format!("/users/{USER}/AddDevice"), Some(ADD_DEVICE));
    assert_reads_and_writes::<AddDeviceRequest>(ADD_DEVICE);
    assert_eq!(result.success, Some(true));
    assert_eq!(result.aggregate_id.as_deref(), Some("example_string"));
    assert_eq!(result.version, Some("3.14".parse().unwrap()));
    assert_eq!(result.event.as_deref(), Some(&json!("null")));
}

#[tokio::test]
async fn add_resident() {
    let documented = r#"{"success": true, "aggregateId": "example_string", "version": 3.14, "event": "null", "email": "user@example.com"}"#;
    let (server, client) = page(200, documented).await;
    let result = client.add_resident(123).email("user@example.com").name("John Doe").send().await.unwrap();
    assert_on_the_wire(&only_request(&server).await, "/locks/123/AddResident", Some(ADD_RESIDENT));
    assert_reads_and_writes::<AddResidentRequest>(ADD_RESIDENT);
    assert_eq!((result.success, result.version), (Some(true), Some("3.14".parse().unwrap())));
    assert_eq!(result.aggregate_id.as_deref(), Some("example_string"));
    assert_eq!(result.event.as_deref(), Some(&json!("null")));
    assert_eq!(result.email.as_deref(), Some("user@example.com"));
}

#[tokio::test]
async fn add_accessible_lock() {
    let documented = r#"{"success": true, "aggregateId": "example_string", "version": 3.14, "event": "null", "lockId": "example_string", "accessLevel": "OWNER"}"#;
    let (server, client) = page(200, documented).await;
    let call = client.add_accessible_lock(USER).lock_id("123").lock_name("John Doe").access_level(AccessLevel::Owner);
    let call = call.valid_from(FROM).valid_until(UNTIL).granted_by(USER);
    let result = call.send().await.unwrap();
    let body = with_ids(
        ADD_ACCESSIBLE_LOCK,
        &[("lockId", "123"), ("validFrom", FROM), ("validUntil", UNTIL), ("grantedBy", USER)],
    );
    assert_on_the_wire(&only_request(&server).await, &format!("/users/{USER}/AddAccessibleLock"), Some(&body));
    assert_reads_and_writes::<AddAccessibleLockRequest>(&body);
    assert_eq!((result.success, result.version), (Some(true), Some("3.14".parse().unwrap())));
    assert_eq!(result.aggregate_id.as_deref(), Some("example_string"));
    assert_eq!(result.event.as_deref(), Some(&json!("null")));
    assert_eq!(result.access_level, Some(AccessLevel::Owner));
    assert_eq!(result.lock_id, None, "an optional id that is no id counts as missing");
    assert_eq!(result.ignored(), ["lockId"]);
}

#[tokio::test]
async fn add_accessible_lock_with_a_lock_id_in_the_response() {
    let (_server, client) = page(200, r#"{"lockId": "123"}"#).await;
    let call = client.add_accessible_lock(USER).lock_id(123).lock_name("John Doe").access_level(AccessLevel::Owner);
    let result = call.granted_by(USER).send().await.unwrap();
    assert_eq!(result.lock_id, Some(LockId::try_from(123).unwrap()));
}

#[tokio::test]
async fn set_organization() {
    let (server, client) = page(200, COMMAND_RESULT).await;
    let result = client.set_organization(123).org_id("example_string").send().await.unwrap();
    assert_on_the_wire(&only_request(&server).await, "/locks/123/SetOrganization", Some(SET_ORGANIZATION));
    assert_reads_and_writes::<SetOrganizationRequest>(SET_ORGANIZATION);
    assert_eq!((result.success, result.version), (Some(true), Some("3.14".parse().unwrap())));
    assert_eq!(result.aggregate_id.as_deref(), Some("example_string"));
    assert_eq!(result.event.as_deref(), Some(&json!("null")));
}

#[tokio::test]
async fn backfill_threedeye() {
    let documented =
        r#"{"success": true, "total": 3.14, "created": 3.14, "failed": 3.14, "errors": ["example_string"]}"#;
    let (server, client) = page(200, documented).await;
    let result = client.backfill_threedeye().limit(50).send().await.unwrap();
    let request = only_request(&server).await;
    assert_on_the_wire(&request, "/admin/backfill-threedeye?limit=50", None);
    assert_eq!(request.headers["x-admin-api-key"], "YOUR_ADMIN_KEY");
    assert_eq!((result.total, result.created, result.failed), (None, None, None), "users come whole");
    assert_eq!(result.ignored(), ["total", "created", "failed"]);
    assert_eq!((result.success, &result.errors[..]), (Some(true), &["example_string".to_owned()][..]));
}

#[tokio::test]
async fn get_user_by_email_which_add_resident_refers_to() {
    let documented = r#"{"uuid": "550e8400-e29b-41d4-a716-446655440000", "email": "user@example.com", "created_at": "2024-01-15T10:30:00.000Z"}"#;
    let (server, client) = page(200, documented).await;
    let user = client.get_user_by_email().email("user@example.com").search_only(true).send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.method, "GET");
    assert_eq!(request.url.path(), "/users/by-email");
    assert_eq!(request.url.query(), Some("email=user%40example.com&searchOnly=true"));
    assert_eq!(user.uuid, USER);
    assert_eq!(user.email.as_deref(), Some("user@example.com"));
    assert_eq!(user.created_at.as_ref().map(spkey::DateTime::as_str), Some("2024-01-15T10:30:00.000Z"));
}

#[tokio::test]
async fn every_documented_error_is_read() {
    for (status, body, kind_of_error) in
        [(400, BAD_REQUEST, "Bad Request"), (401, UNAUTHORIZED, "Unauthorized"), (404, NOT_FOUND, "Not Found")]
    {
        let (server, client) = page(status, body).await;
        let error = client.set_organization(123).org_id("example_string").send().await.unwrap_err();
        assert_eq!(server.received_requests().await.unwrap().len(), 1, "a final response is not retried");

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
