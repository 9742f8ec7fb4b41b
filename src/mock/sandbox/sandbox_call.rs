use std::collections::BTreeMap;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::api_error::ApiErrorDetail;
use crate::mock::received::ReceivedRequest;
use crate::mock::sandbox::sandbox_error::{SandboxError, bad_request};
use crate::mock::validate::{self, Direction, Mismatch};
use crate::request::operation::Operation;
use crate::value::conversion_error::ConversionError;
use crate::value::lock_id::LockId;
use crate::value::user_id::UserId;

/// A call as the operations of the sandbox take it: its parameters and body are what the contract says.
pub(super) struct SandboxCall {
    path: BTreeMap<&'static str, String>,
    query: BTreeMap<String, String>,
    body: Value,
    /// The user whose token it came with.
    pub(super) caller: Option<UserId>,
}

impl SandboxCall {
    pub(super) fn read(operation: &Operation, received: &ReceivedRequest) -> Result<Self, SandboxError> {
        let mut mismatches = Vec::new();
        for parameter in validate::parameters(operation) {
            let name = parameter["name"].as_str().unwrap_or_default();
            let checked = check_parameter(parameter, name, received);
            mismatches.extend(checked.err().map(|mismatch| Mismatch { place: name.to_owned(), ..mismatch }));
        }
        let mut body = Value::Null;
        if let Some(schema) = validate::body_schema(operation) {
            let missing = || bad_request("The body is not JSON: send {} if there is nothing to say");
            body = received.json().ok_or_else(missing)?;
            mismatches.extend(validate::check(schema, &body, Direction::Request).err());
        }
        if !mismatches.is_empty() {
            let details = mismatches.into_iter().map(detail).collect();
            let error = bad_request("The request contains invalid parameters or malformed data");
            return Err(error.with_details(details));
        }
        let caller = received.bearer().and_then(|token| token.parse().ok());
        Ok(Self { path: received.path.clone(), query: received.query.clone(), body, caller })
    }

    /// A parameter of the path.
    pub(super) fn path(&self, name: &str) -> &str {
        self.path.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The user in the path.
    pub(super) fn user(&self) -> Result<UserId, SandboxError> {
        id(self.path("userId"))
    }

    /// The lock in the path.
    pub(super) fn lock(&self) -> Result<LockId, SandboxError> {
        id(self.path("lockId"))
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// An id in the query.
    pub(super) fn query_id<T: FromStr<Err = ConversionError>>(&self, name: &str) -> Result<Option<T>, SandboxError> {
        self.query(name).map(id).transpose()
    }

    /// A count in the query.
    pub(super) fn count(&self, name: &str) -> Result<Option<usize>, SandboxError> {
        let parse = |text: &str| text.parse().map_err(|_| bad_request(format!("{name} must be a count")));
        self.query(name).map(parse).transpose()
    }

    /// Whether the body has that field.
    pub(super) fn has_field(&self, field: &str) -> bool {
        self.body.get(field).is_some()
    }

    pub(super) fn body_json(&self) -> &Value {
        &self.body
    }

    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, SandboxError> {
        T::deserialize(&self.body).map_err(|error| bad_request(format!("The body is malformed: {error}")))
    }
}

fn id<T: FromStr<Err = ConversionError>>(text: &str) -> Result<T, SandboxError> {
    text.parse().map_err(|error: ConversionError| bad_request(error.to_string()))
}

fn check_parameter(parameter: &Value, name: &str, received: &ReceivedRequest) -> Result<(), Mismatch> {
    let schema = &parameter["schema"];
    let given = if parameter["in"] == "path" { received.path.get(name) } else { received.query.get(name) };
    match given {
        Some(_) if received.repeated.iter().any(|repeated| repeated == name) => Err(Mismatch::repeated()),
        Some(text) => validate::check(schema, &typed(schema, text), Direction::Request),
        None if parameter["required"] == true => Err(Mismatch::missing()),
        None => Ok(()),
    }
}

/// The text of a parameter as the value that its schema says; text if it is no such value.
fn typed(schema: &Value, text: &str) -> Value {
    match validate::resolve(schema)["type"].as_str() {
        Some("string") | None => Value::from(text),
        Some(_) => serde_json::from_str(text)
            .ok()
            .filter(|value: &Value| !value.is_null())
            .unwrap_or_else(|| Value::from(text)),
    }
}

fn detail(mismatch: Mismatch) -> ApiErrorDetail {
    let field = (!mismatch.place.is_empty()).then_some(mismatch.place);
    ApiErrorDetail { field, code: None, message: Some(mismatch.what) }
}
