use serde_json::Value;
use serde_json::value::RawValue;

use crate::value::entries::{Entries, Entry};
use crate::value::json;

/// Far below what overflows a stack; `serde_json` itself stops at 128.
const MAX_DEPTH: usize = 64;

/// Parses any JSON, also where `serde_json` does not: a number beyond all floats, such as `1e400`, and what is nested too deep
/// are kept as text.
///
/// # Errors
/// Where it is no JSON.
pub(crate) fn any_value(bytes: &[u8]) -> serde_json::Result<Value> {
    json::from_slice(bytes).or_else(|_| {
        let json = json::valid_unicode(json::without_byte_order_mark(bytes));
        let json: &RawValue = json::from_text(&json)?;
        Ok(value(json.get(), 0))
    })
}

fn value(json: &str, depth: usize) -> Value {
    if let Ok(value) = json::from_text(json) {
        return value;
    }
    if depth < MAX_DEPTH {
        if let Ok(Entries(entries)) = json::from_text(json) {
            let entries = entries.into_iter();
            return entries.map(|Entry { name, json }| (name.into_owned(), value(json.get(), depth + 1))).collect();
        }
        if let Ok(elements) = json::from_text::<Vec<&RawValue>>(json) {
            return elements.into_iter().map(|json| value(json.get(), depth + 1)).collect();
        }
    }
    json.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn valid_json_is_parsed_as_by_serde_json() {
        let json = r#"{ "a": [1, "b", null], "c": 1.5 }"#;
        assert_eq!(any_value(json.as_bytes()).unwrap(), serde_json::from_str::<Value>(json).unwrap());
    }

    #[test]
    fn deep_json_is_kept_as_text_and_what_is_beside_it_is_parsed() {
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        let value =
            any_value(format!("\u{feff}{{ \"id\": \"7\", \"x\": [{deep}], \"y\": \"\\ud83c\" }}").as_bytes()).unwrap();
        assert_eq!((&value["id"], &value["y"]), (&json!("7"), &json!("\u{fffd}")));
        let mut inner = &value["x"];
        while let Some(element) = inner.get(0) {
            inner = element;
        }
        assert!(inner.as_str().is_some_and(|text| text.starts_with("[[") && text.ends_with("]]")));
    }

    #[test]
    fn number_beyond_all_floats_loses_nothing_beside_it() {
        let value = any_value(br#"{ "id": "7", "x": [1e400, { "y": -1e999 }] }"#).unwrap();
        assert_eq!(value["id"], "7");
        // As a number where another crate turns `arbitrary_precision` on.
        assert_eq!(value["x"][0].to_string().trim_matches('"').replace('+', ""), "1e400");
    }

    #[test]
    fn what_is_no_json_is_an_error_of_its_kind() {
        for json in ["", "[1e400", r#"{ "a": 1e400, "b": "#] {
            assert!(any_value(json.as_bytes()).unwrap_err().is_eof(), "{json}");
        }
        assert!(any_value(b"[1e400,]").unwrap_err().is_syntax());
    }
}
