//! How a call behaves by default: what it sends, what it rejects before anything is sent, and what it makes of each response.

mod custom_request;
mod inputs;
mod paths;
mod responses;
mod retries;
mod settings;
mod tokens;

use std::time::Duration;

use serde_json::{Value, json};
use spkey::mock::wiremock::matchers::any;
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};
use spkey::{Client, Error, ErrorKind, Outcome, RetryClass, RetryPolicy};

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";
const CLASSES: [RetryClass; 4] =
    [RetryClass::Safe, RetryClass::Idempotent, RetryClass::AtMostOnce, RetryClass::NoRetry];

fn at_once() -> RetryPolicy {
    RetryPolicy::default().base_delay(Duration::ZERO)
}

/// A server that sends one response to everything.
async fn server(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    server
}

fn success() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({}))
}

fn client(server: &MockServer) -> Client {
    Client::builder().base_url(server.uri()).bearer_token("t").api_key("k").retry(at_once()).build().unwrap()
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

/// The bodies that a server received.
async fn bodies(server: &MockServer) -> Vec<Value> {
    let requests = server.received_requests().await.unwrap();
    requests.iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
}

/// One call of each retry class.
async fn call(client: &Client, class: RetryClass) -> Result<(), Error> {
    match class {
        RetryClass::Safe => client.get_user_profile(USER).send().await.map(drop),
        RetryClass::Idempotent => client.set_organization(1).org_id("o").send().await.map(drop),
        RetryClass::AtMostOnce => client.open_lock(1).send().await.map(drop),
        _ => client.open_lock_with_pin(1).pin("4821").send().await.map(drop),
    }
}

/// Checks that a call was rejected before anything was sent, and that its error says how to fix it.
fn assert_not_sent<T>(result: Result<T, Error>, fix: &str) {
    let error = result.err().unwrap_or_else(|| panic!("sent, and should be: {fix}"));
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Request, Outcome::NotApplied, 0));
    assert!(error.to_string().contains(fix), "{error} does not contain {fix}");
}
