//! A call as the operations of the sandbox take it, and what they give back.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::contract::{self, Direction, Fault};
use super::super::received::Received;
use super::super::reply::{Answer, Reply};
use crate::{ApiError, ApiErrorDetail, Operation};

/// A call whose parameters and body are what the contract says.
pub(super) struct Call {
    path: BTreeMap<&'static str, String>,
    query: BTreeMap<String, String>,
    body: Value,
    /// The user whose token it came with.
    pub(super) caller: Option<String>,
}

/// Why a call is not carried out.
pub(super) struct Refusal {
    status: u16,
    error: ApiError,
    retry_after: Option<u64>,
}

/// What an operation gives back.
pub(super) type Outcome = Result<Reply, Refusal>;

impl Call {
    pub(super) fn read(operation: &Operation, received: &Received) -> Result<Self, Refusal> {
        let mut faults = Vec::new();
        for parameter in contract::parameters(operation) {
            let name = parameter["name"].as_str().unwrap_or_default();
            let given = if parameter["in"] == "path" { received.path.get(name) } else { received.query.get(name) };
            let checked = match given {
                Some(_) if received.repeated.iter().any(|repeated| repeated == name) => Err(Fault::repeated()),
                Some(text) => {
                    contract::check(&parameter["schema"], &typed(&parameter["schema"], text), Direction::Request)
                }
                None if parameter["required"] == true => Err(Fault::missing()),
                None => Ok(()),
            };
            faults.extend(checked.err().map(|fault| detail(&Fault { place: name.to_owned(), ..fault })));
        }
        let mut body = Value::Null;
        if let Some(schema) = contract::body_schema(operation) {
            body = received.json().ok_or_else(|| bad("The body is not JSON: send {} where there is nothing to say"))?;
            faults.extend(contract::check(schema, &body, Direction::Request).err().map(|fault| detail(&fault)));
        }
        if !faults.is_empty() {
            let mut refusal = bad("The request contains invalid parameters or malformed data");
            refusal.error.details = faults;
            return Err(refusal);
        }
        let caller = received.bearer().and_then(|token| token.parse::<crate::UserId>().ok());
        Ok(Self { path: received.path.clone(), query: received.query.clone(), body, caller: caller.map(String::from) })
    }

    /// A parameter of the path.
    pub(super) fn path(&self, name: &str) -> &str {
        self.path.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The user in the path.
    pub(super) fn user(&self) -> String {
        self.path("userId").to_lowercase()
    }

    /// The lock in the path.
    pub(super) fn lock(&self) -> &str {
        self.path("lockId")
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// A count in the query.
    pub(super) fn count(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let parse = |text: &str| text.parse().map_err(|_| bad(format!("{name} must be a count")));
        self.query(name).map(parse).transpose()
    }

    /// Whether the body has that field.
    pub(super) fn names(&self, field: &str) -> bool {
        self.body.get(field).is_some()
    }

    pub(super) fn whole_body(&self) -> Value {
        self.body.clone()
    }

    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_value(self.body.clone()).map_err(|error| bad(format!("the body is malformed: {error}")))
    }
}

/// The text of a parameter as the value that it stands for; text where it stands for none.
fn typed(schema: &Value, text: &str) -> Value {
    match contract::resolve(schema)["type"].as_str() {
        Some("string") | None => Value::from(text),
        Some(_) => serde_json::from_str(text)
            .ok()
            .filter(|value: &Value| !value.is_null())
            .unwrap_or_else(|| Value::from(text)),
    }
}

fn detail(fault: &Fault) -> ApiErrorDetail {
    let field = (!fault.place.is_empty()).then(|| fault.place.clone());
    ApiErrorDetail { field, code: None, message: Some(fault.what.clone()) }
}

impl Refusal {
    fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, error: ApiError::from(message.into()), retry_after: None }
    }

    pub(super) fn reply(self) -> Reply {
        let reply = Reply::error(self.status, &self.error);
        match self.retry_after {
            Some(seconds) => reply.header("retry-after", seconds.to_string()),
            None => reply,
        }
    }
}

pub(super) fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(400, message)
}

pub(super) fn unauthorized(message: impl Into<String>) -> Refusal {
    Refusal::new(401, message)
}

pub(super) fn forbidden(message: impl Into<String>) -> Refusal {
    Refusal::new(403, message)
}

pub(super) fn not_found(what: &str) -> Refusal {
    Refusal::new(404, format!("{what} not found"))
}

pub(super) fn conflict(message: impl Into<String>) -> Refusal {
    Refusal::new(409, message)
}

pub(super) fn too_many(message: impl Into<String>, seconds: u64) -> Refusal {
    Refusal { retry_after: Some(seconds), ..Refusal::new(429, message) }
}

pub(super) fn unreachable() -> Refusal {
    Refusal::new(502, "Failed to update device shadow")
}

/// 200, with an answer.
#[allow(clippy::unnecessary_wraps, reason = "operations end with it")]
pub(super) fn ok(answer: impl Answer) -> Outcome {
    Ok(Reply::new(200, answer.into_content()))
}

/// 201, with an answer.
#[allow(clippy::unnecessary_wraps, reason = "operations end with it")]
pub(super) fn created(answer: impl Answer) -> Outcome {
    Ok(Reply::new(201, answer.into_content()))
}

/// 303, to where the answer says.
#[allow(clippy::unnecessary_wraps, reason = "operations end with it")]
pub(super) fn see_other(location: String) -> Outcome {
    Ok(Reply::new(303, super::super::reply::Redirect(location).into_content()))
}
