use serde_json::Value;

/// One value as text of several lines.
pub(crate) fn pretty(value: &Value) -> String {
    // JSON with text as keys can always be written.
    serde_json::to_string_pretty(value).unwrap_or_default()
}
