//! Turns JSON that a program was given at run time into JSON that is sent.

use serde_json::{Map, Value};

use crate::value::convert::convert;
use crate::value::date_time::DateTime;
use crate::value::from_scalar::scalar;
use crate::value::shape::{FieldShape, ScalarKind, Shape};

/// The value as it goes on the wire: numbers and texts are converted where nothing is lost.
///
/// # Errors
/// Which part of it is wrong, without its value, and what to give instead.
pub(crate) fn to_wire(value: &Value, shape: &Shape) -> Result<Value, String> {
    match (shape, value) {
        (Shape::Any, _) => Ok(value.clone()),
        (Shape::Scalar(kind), _) => scalar_to_wire(value, *kind).ok_or_else(|| format!("give {kind}")),
        (Shape::Object(fields), Value::Object(map)) => object_to_wire(map, fields).map(Value::Object),
        (Shape::Map(shape), Value::Object(map)) => {
            let entries = map.iter().map(|(name, value)| Ok((name.clone(), within(name, to_wire(value, shape))?)));
            entries.collect::<Result<Map<_, _>, String>>().map(Value::Object)
        }
        (Shape::List(shape), Value::Array(list)) => {
            let elements = list.iter().enumerate();
            let elements = elements.map(|(index, value)| within(&format!("[{index}]"), to_wire(value, shape)));
            elements.collect::<Result<Vec<_>, _>>().map(Value::Array)
        }
        (Shape::Object(_) | Shape::Map(_) | Shape::List(_), _) => Err(format!("give {shape}")),
    }
}

fn scalar_to_wire(value: &Value, kind: ScalarKind) -> Option<Value> {
    if kind == ScalarKind::Time {
        return scalar::<DateTime>(value).map(|time| time.to_text().into());
    }
    serde_json::from_str(&convert(&value.to_string(), kind)?).ok()
}

fn object_to_wire(map: &Map<String, Value>, fields: &[FieldShape]) -> Result<Map<String, Value>, String> {
    if let Some(missing) = fields.iter().find(|field| field.required && map.get(field.name).is_none_or(Value::is_null))
    {
        return Err(format!("{} is missing: give {}", missing.name, missing.shape));
    }
    // Null is what is not given.
    let given = map.iter().filter(|(_, value)| !value.is_null());
    let entries = given.map(|(name, value)| {
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            let known: Vec<_> = fields.iter().map(|field| field.name).collect();
            return Err(format!("{name:?} is no field of it: give {}", known.join(", ")));
        };
        Ok((name.clone(), within(name, to_wire(value, field.shape))?))
    });
    entries.collect()
}

fn within<T>(name: &str, result: Result<T, String>) -> Result<T, String> {
    result.map_err(|problem| format!("{name}: {problem}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::request::operation::Operation;

    fn wire(id: &str, input: &str, value: &Value) -> Result<Value, String> {
        let operation = Operation::find(id).unwrap();
        let input = operation.inputs.iter().find(|other| other.name == input).unwrap();
        to_wire(value, input.shape)
    }

    #[test]
    fn text_becomes_what_the_contract_says() {
        for (id, input, given, sent) in [
            ("open_lock", "lock_id", json!(123), json!(123)),
            ("open_lock", "lock_id", json!("123"), json!("123")),
            ("open_lock", "reason", json!(7), json!("7")),
            ("add_key", "key_index_number", json!("7"), json!(7)),
            ("get_user_by_email", "search_only", json!(true), json!(true)),
            ("add_accessible_lock", "access_level", json!("NEWER"), json!("NEWER")),
            (
                "add_accessible_lock",
                "valid_from",
                json!("2026-11-27T12:00:00+01:00"),
                json!("2026-11-27T12:00:00+01:00"),
            ),
            ("add_accessible_lock", "valid_from", json!(1_764_244_800_500_u64), json!("2025-11-27T12:00:00.500Z")),
        ] {
            assert_eq!(wire(id, input, &given).as_ref(), Ok(&sent), "{id} {input} {given}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_without_its_value() {
        for (id, input, given, problem) in [
            ("open_lock", "lock_id", json!("front"), "give a lock's id, a whole number from 1"),
            ("open_lock", "lock_id", json!(0), "give a lock's id, a whole number from 1"),
            ("add_accessible_lock", "granted_by", json!("ada"), "give a user's id, a UUID"),
            (
                "add_accessible_lock",
                "valid_from",
                json!("noon"),
                "give an RFC 3339 time, such as `2026-11-27T12:00:00Z`",
            ),
            ("add_key", "key_index_number", json!("1.5"), "give a whole number"),
            ("get_user_by_email", "search_only", json!("yes"), "give `true` or `false`"),
            ("bulk_add_keys", "keys", json!({}), "give a list"),
            ("bulk_add_keys", "keys", json!([{}]), "[0]: keyUuid is missing: give a text"),
            (
                "bulk_add_keys",
                "keys",
                json!([{ "keyUuid": "x", "userId": "ada" }]),
                "[0]: userId: give a user's id, a UUID",
            ),
            (
                "bulk_add_keys",
                "keys",
                json!([{ "keyUuid": "x", "pin": "1234" }]),
                "[0]: \"pin\" is no field of it: give keyUuid, keyIndexNumber, userId",
            ),
        ] {
            assert_eq!(wire(id, input, &given), Err(problem.to_owned()), "{id} {input} {given}");
        }
    }

    #[test]
    fn null_within_an_object_is_left_out() {
        let keys = json!([{ "keyUuid": "x", "userId": null }]);
        assert_eq!(wire("bulk_add_keys", "keys", &keys), Ok(json!([{ "keyUuid": "x" }])));
    }
}
