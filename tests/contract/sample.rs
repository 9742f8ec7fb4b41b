//! Values made from the contract: complete ones, minimal ones, and ones of a later contract.

#![allow(dead_code, reason = "each test takes a part of it")]

use std::collections::BTreeMap;
use std::{env, fs};

use serde_json::{Map, Value, json};

use crate::call::Given;

/// In every made-up secret, and in nothing else.
pub const SECRET: &str = "made-up-secret";
const NEW_FIELD: &str = "fieldOfALaterContract";

/// How much of what the contract has a sample holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Every property.
    Full,
    /// What is required.
    Required,
    /// What is required, and the rest null, as a response may have it.
    Null,
    /// What is required, null where that may be sent. An optional property cannot be sent as null.
    NullSent,
    /// Every property, more of them, and enum values that the contract does not list.
    Drifted,
    /// Every property, with enum values that the contract does not list.
    NewValues,
}

pub struct Contract {
    document: Value,
}

/// An operation of the contract.
pub struct Described<'a> {
    contract: &'a Contract,
    node: &'a Value,
    pub id: String,
    pub method: String,
    pub path: String,
    pub auth: String,
}

impl Contract {
    pub fn read() -> Self {
        let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/spkey.yaml")).unwrap();
        Self { document: yaml_serde::from_str(&text).unwrap() }
    }

    pub fn operations(&self) -> impl Iterator<Item = Described<'_>> {
        let items = self.document["paths"].as_object().unwrap().iter();
        items.flat_map(move |(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, node)| Described {
                contract: self,
                node,
                id: node["operationId"].as_str().unwrap().to_owned(),
                method: method.clone(),
                path: path.clone(),
                auth: node["x-spkey-auth"].as_str().unwrap_or("caller").to_owned(),
            })
        })
    }

    /// The named schemas.
    pub fn schemas(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.document["components"]["schemas"].as_object().unwrap().iter()
    }

    /// The types of events with the schemas of their payloads.
    pub fn events(&self) -> impl Iterator<Item = (&str, &Value)> {
        let schemas = &self.document["components"]["schemas"];
        let events = self.document["x-spkey-events"].as_object().unwrap().iter();
        events.map(move |(event, schema)| (event.as_str(), &schemas[schema.as_str().unwrap()]))
    }

    pub fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        match node["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => node,
        }
    }

    pub fn value(&self, schema: &Value, shape: Shape) -> Value {
        // Ids are strict, and stay valid in every shape.
        match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/components/schemas/")) {
            Some("UserId") => return json!("550e8400-e29b-41d4-a716-446655440000"),
            Some("LockId") => return json!("123"),
            Some("LockNumber") => return json!(123),
            Some("Version") => return json!(3),
            _ => {}
        }
        let schema = self.resolve(schema);
        if let Some(known) = schema["enum"].as_array() {
            let newer = matches!(shape, Shape::Drifted | Shape::NewValues);
            return if newer { json!("a value of a later contract") } else { known[0].clone() };
        }
        match schema["type"].as_str() {
            Some("string") if schema["format"] == "password" => json!(format!("{SECRET} +&%é")),
            Some("string") if schema["format"] == "lock-id" => json!("123"),
            Some("string") if schema["format"] == "date-time" => json!("2026-11-27T12:00:00.5+01:00"),
            Some("number") if schema["format"] == "epoch-millis" => json!(1_764_244_800_500_u64),
            Some("string") => json!("some text +&%é"),
            Some("integer") => json!(1_099_511_627_777_u64),
            Some("number") => json!(3.5),
            Some("boolean") => json!(true),
            Some("array") => json!([self.value(&schema["items"], shape)]),
            Some("object") if schema["properties"].is_object() => self.object(schema, shape),
            Some("object") if schema["additionalProperties"].is_object() => {
                json!({ "some key": self.value(&schema["additionalProperties"], shape) })
            }
            _ => json!({ "of any": ["shape", 1, null, SECRET] }),
        }
    }

    fn object(&self, schema: &Value, shape: Shape) -> Value {
        let required: Vec<_> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut object = Map::new();
        for (name, property) in schema["properties"].as_object().unwrap() {
            let required = required.contains(&name.as_str());
            let value = match shape {
                Shape::Required | Shape::NullSent if !required => continue,
                Shape::Null if !required => Value::Null,
                Shape::NullSent if self.resolve(property)["nullable"] == true => Value::Null,
                _ => self.value(property, shape),
            };
            object.insert(name.clone(), value);
        }
        if shape == Shape::Drifted {
            object.insert(NEW_FIELD.to_owned(), json!(["new"]));
        }
        Value::Object(object)
    }
}

impl Described<'_> {
    /// `METHOD /path/{}`: the operation, whatever its parameters are called.
    pub fn place(&self) -> String {
        place(&self.method, &self.path)
    }

    pub fn returns_html(&self) -> bool {
        self.node["responses"]["200"]["content"].get("text/html").is_some()
    }

    /// The schema of the request body.
    pub fn body_name(&self) -> Option<&str> {
        let reference = self.node["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()?;
        reference.strip_prefix("#/components/schemas/")
    }

    /// The input that the client fills in where the caller does not set it.
    pub fn mark(&self) -> Option<&str> {
        self.node["x-spkey-confirm"]["mark"].as_str()
    }

    pub fn given(&self, shape: Shape) -> Given {
        let mut given = Given::default();
        let mut path_values = BTreeMap::new();
        for parameter in self.node["parameters"].as_array().into_iter().flatten() {
            let parameter = self.contract.resolve(parameter);
            let whole = matches!(shape, Shape::Full | Shape::NewValues);
            if parameter["required"] != true && !whole {
                continue;
            }
            let name = parameter["name"].as_str().unwrap().to_owned();
            let value = self.contract.value(&parameter["schema"], shape);
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            if parameter["in"] == "path" {
                path_values.insert(name.clone(), text);
            } else {
                given.query.insert(name.clone(), text);
            }
            given.parameters.insert(name, value);
        }
        let names = self.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
        given.path = names.map(|name| path_values[name].clone()).collect();
        let body = &self.node["requestBody"]["content"]["application/json"]["schema"];
        given.body = (!body.is_null()).then(|| self.contract.value(body, shape));
        given
    }

    /// The schema of a successful response in JSON.
    pub fn response_schema(&self) -> Option<&Value> {
        let mut responses = self.node["responses"].as_object()?.iter().filter(|(status, _)| status.starts_with('2'));
        responses.find_map(|(_, response)| response["content"].get("application/json").map(|json| &json["schema"]))
    }

    /// Each documented success with a body of that shape.
    pub fn success(&self, shape: Shape) -> Vec<(u16, Value)> {
        let responses = self.node["responses"].as_object().unwrap();
        let successes = responses.iter().filter_map(|(status, response)| Some((status.parse().ok()?, response)));
        let body = |response: &Value| match response["content"].get("application/json") {
            Some(body) => self.contract.value(&body["schema"], shape),
            None if self.returns_html() => json!(format!("<html><body>a page with {SECRET}</body></html>")),
            None => Value::Null,
        };
        successes.map(|(status, response)| (status, body(response))).collect()
    }
}

/// The value without the fields that a drifted sample has besides the contract's.
pub fn without_additions(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(name, _)| *name != NEW_FIELD)
            .map(|(name, value)| (name.clone(), without_additions(value)))
            .collect(),
        Value::Array(values) => values.iter().map(without_additions).collect(),
        _ => value.clone(),
    }
}

/// The statuses that the published contract documents as errors, by place; none if `SPKEY_PUBLISHED` does not name its file.
pub fn documented_errors() -> Option<BTreeMap<String, Vec<u16>>> {
    let text = fs::read_to_string(env::var_os("SPKEY_PUBLISHED")?).expect("SPKEY_PUBLISHED names a readable file");
    let document: Value = serde_json::from_str(&text).expect("the published contract is JSON");
    let mut documented = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let statuses = operation["responses"].as_object().unwrap().keys();
            let errors = statuses.filter_map(|status| status.parse().ok()).filter(|status| *status >= 400).collect();
            documented.insert(place(method, path), errors);
        }
    }
    Some(documented)
}

fn place(method: &str, path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    format!("{} {}", method.to_uppercase(), segments.collect::<Vec<_>>().join("/"))
}
