//! Calls of every operation, made from values in JSON, and a server that gives one answer after another.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use spkey::reqwest::Url;
use spkey::{ByteStream, Client, Error, ResponseValue};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

type Pending<'a> = Pin<Box<dyn Future<Output = Result<Answered, Error>> + 'a>>;
pub type Call = for<'a> fn(&'a Client, &'a Given) -> Pending<'a>;

include!(concat!(env!("OUT_DIR"), "/calls.rs"));

pub fn calls() -> &'static [(&'static str, Call)] {
    CALLS
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
    shown: RefCell<String>,
}

impl Given {
    fn required<T: DeserializeOwned>(&self, name: &str) -> T {
        self.optional(name).unwrap_or_else(|| panic!("{name} is required"))
    }

    fn optional<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.parameters.get(name).map(|value| serde_json::from_value(value.clone()).unwrap())
    }

    fn body<T: DeserializeOwned>(&self) -> T {
        serde_json::from_value(self.body.clone().unwrap()).unwrap()
    }

    fn show(&self, call: &impl Debug) {
        *self.shown.borrow_mut() = format!("{call:?} {call:#?}");
    }

    pub fn shown(&self) -> String {
        self.shown.borrow().clone()
    }
}

/// What a call was answered.
pub struct Answered {
    pub status: u16,
    pub value: Value,
    pub location: Option<String>,
    pub shown: String,
}

impl Answered {
    fn json<T: Serialize + Debug>(answer: ResponseValue<T>) -> Self {
        let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        let shown = format!("{answer:?} {answer:#?}");
        Self { status: answer.status().as_u16(), value: serde_json::to_value(&*answer).unwrap(), location, shown }
    }

    async fn page(answer: ResponseValue<ByteStream>) -> Self {
        let status = answer.status().as_u16();
        let page: Vec<_> = answer.into_inner_stream().try_collect().await.unwrap();
        let value = Value::String(String::from_utf8(page.concat()).unwrap());
        Self { status, value, location: None, shown: String::new() }
    }
}

/// A call with what it was answered and what the server saw.
pub struct Exchange {
    pub result: Result<Answered, Error>,
    pub request: Seen,
    pub shown: String,
}

/// A request as the server saw it.
pub struct Seen {
    pub method: String,
    url: Url,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Seen {
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

/// A server that gives whatever it was last told to, and remembers what it was last asked.
pub struct ServerWithOneAnswer {
    server: MockServer,
    state: Arc<Mutex<State>>,
}

struct State {
    answer: ResponseTemplate,
    request: Option<Seen>,
}

impl ServerWithOneAnswer {
    pub async fn start() -> Self {
        let state = Arc::new(Mutex::new(State { answer: ResponseTemplate::new(404), request: None }));
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(Answering(Arc::clone(&state))).mount(&server).await;
        Self { server, state }
    }

    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// The next answer: a JSON body, or a page, or none where the value is null.
    pub fn answer(&self, status: u16, body: &Value, page: bool) {
        let answer = ResponseTemplate::new(status);
        let answer = match body {
            _ if status == 303 => answer.insert_header("location", "/confirmation"),
            Value::Null => answer,
            Value::String(text) if page || text.starts_with('<') => answer.set_body_raw(text.as_bytes(), "text/html"),
            _ => answer.set_body_json(body),
        };
        self.state.lock().unwrap().answer = answer;
    }

    pub fn last_request(&self) -> Seen {
        self.state.lock().unwrap().request.take().expect("the server was asked")
    }
}

struct Answering(Arc<Mutex<State>>);

impl Respond for Answering {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let headers =
            request.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let mut state = self.0.lock().unwrap();
        state.request = Some(Seen {
            method: request.method.to_string(),
            url: request.url.clone(),
            headers: headers.collect(),
            body: request.body.clone(),
        });
        state.answer.clone()
    }
}
