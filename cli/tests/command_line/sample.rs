//! Values of every shape, made up from the table of operations.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use spkey::{Input, InputLocation, Operation, ScalarKind, Shape};

use crate::home::SECRET;

/// A value with everything that the shape has.
pub(crate) fn value(shape: &Shape) -> Value {
    match shape {
        Shape::Scalar(kind) => match kind {
            ScalarKind::Text => json!("some text +&%é"),
            ScalarKind::SecretText => json!(format!("{SECRET} +&%é")),
            ScalarKind::Integer => json!(7),
            ScalarKind::Float => json!(3.5),
            ScalarKind::Boolean => json!(true),
            ScalarKind::Lock => json!("123"),
            ScalarKind::User => json!("550e8400-e29b-41d4-a716-446655440000"),
            ScalarKind::Time => json!("2026-11-27T12:00:00Z"),
            ScalarKind::Version => json!(3),
            ScalarKind::Enum(known) => json!(known[0]),
            _ => panic!("{kind:?} has no sample"),
        },
        Shape::Object(fields) => fields.iter().map(|field| (field.name.to_owned(), value(field.shape))).collect(),
        Shape::List(shape) => json!([value(shape)]),
        Shape::Map(shape) => json!({ "some key": value(shape) }),
        _ => json!({ "of any": ["shape", 1, null, SECRET] }),
    }
}

/// The arguments of a command that sets every input.
pub(crate) fn arguments(operation: &Operation) -> Vec<String> {
    let full_name = operation.id.replace('_', "-");
    let mut arguments = vec![operation.area.to_owned(), full_name];
    for input in operation.inputs {
        let sample = value(input.shape);
        let given = match &sample {
            Value::Array(list) => text(&list[0]),
            value => text(value),
        };
        let name = input.name.trim_end_matches('_').replace('_', "-");
        arguments.push(if is_in_path(input) { given } else { format!("--{name}={given}") });
    }
    arguments
}

/// The path, the query and the body that the arguments stand for.
pub(crate) fn parts(operation: &Operation) -> (String, BTreeMap<String, String>, Option<Value>) {
    let (mut path, mut query, mut body) = (operation.path.to_owned(), BTreeMap::new(), serde_json::Map::new());
    let mut has_body = false;
    for input in operation.inputs {
        let sample = value(input.shape);
        if is_in_path(input) {
            path = path.replace(&format!("{{{}}}", input.wire), &text(&sample));
        }
        if input.location == InputLocation::Query {
            query.insert(input.wire.to_owned(), text(&sample));
        }
        if matches!(input.location, InputLocation::Body | InputLocation::PathAndBody) {
            body.insert(input.wire.to_owned(), sample);
            has_body = true;
        }
    }
    (path, query, has_body.then(|| body.into()))
}

fn is_in_path(input: &Input) -> bool {
    matches!(input.location, InputLocation::Path | InputLocation::PathAndBody)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}
