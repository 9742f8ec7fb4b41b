//! A command of the contract that got no response, and a server that shows its effect or does not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};
use spkey::mock::wiremock::matchers::any;
use spkey::mock::wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};
use spkey::{Client, Error, Operation, RetryPolicy, Ticket};

use crate::call::{self, Given};
use crate::sample::{Contract, SECRET, Shape};

/// A secret as the service makes them.
pub const KEY: &str = "7b1f0c52-93d4-4e0a-8a63-0c7d2f1e5a90";
/// The user whom a read by e-mail or phone number finds.
const FOUND: &str = "550e8400-e29b-41d4-a716-446655440001";
pub const OTHER: &str = "0a1b2c3d-0000-4000-8000-00000000dead";

/// An operation with its entry.
#[derive(Clone)]
pub struct Case {
    pub id: String,
    pub entry: Value,
    /// What the call is given, by name on the wire.
    inputs: Map<String, Value>,
    has_body: bool,
    /// A response to each operation that is read, with every field.
    samples: HashMap<String, Value>,
}

/// What the server shows.
pub struct Scene {
    pub server: MockServer,
    responses: Arc<Mutex<Responses>>,
}

/// The responses to each operation, in turn; the last one stays.
type Responses = HashMap<String, Vec<(u16, Value)>>;

/// Every command of the contract.
pub fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/spkey.yaml")).unwrap();
    let document: Value = yaml_serde::from_str(&text).unwrap();
    let contract = Contract::read();
    let samples: HashMap<_, _> = contract
        .operations()
        .map(|operation| (operation.id.clone(), operation.success(Shape::Full).remove(0).1))
        .collect();
    let commands = contract.operations().filter_map(|operation| {
        let entry = document["paths"][&operation.path][&operation.method].get("x-spkey-confirm")?.clone();
        let given = operation.given(Shape::Full);
        let has_body = given.body.is_some();
        let mut inputs: Map<String, Value> = given.parameters.into_iter().collect();
        inputs.extend(given.body.into_iter().flat_map(|body| body.as_object().cloned().unwrap_or_default()));
        inputs.values_mut().for_each(with_uuids);
        for (name, value) in entry["only"].as_object().into_iter().flatten() {
            if value.is_null() {
                inputs.remove(name)
            } else {
                inputs.insert(name.clone(), value.clone())
            };
        }
        entry["mark"].as_str().and_then(|mark| inputs.remove(mark));
        Some(Case { id: operation.id, entry, inputs, has_body, samples: samples.clone() })
    });
    commands.collect()
}

/// Puts UUIDs in the place of secrets.
fn with_uuids(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with(SECRET) => KEY.clone_into(text),
        Value::Array(values) => values.iter_mut().for_each(with_uuids),
        Value::Object(map) => map.values_mut().for_each(with_uuids),
        _ => {}
    }
}

impl Scene {
    pub async fn start() -> Self {
        let responses = Arc::<Mutex<Responses>>::default();
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(Stage(Arc::clone(&responses))).mount(&server).await;
        Self { server, responses }
    }

    pub fn set(&self, operation: &str, responses: Vec<(u16, Value)>) {
        self.responses.lock().unwrap().insert(operation.to_owned(), responses);
    }

    /// A client without an API key.
    pub fn client(&self) -> Client {
        let builder = Client::builder().base_url(self.server.uri()).retry(RetryPolicy::none());
        builder.bearer_token("made-up.token").admin("made-up-admin-key").build().unwrap()
    }

    pub fn client_with_api_key(&self) -> Client {
        let builder = Client::builder().base_url(self.server.uri()).retry(RetryPolicy::none());
        builder.bearer_token("made-up.token").api_key("made-up-key").admin("made-up-admin-key").build().unwrap()
    }
}

struct Stage(Arc<Mutex<Responses>>);

impl Respond for Stage {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let fits = |operation: &&&Operation| {
            let (path, template) = (request.url.path().split('/'), operation.path.split('/'));
            let same = |(part, wanted): (&str, &str)| part == wanted || wanted.starts_with('{');
            operation.method == request.method.as_str()
                && path.clone().count() == template.clone().count()
                && path.zip(template).all(same)
        };
        let operations = Operation::all().iter().filter(fits);
        let operation = operations.min_by_key(|operation| operation.path.matches('{').count()).expect("an operation");
        let mut responses = self.0.lock().unwrap();
        let Some(planned) = responses.get_mut(operation.id) else { return ResponseTemplate::new(501) };
        let (status, body) = if planned.len() > 1 { planned.remove(0) } else { planned[0].clone() };
        ResponseTemplate::new(status).set_body_json(body)
    }
}

impl Case {
    pub fn is(&self, key: &str, value: &str) -> bool {
        self.entry[key] == value
    }

    pub fn gone(&self) -> bool {
        self.entry["gone"] == true
    }

    pub fn read(&self) -> &str {
        self.entry["read"].as_str().unwrap()
    }

    /// Gives the command, which gets that status, and returns the ticket as another process would read it.
    pub async fn ticket(&self, scene: &Scene, client: &Client, status: u16) -> Ticket {
        scene.set(&self.id, vec![(status, json!({}))]);
        let error = self.call(client).await;
        let ticket = error.ticket().unwrap_or_else(|| panic!("{}: no ticket: {error}", self.id));
        if self.entry["resolve"].is_object() {
            let found = (200, json!({ "uuid": FOUND }));
            scene.set("get_user_by_email", vec![found.clone()]);
            scene.set("get_user_by_phone", vec![found]);
        }
        if self.entry["history"].is_object() {
            scene.set("get_lock_events", vec![(200, events(&[]))]);
        }
        serde_json::from_value(serde_json::to_value(ticket).unwrap()).unwrap()
    }

    pub async fn call(&self, client: &Client) -> Error {
        let mut given = Given::default();
        given.parameters = self.inputs.clone().into_iter().collect();
        given.body = self.has_body.then(|| self.inputs.clone().into());
        (call::operation(&self.id).call)(client, &given).await.err().unwrap_or_else(|| panic!("{} fails", self.id))
    }

    /// The value of an entry, of the call.
    fn value(&self, value: &Value, mark: Option<&str>) -> Value {
        let Some(name) = value.as_str().and_then(|text| text.strip_prefix('$')) else { return value.clone() };
        if name.starts_with("found.") {
            return FOUND.into();
        }
        let (name, is_plate) = name.split_once(" | ").map_or((name, false), |(name, _)| (name, true));
        if Some(name) == self.entry["mark"].as_str() {
            return mark.unwrap().into();
        }
        let pointer = format!("/{}", name.replace(".*", ".0").replace('.', "/"));
        let value = Value::Object(self.inputs.clone()).pointer(&pointer).unwrap_or_else(|| panic!("{name}")).clone();
        if is_plate { value.as_str().unwrap().to_uppercase().replace([' ', '-'], "").into() } else { value }
    }

    /// The fields that show the effect. The call sets every input, so that the first list of them counts.
    fn fields(&self, look: &Value, mark: Option<&str>) -> Map<String, Value> {
        let first = if look["where"].is_array() { &look["where"][0] } else { &look["where"] };
        let pairs = first.as_object().into_iter().chain(look["where-set"].as_object()).flatten();
        pairs.map(|(field, value)| (field.clone(), self.value(value, mark))).collect()
    }

    /// A whole response to the read, with the effect in it.
    pub fn shown(&self, ticket: &Ticket) -> Value {
        let mark = serde_json::to_value(ticket).unwrap()["inputs"]["requestId"].as_str().map(ToOwned::to_owned);
        self.with_item(|item| put_all(item, self.fields(&self.entry, mark.as_deref())))
    }

    /// A whole response to the read, with something else in it; none where only a 404 says that.
    pub fn not_shown(&self) -> Option<Value> {
        let fields = self.fields(&self.entry, Some("a mark"));
        if self.entry["event"].is_string() && fields.is_empty() {
            return Some(events(&[event("SomethingElse", 8, now(), &json!({}))]));
        }
        let (field, value) = fields.iter().next()?;
        let other = match value {
            Value::Null => json!("something"),
            Value::Bool(value) => json!(!value),
            Value::Number(number) => json!(number.as_f64().unwrap() + 1.0),
            Value::Array(_) => json!([]),
            _ => json!(OTHER),
        };
        Some(self.with_item(|item| put_all(item, fields.clone().into_iter().chain([(field.clone(), other)]))))
    }

    /// A whole response with an item that is changed.
    pub fn with_item(&self, change: impl FnOnce(&mut Value)) -> Value {
        if let Some(kind) = self.entry["event"].as_str() {
            let mut data = json!({});
            change(&mut data);
            return events(&[event(kind, 8, now(), &data)]);
        }
        let mut response = self.samples[self.read()].clone();
        if response.get("version").is_some_and(Value::is_number) {
            response["version"] = json!(9);
        }
        let list = self.entry["list"].as_str();
        let mut item = list.map_or(&response, |list| &response[list][0]).clone();
        if let Some(time) = self.entry["time"].as_str() {
            item[time] = now().into();
        }
        for (field, value) in self.entry["author"].as_object().into_iter().flatten() {
            item[field] = self.value(value, None);
        }
        change(&mut item);
        let Some(list) = list else { return item };
        response[list] = json!([item]);
        if let Some(total) = self.entry["total"].as_str() {
            response[total] = json!(1);
        }
        response
    }

    /// The events in which the effect is, at that version.
    pub fn history(&self, version: u64) -> Value {
        let history = &self.entry["history"];
        let fields = self.fields(history, None);
        events(&[event(history["event"].as_str().unwrap(), version, now(), &fields.into())])
    }
}

pub fn event(kind: &str, version: u64, timestamp: String, data: &Value) -> Value {
    json!({ "type": kind, "version": version, "timestamp": timestamp, "event": { "type": kind, "data": data } })
}

/// The only page of events.
pub fn events(events: &[Value]) -> Value {
    let total = events.len();
    json!({ "events": events, "page": 1, "totalPages": 1, "pageSize": 10, "totalEvents": total })
}

pub fn now() -> String {
    spkey::DateTime::from(std::time::SystemTime::now()).to_string()
}

fn put_all(item: &mut Value, fields: impl IntoIterator<Item = (String, Value)>) {
    for (field, value) in fields {
        let place = field.split('.').fold(&mut *item, |place, step| &mut place[step]);
        *place = value;
    }
}
