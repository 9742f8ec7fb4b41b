use serde_json::{Map, Value};
use spkey::{DomainEvent, FieldShape, ScalarKind, Shape};

/// What stands for a value that is not shown.
pub(crate) const HIDDEN: &str = "(hidden)";

/// Hides the secrets of a response: what the contract says is one, and every text and number of which the contract does not
/// say what it is. Returns whether anything was hidden.
pub(crate) fn hide(value: &mut Value, shape: &Shape) -> bool {
    match (shape, value) {
        (Shape::Scalar(ScalarKind::SecretText), value) => hide_scalars(value),
        (Shape::Scalar(_), value) => match value {
            // Where the contract has a scalar, anything else is of a later contract.
            Value::Object(_) | Value::Array(_) => hide_scalars(value),
            _ => false,
        },
        (Shape::Object(fields), Value::Object(map)) => hide_fields(map, fields),
        (Shape::List(shape), Value::Array(list)) => any(list.iter_mut(), |value| hide(value, shape)),
        (Shape::Map(shape), Value::Object(map)) => any(map.values_mut(), |value| hide(value, shape)),
        (_, value) => hide_open(value, None),
    }
}

fn hide_fields(map: &mut Map<String, Value>, fields: &[FieldShape]) -> bool {
    // The record of an event has its type beside it.
    let event_type = map.get("type").and_then(Value::as_str).map(ToOwned::to_owned);
    any(map.iter_mut(), |(name, value)| match fields.iter().find(|field| field.name == name) {
        Some(FieldShape { shape: Shape::Any, .. }) if name == "event" => hide_open(value, event_type.as_deref()),
        Some(field) => hide(value, field.shape),
        None => hide_scalars(value),
    })
}

/// Hides what the contract leaves open, but for what it says of an event of that type.
fn hide_open(value: &mut Value, event_type: Option<&str>) -> bool {
    let Value::Object(map) = value else { return hide_scalars(value) };
    let event_type = map.get("type").and_then(Value::as_str).or(event_type);
    let Some(Shape::Object(fields)) = event_type.and_then(DomainEvent::shape) else { return hide_scalars(value) };
    any(map.iter_mut(), |(name, value)| match (name.as_str(), value) {
        ("type", _) => false,
        ("data", Value::Object(data)) => hide_fields(data, fields),
        (name, value) => match fields.iter().find(|field| field.name == name) {
            Some(field) => hide(value, field.shape),
            None => hide_scalars(value),
        },
    })
}

/// Hides every text and number.
fn hide_scalars(value: &mut Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Object(map) => any(map.values_mut(), hide_scalars),
        Value::Array(list) => any(list.iter_mut(), hide_scalars),
        Value::String(_) | Value::Number(_) => {
            *value = HIDDEN.into();
            true
        }
    }
}

/// Whether it holds for any, after all were visited.
fn any<T>(values: impl Iterator<Item = T>, hide: impl FnMut(T) -> bool) -> bool {
    values.map(hide).fold(false, |any, one| any | one)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use spkey::Operation;

    use super::*;

    fn hidden(id: &str, mut value: Value) -> Value {
        hide(&mut value, Operation::find(id).unwrap().response.unwrap());
        value
    }

    #[test]
    fn what_the_contract_calls_a_secret_is_hidden_and_the_rest_is_shown() {
        let key = json!({ "success": true, "version": 7, "event": { "type": "KeyAdded", "data": { "lockId": 123, "keyUuid": "k" } } });
        let shown = json!({ "success": true, "version": 7, "event": { "type": "KeyAdded", "data": { "lockId": 123, "keyUuid": HIDDEN } } });
        assert_eq!(hidden("add_key", key), shown);
    }

    #[test]
    fn what_the_contract_does_not_know_is_hidden() {
        let newer =
            json!({ "success": true, "doorCode": "4821", "event": { "type": "PinSet", "pin": 4821, "active": true } });
        let shown =
            json!({ "success": true, "doorCode": HIDDEN, "event": { "type": HIDDEN, "pin": HIDDEN, "active": true } });
        assert_eq!(hidden("add_key", newer), shown);
        let odd = json!({ "version": { "pin": "4821" }, "success": ["4821", null] });
        assert_eq!(hidden("add_key", odd), json!({ "version": { "pin": HIDDEN }, "success": [HIDDEN, null] }));
    }

    #[test]
    fn type_of_an_event_may_stand_beside_it() {
        let record =
            json!({ "events": [{ "type": "KeyAdded", "event": { "lockId": 123, "keyUuid": "k", "new": 1 } }] });
        let event = json!({ "lockId": 123, "keyUuid": HIDDEN, "new": HIDDEN });
        assert_eq!(hidden("get_lock_events", record)["events"][0]["event"], event);
    }
}
