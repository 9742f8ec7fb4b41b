use serde_json::{Map, Value};

/// Adds an item to a list of a state.
pub(super) fn push(state: &mut Value, list: &str, item: Value) {
    if let Some(items) = state[list].as_array_mut() {
        items.push(item);
    }
}

/// Takes the items out of a list whose field has that value.
pub(super) fn remove(state: &mut Value, list: &str, field: &str, value: &Value) {
    if let Some(items) = state[list].as_array_mut() {
        items.retain(|item| item[field] != *value);
    }
}

/// The item of a list whose field has that value.
pub(super) fn item<'a>(state: &'a mut Value, list: &str, field: &str, value: &Value) -> Option<&'a mut Value> {
    state[list].as_array_mut()?.iter_mut().find(|item| item[field] == *value)
}

/// Sets fields that an event has; the others stay.
pub(super) fn set(state: &mut Value, from: &Value, names: &[&str]) {
    let empty = Map::new();
    let from = from.as_object().unwrap_or(&empty);
    for (name, value) in from.iter().filter(|(name, _)| names.contains(&name.as_str())) {
        state[name] = value.clone();
    }
}
