use serde_json::Value;

/// The value at a dotted path: names of an object, numbers of a list from 0, and `*` for a list of what all its elements have
/// there. None where something is missing.
pub(crate) fn at(value: &Value, path: &str) -> Option<Value> {
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    let next = match (value, step) {
        (Value::Array(elements), "*") => return elements.iter().map(|element| at(element, rest)).collect(),
        (Value::Array(elements), _) => elements.get(step.parse::<usize>().ok()?)?,
        _ => value.get(step)?,
    };
    if rest.is_empty() { Some(next.clone()) } else { at(next, rest) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::at;

    #[test]
    fn path_leads_through_objects_and_lists() {
        let value = json!({ "a": { "b": [{ "c": 1 }, { "c": null }] } });
        assert_eq!(at(&value, "a.b.0.c"), Some(json!(1)));
        assert_eq!(at(&value, "a.b.1.c"), Some(json!(null)));
        assert_eq!(at(&value, "a.b.*.c"), Some(json!([1, null])));
        for missing in ["b", "a.c", "a.b.2.c", "a.b.c", "a.b.*.d", "a.b.0.c.d"] {
            assert_eq!(at(&value, missing), None, "{missing}");
        }
    }
}
