use serde_json::Value;

use crate::sample::Contract;

/// A place in a sample of the contract.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "facts of the contract, each on its own")]
pub struct Place {
    /// A JSON pointer.
    pub pointer: String,
    /// Whether it is a field of an object.
    pub is_field: bool,
    /// Whether the contract promises it.
    pub required: bool,
    pub is_enum: bool,
    /// A user's id, which a number never is.
    pub is_user: bool,
    /// An object whose names the contract does not know, or a list of anything.
    pub is_open: bool,
}

/// Every place in a sample of the schema, the sample itself too.
pub fn places(contract: &Contract, schema: &Value, sample: &Value) -> Vec<Place> {
    let mut places = Vec::new();
    add(contract, schema, sample, Place::default(), &mut places);
    places
}

fn add(contract: &Contract, schema: &Value, sample: &Value, place: Place, places: &mut Vec<Place>) {
    let is_user = schema["$ref"] == "#/components/schemas/UserId";
    let schema = contract.resolve(schema);
    let untyped = |schema: &Value| schema["type"].is_null() || schema["additionalProperties"] == true;
    let is_untyped = untyped(schema);
    let is_open = is_untyped
        || schema["additionalProperties"].is_object()
        || sample.is_array() && untyped(contract.resolve(&schema["items"]));
    let pointer = place.pointer.clone();
    places.push(Place { is_enum: schema.get("enum").is_some(), is_user, is_open, ..place });
    if is_untyped {
        return; // it is kept as it came
    }
    match sample {
        Value::Object(map) => {
            for (name, value) in map {
                let typed = schema["properties"].get(name);
                let required = schema["required"].as_array().is_some_and(|names| names.contains(&name.as_str().into()));
                let property = typed.unwrap_or(&schema["additionalProperties"]);
                let pointer = format!("{pointer}/{name}");
                let place = Place { pointer, is_field: typed.is_some(), required, ..Place::default() };
                add(contract, property, value, place, places);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                let place = Place { pointer: format!("{pointer}/{index}"), ..Place::default() };
                add(contract, &schema["items"], value, place, places);
            }
        }
        _ => {}
    }
}
