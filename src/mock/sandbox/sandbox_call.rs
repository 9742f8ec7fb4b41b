use std::collections::BTreeMap;
use std::str::FromStr;

use serde_json::Value;

use crate::error::api_error::ApiErrorDetail;
use crate::mock::received::ReceivedRequest;
use crate::mock::sandbox::canonical::canonical;
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
    /// Whether it came with an API key.
    pub(super) has_api_key: bool,
}

impl SandboxCall {
    /// The organization of every API key.
    pub(super) const ORGANIZATION: &str = "sandbox";

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
            body = canonical(schema, body);
        }
        if !mismatches.is_empty() {
            let details = mismatches.into_iter().map(detail).collect();
            let error = bad_request("The request contains invalid parameters or malformed data");
            return Err(error.with_details(details));
        }
        let caller = received.bearer().and_then(|token| token.parse().ok());
        let has_api_key = received.has_api_key();
        Ok(Self { path: received.path.clone(), query: received.query.clone(), body, caller, has_api_key })
    }

    /// A parameter of the path.
    pub(super) fn path(&self, name: &str) -> &str {
        self.path.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The user in the path, as the sandbox keeps the id.
    pub(super) fn user(&self) -> Result<String, SandboxError> {
        id(self.path("userId")).map(|user: UserId| user.to_string())
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

    /// The body. A field that it does not have is null.
    pub(super) fn body(&self) -> &Value {
        &self.body
    }

    /// A field of the body that is a text and not empty.
    pub(super) fn text(&self, field: &str) -> Result<&str, SandboxError> {
        let text = self.body[field].as_str().filter(|text| !text.is_empty());
        text.ok_or_else(|| bad_request(format!("{field} is required and must not be empty")))
    }

    /// The body, which says once more what is in the path.
    pub(super) fn body_for(&self, field: &str) -> Result<&Value, SandboxError> {
        if self.body[field] == self.path(field) {
            Ok(&self.body)
        } else {
            Err(bad_request(format!("{field} in the body is not the one in the path")))
        }
    }

    /// Who makes or changes something: the user whose token the call has, or the organization of the API key.
    pub(super) fn actor(&self) -> &str {
        self.caller.as_ref().map_or(Self::ORGANIZATION, UserId::as_str)
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
