//! Requests to operations that the contract does not have.

use serde_json::{Value, json};
use spkey::mock::wiremock::matchers::{any, header, method, path};
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};
use spkey::reqwest::Method;
use spkey::{Auth, Outcome, RetryClass};

use crate::client;

#[tokio::test]
async fn request_is_sent_with_credentials_query_and_body() {
    let server = MockServer::start().await;
    let response = ResponseTemplate::new(200).set_body_json(json!({ "label": "Cellar" }));
    let expected = Mock::given(method("POST")).and(path("/locks/a%20b/SetLabel"));
    let expected = expected.and(header("authorization", "Bearer t")).and(header("x-api-key", "k"));
    expected.respond_with(response).mount(&server).await;

    let client = client(&server);
    let request = client.request(Method::POST, "/locks/{lockId}/SetLabel").path_param("lockId", "a b");
    let response = request.query("q", "1 2").json(&json!({ "a": 1 })).send::<Value>().await.unwrap();
    assert_eq!((response.status().as_u16(), &response["label"]), (200, &json!("Cellar")));
    let sent = server.received_requests().await.unwrap().remove(0);
    assert_eq!((sent.url.query(), sent.body.as_slice()), (Some("q=1%202"), &br#"{"a":1}"#[..]));
}

#[tokio::test]
async fn request_is_at_most_once_unless_a_class_is_set() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(503)).mount(&server).await;
    let client = client(&server);
    let request = || client.request(Method::POST, "/locks/{lockId}/Unknown").path_param("lockId", 1);
    assert_eq!(request().send::<Value>().await.unwrap_err().attempts(), 1);
    let idempotent = request().retry_class(RetryClass::Idempotent);
    assert_eq!(idempotent.send::<Value>().await.unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn incomplete_request_is_not_sent() {
    let server = MockServer::start().await;
    let client = client(&server);
    let request = || client.request(Method::GET, "/locks/{lockId}").path_param("lockId", 1);
    for (request, fix) in [
        (client.request(Method::GET, "/locks/{lockId}"), "lockId of the path is missing: set it by path_param"),
        (
            client.request(Method::GET, "/locks/{lockId}/{door}").path_param("lockId}/{door", 1),
            "lockId}/{door: the path has no such parameter: remove it",
        ),
        (client.request(Method::GET, "/locks").path_param("lockId", 1), "lockId: the path has no such parameter"),
        (request().path_param("lockId", 2), "lockId: the path has no such parameter: remove it"),
        (
            client.request(Method::GET, "/locks/{lockId}").path_param("lockId", ".."),
            "lockId: it is empty, a dot or two, or holds a slash: pass the id alone",
        ),
        (request().auth(Auth::Admin), "give it to the client builder's `admin`"),
    ] {
        let error = request.send::<Value>().await.unwrap_err();
        assert!(error.to_string().contains(fix), "{error}");
        assert_eq!((error.attempts(), error.outcome()), (0, Outcome::NotApplied));
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}
