use serde_json::Value;
use spkey::{ScalarKind, Shape};

use crate::printable::printable;
use crate::show::time;

/// A value that is one word or line; none where it is an object, a list or nothing.
pub(crate) fn cell(value: &Value, shape: &Shape) -> Option<String> {
    match (value, shape) {
        (Value::Null | Value::Object(_) | Value::Array(_), _) => None,
        (_, Shape::Scalar(ScalarKind::Time)) => Some(time::local(value).unwrap_or_else(|| word(value))),
        _ => Some(word(value)),
    }
}

fn word(value: &Value) -> String {
    // A terminal must not obey what a service returns.
    printable(&value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
}
