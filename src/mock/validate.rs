//! The contract as data, and whether a value is what it says.

use std::fmt;
use std::sync::LazyLock;

use serde_json::Value;

use crate::request::operation::Operation;
use crate::value::date_time::DateTime;
use crate::value::lock_id::LockId;
use crate::value::user_id::UserId;

/// Which way a value goes. A response may hold null wherever it may hold nothing, and nothing that the contract does not
/// name; a request may hold null only where the contract says so, and whatever more it likes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// 2 to the power of 63, beyond the last `int64`.
const LARGEST: f64 = 9_223_372_036_854_775_808.0;

/// What is wrong with a value, and where in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mismatch {
    /// The field, as `doors[0].label`; empty for the whole.
    pub(super) place: String,
    pub(super) what: String,
}

impl Mismatch {
    /// A required value is missing.
    pub(super) fn missing() -> Self {
        mismatch("it is required and missing")
    }

    /// A value is there more than once.
    pub(super) fn repeated() -> Self {
        mismatch("it is there more than once")
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.what)
    }
}

#[allow(clippy::expect_used, reason = "build.rs writes the text, and no input gets into it")]
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!(concat!(env!("OUT_DIR"), "/contract.json"));
    serde_json::from_str(text).expect("build.rs writes JSON")
});

/// The node of an operation.
pub(super) fn node(operation: &Operation) -> &'static Value {
    &DOCUMENT["paths"][operation.path][operation.method.as_str().to_lowercase()]
}

/// The parameters of an operation.
pub(super) fn parameters(operation: &Operation) -> impl Iterator<Item = &'static Value> + use<> {
    node(operation)["parameters"].as_array().into_iter().flatten().map(resolve)
}

/// The schema of an operation's request body, where it takes one.
pub(super) fn body_schema(operation: &Operation) -> Option<&'static Value> {
    node(operation).pointer("/requestBody/content/application~1json/schema")
}

/// The statuses of an operation's successes, and what each holds: `content` of the response.
pub(super) fn successes(operation: &Operation) -> impl Iterator<Item = (u16, &'static Value)> + use<> {
    let responses = node(operation)["responses"].as_object().into_iter().flatten();
    responses.filter_map(|(status, response)| Some((status.parse().ok()?, &response["content"])))
}

/// Checks a value against a schema.
pub(super) fn check(schema: &Value, value: &Value, direction: Direction) -> Result<(), Mismatch> {
    Check { direction }.value(schema, value).map_err(|mut mismatch| {
        mismatch.place = mismatch.place.trim_start_matches('.').to_owned();
        mismatch
    })
}

struct Check {
    direction: Direction,
}

impl Check {
    fn value(&self, schema: &Value, value: &Value) -> Result<(), Mismatch> {
        let named = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
        let schema = resolve(schema);
        if value.is_null() && schema["nullable"] == true {
            return Ok(());
        }
        match (named, value.as_str()) {
            (Some("UserId"), Some(text)) => return text.parse::<UserId>().map(drop).map_err(mismatch),
            (Some("LockId"), Some(text)) => return text.parse::<LockId>().map(drop).map_err(mismatch),
            _ => {}
        }
        if let Some(known) = schema["enum"].as_array() {
            let known_values = || known.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
            return if known.contains(value) {
                Ok(())
            } else {
                Err(mismatch(format!("{value} is none of {}", known_values())))
            };
        }
        match schema["type"].as_str() {
            None => Ok(()),
            Some("array") => self.array(&schema["items"], value),
            Some("object") => self.object(schema, value),
            Some(ty) => scalar(ty, schema, value),
        }
    }

    fn array(&self, items: &Value, value: &Value) -> Result<(), Mismatch> {
        let Some(values) = value.as_array() else { return Err(not("a list", value)) };
        let checked = values.iter().enumerate().map(|(index, value)| {
            self.value(items, value)
                .map_err(|mismatch| Mismatch { place: format!("[{index}]{}", mismatch.place), ..mismatch })
        });
        checked.collect()
    }

    fn object(&self, schema: &Value, value: &Value) -> Result<(), Mismatch> {
        let Some(map) = value.as_object() else { return Err(not("an object", value)) };
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !map.contains_key(name) {
                return Err(Mismatch { place: format!(".{name}"), ..Mismatch::missing() });
            }
        }
        let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name));
        for (name, value) in map {
            let within = |mismatch: Mismatch| Mismatch { place: format!(".{name}{}", mismatch.place), ..mismatch };
            let property = &schema["properties"][name];
            if property.is_object() {
                let absent = self.direction == Direction::Response && value.is_null() && !required(name);
                if !absent {
                    self.value(property, value).map_err(within)?;
                }
            } else if schema["additionalProperties"].is_object() {
                self.value(&schema["additionalProperties"], value).map_err(within)?;
            } else if self.direction == Direction::Response && schema["properties"].is_object() {
                return Err(within(mismatch("the contract has no such field")));
            }
        }
        Ok(())
    }
}

fn scalar(ty: &str, schema: &Value, value: &Value) -> Result<(), Mismatch> {
    let (fits, wanted) = match ty {
        "boolean" => (value.is_boolean(), "true or false"),
        "string" => (value.is_string(), "a text"),
        // A whole number written as a float is one; one beyond 64 bits is not.
        "integer" => (
            value.is_i64() || value.as_f64().is_some_and(|number| number.fract() == 0.0 && number.abs() < LARGEST),
            "a whole number of 64 bits",
        ),
        _ => (value.is_number(), "a number"),
    };
    if !fits {
        return Err(not(wanted, value));
    }
    if schema["format"] == "date-time" && value.as_str().is_some_and(|text| DateTime::try_from(text).is_err()) {
        return Err(mismatch(format!("{value} is no time: give RFC 3339, like 2026-08-20T10:00:00Z")));
    }
    match (schema["minimum"].as_f64(), value.as_f64()) {
        (Some(minimum), Some(number)) if number < minimum => Err(mismatch(format!("{number} is less than {minimum}"))),
        _ => Ok(()),
    }
}

fn mismatch(what: impl ToString) -> Mismatch {
    Mismatch { place: String::new(), what: what.to_string() }
}

fn not(wanted: &str, value: &Value) -> Mismatch {
    let given = match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    mismatch(format!("it must be {wanted}, and is {given}"))
}

/// Follows a reference; anything else stays as it is.
pub(super) fn resolve(node: &Value) -> &Value {
    let pointer = node["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| DOCUMENT.pointer(pointer)).unwrap_or(node)
}
