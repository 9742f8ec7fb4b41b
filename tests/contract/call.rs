//! Calls of every operation, made from values in JSON, and a server that sends one response after another.

#![allow(dead_code, reason = "each test takes a part of it")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use spkey::mock::wiremock::matchers::any;
use spkey::mock::wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};
use spkey::mock::{MockSpKey, read_response};
use spkey::reqwest::Url;
use spkey::{Client, Endpoint, Error, Response};

type Pending<'a> = Pin<Box<dyn Future<Output = Result<Returned, Error>> + 'a>>;
/// What tests need of an operation.
pub struct OperationTest {
    pub id: &'static str,
    pub call: for<'a> fn(&'a Client, &'a Given) -> Pending<'a>,
    /// Stubs any call of it, and expects one.
    pub stub: fn(&MockSpKey, &Client),
    pub read: Read,
}

/// Reads the body of a successful response: the value as JSON, with the paths of what was ignored.
pub type Read = fn(&[u8]) -> Result<(Value, Vec<String>), String>;

include!(concat!(env!("OUT_DIR"), "/operation_tests.rs"));

pub fn operations() -> &'static [OperationTest] {
    OPERATIONS
}

pub fn operation(id: &str) -> &'static OperationTest {
    OPERATIONS.iter().find(|operation| operation.id == id).unwrap()
}

fn read<E: Endpoint<Response: Serialize>>(body: &[u8]) -> Result<(Value, Vec<String>), String> {
    let response = read_response::<E>(body).map_err(|error| error.to_string())?;
    Ok((serde_json::to_value(&*response).unwrap(), response.ignored().to_vec()))
}

/// What a call is given.
#[derive(Default)]
pub struct Given {
    /// The values of the path, in its order, as text.
    pub path: Vec<String>,
    /// The query, as text.
    pub query: BTreeMap<String, String>,
    pub body: Option<Value>,
    /// The parameters of both, as JSON.
    pub parameters: BTreeMap<String, Value>,
    shown: RefCell<Shown>,
}

/// What `Debug` prints of a call, plain and pretty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub call: [String; 2],
    /// Of the body as its own type; `()` if it has none.
    pub body: [String; 2],
}

fn debug(value: &impl Debug) -> [String; 2] {
    [format!("{value:?}"), format!("{value:#?}")]
}

impl Given {
    fn required<T: DeserializeOwned>(&self, name: &str) -> T {
        self.optional(name).unwrap_or_else(|| panic!("{name} is required"))
    }

    /// The value of that name on the wire, wherever it goes; none if it is missing or null.
    fn optional<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let in_body = || self.body.as_ref()?.get(name);
        let value = self.parameters.get(name).or_else(in_body).filter(|value| !value.is_null())?;
        Some(serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{name}: {error}")))
    }

    fn show<E: Endpoint<Body: DeserializeOwned + Debug> + Debug>(&self, call: &E) {
        let body: E::Body = serde_json::from_value(self.body.clone().unwrap_or_default()).unwrap();
        *self.shown.borrow_mut() = Shown { call: debug(call), body: debug(&body) };
    }

    pub fn shown(&self) -> Shown {
        self.shown.borrow().clone()
    }
}

/// What a call returned.
pub struct Returned {
    pub status: u16,
    pub value: Value,
    pub location: Option<String>,
    pub shown: [String; 2],
}

impl Returned {
    fn json<T: Serialize + Debug + 'static>(response: Response<T>) -> Self {
        let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        let (status, shown) = (response.status().as_u16(), debug(&response));
        Self { status, value: serde_json::to_value(&*response).unwrap(), location, shown }
    }

    fn html(response: Response<String>) -> Self {
        Self::json(response)
    }
}

/// A call with what it returned and what the server received.
pub struct Exchange {
    pub result: Result<Returned, Error>,
    pub request: RecordedRequest,
    pub shown: Shown,
}

/// A request as the server received it.
pub struct RecordedRequest {
    pub method: String,
    url: Url,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl RecordedRequest {
    /// The segments that stand where the template has parameters; the others must be the template's.
    pub fn path_values(&self, template: &str) -> Vec<String> {
        let segments: Vec<_> = self.url.path().split('/').collect();
        let expected: Vec<_> = template.split('/').collect();
        assert_eq!(segments.len(), expected.len(), "{} is not {template}", self.url.path());
        let mut values = Vec::new();
        for (segment, expected) in segments.into_iter().zip(expected) {
            if expected.starts_with('{') {
                values.push(percent_decode_str(segment).decode_utf8().unwrap().into_owned());
            } else {
                assert_eq!(segment, expected, "{template}");
            }
        }
        values
    }

    pub fn path(&self) -> &str {
        self.url.path()
    }

    pub fn query(&self) -> BTreeMap<String, String> {
        self.url.query_pairs().into_owned().collect()
    }

    pub fn json(&self) -> Option<Value> {
        (!self.body.is_empty()).then(|| serde_json::from_slice(&self.body).unwrap())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub fn header_names(&self) -> BTreeSet<&str> {
        self.headers.keys().map(String::as_str).collect()
    }
}

/// A server that sends the response that was set last, and records the last request.
pub struct ServerWithOneResponse {
    server: MockServer,
    state: Arc<Mutex<State>>,
}

struct State {
    response: ResponseTemplate,
    request: Option<RecordedRequest>,
}

impl ServerWithOneResponse {
    pub async fn start() -> Self {
        let state = Arc::new(Mutex::new(State { response: ResponseTemplate::new(404), request: None }));
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(Recorder(Arc::clone(&state))).mount(&server).await;
        Self { server, state }
    }

    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// Sets the next response: with a JSON body, or a page, or no body if the value is null.
    pub fn respond_with(&self, status: u16, body: &Value, html: bool) {
        let response = ResponseTemplate::new(status);
        let response = match body {
            _ if status == 303 => response.insert_header("location", "/confirmation"),
            Value::Null => response,
            Value::String(text) if html || text.starts_with('<') => response.set_body_raw(text.as_bytes(), "text/html"),
            _ => response.set_body_json(body),
        };
        self.state.lock().unwrap().response = response;
    }

    pub fn last_request(&self) -> RecordedRequest {
        self.state.lock().unwrap().request.take().expect("the server received a request")
    }
}

struct Recorder(Arc<Mutex<State>>);

impl Respond for Recorder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let headers =
            request.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let mut state = self.0.lock().unwrap();
        state.request = Some(RecordedRequest {
            method: request.method.to_string(),
            url: request.url.clone(),
            headers: headers.collect(),
            body: request.body.clone(),
        });
        state.response.clone()
    }
}
