//! Writes new nodes as YAML in the style of our contract.

use serde_json::Value;

use crate::document::entries;

/// The longest line that a list of values may make.
const WIDTH: usize = 120;

/// An entry of a mapping, as lines.
pub(crate) fn entry_lines(key: &str, value: &Value, indent: usize) -> Vec<String> {
    let margin = " ".repeat(indent);
    let start = format!("{margin}{}:", plain_key(key));
    if value.is_null() {
        return vec![start];
    }
    if let Some(flow) = flow(key, value) {
        let line = format!("{start} {flow}");
        if line.chars().count() <= WIDTH || !value.is_array() {
            return vec![line];
        }
    }
    let mut lines = vec![start];
    match value {
        Value::Array(list) => lines.extend(list.iter().flat_map(|item| item_lines(item, indent + 2))),
        _ => lines.extend(entries(value).flat_map(|(key, value)| entry_lines(key, value, indent + 2))),
    }
    lines
}

/// An element of a list, as lines.
pub(crate) fn item_lines(value: &Value, indent: usize) -> Vec<String> {
    let mut lines: Vec<String> = entries(value).flat_map(|(key, value)| entry_lines(key, value, indent + 2)).collect();
    match lines.first_mut() {
        Some(first) => first.replace_range(indent..=indent, "-"),
        None => lines.push(format!("{}- {}", " ".repeat(indent), scalar(value))),
    }
    lines
}

/// A node in one line, if that is how our contract writes it: values, lists of values, and short schemas.
fn flow(key: &str, value: &Value) -> Option<String> {
    let is_scalar = |value: &Value| !value.is_null() && !value.is_array() && !value.is_object();
    match value {
        Value::Array(list) if list.iter().all(is_scalar) => {
            Some(format!("[{}]", list.iter().map(scalar).collect::<Vec<_>>().join(", ")))
        }
        Value::Array(_) => None,
        Value::Object(object) if object.is_empty() => Some("{}".into()),
        Value::Object(object) => {
            let is_short = matches!(key, "schema" | "items" | "additionalProperties") || object.keys().eq(["$ref"]);
            let parts = object.iter().map(|(key, value)| format!("{}: {}", plain_key(key), scalar(value)));
            (is_short && object.values().all(is_scalar))
                .then(|| format!("{{ {} }}", parts.collect::<Vec<_>>().join(", ")))
        }
        _ => Some(scalar(value)),
    }
}

/// A value without entries or elements.
pub(crate) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        // A JSON text is a YAML text in double quotes.
        _ => value.to_string(),
    }
}

fn plain_key(key: &str) -> String {
    let is_range = matches!(key, "4XX" | "5XX");
    if is_range || key == "$ref" || key.starts_with('/') || is_plain(key) {
        key.into()
    } else {
        Value::from(key).to_string()
    }
}

/// Whether a text needs no quotes, in YAML 1.1 and 1.2, in a line of its own and in a list.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/' | '\'' | '`'))
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_lowercase().as_str())
}
