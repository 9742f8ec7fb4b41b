use serde_json::Value;

use crate::mock::validate;
use crate::value::user_id::UserId;

/// A valid value in the one form that the sandbox keeps: users' ids in lower case, whole numbers without a point.
pub(super) fn canonical(schema: &Value, value: Value) -> Value {
    let is_user = schema["$ref"].as_str().is_some_and(|reference| reference.ends_with("/UserId"));
    let schema = validate::resolve(schema);
    match value {
        Value::String(text) if is_user => text.parse().map_or(text.into(), |id: UserId| id.to_string().into()),
        Value::Number(number) if schema["type"] == "integer" => {
            whole(&number).map_or(Value::Number(number), Value::from)
        }
        Value::Array(items) => items.into_iter().map(|item| canonical(&schema["items"], item)).collect(),
        Value::Object(fields) => {
            let field = |(name, value): (String, Value)| {
                let value = canonical(&schema["properties"][&name], value);
                (name, value)
            };
            Value::Object(fields.into_iter().map(field).collect())
        }
        other => other,
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "the contract's check has made sure that it is a whole number of 64 bits"
)]
fn whole(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| number.as_f64().map(|number| number as i64))
}
