use std::ops::Deref;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::value::any_value::any_value;

/// JSON whose shape the contract leaves open: an event, the arguments of a hub's command, a device's state. It may hold PINs
/// and other secrets, so its `Debug` shows nothing of it. It derefs to the [`Value`], which does print: keep that out of logs.
///
/// In a response it is kept as text, and parsed when it is read first: parsed JSON takes up to a hundred times as much memory.
/// Levels that are nested too deep to be parsed, more than a hundred, are kept as text inside.
///
/// ```
/// let event = spkey::SensitiveJson::from(serde_json::json!({ "type": "PinSet", "data": { "pin": "4821" } }));
/// assert_eq!(event["type"], "PinSet");
/// assert_eq!(format!("{event:?}"), "SensitiveJson { .. }");
/// ```
#[derive(Clone)]
pub struct SensitiveJson {
    /// As it came; none if it was made from a value.
    raw: Option<Box<RawValue>>,
    value: OnceLock<Value>,
}

impl SensitiveJson {
    /// The JSON itself. Keep it out of logs: its `Debug` and `Display` show everything.
    ///
    /// ```
    /// let json = spkey::SensitiveJson::from(serde_json::json!({ "pin": "4821" }));
    /// assert_eq!(json.into_inner(), serde_json::json!({ "pin": "4821" }));
    /// ```
    pub fn into_inner(self) -> Value {
        let _parsed = self.value();
        self.value.into_inner().unwrap_or_default()
    }

    /// The JSON as text, as it came. Keep it out of logs.
    ///
    /// ```
    /// let json: spkey::SensitiveJson = serde_json::from_str("[1.0, 2]")?;
    /// assert_eq!(json.text(), "[1.0, 2]");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn text(&self) -> String {
        self.raw.as_ref().map_or_else(|| self.value().to_string(), |raw| raw.get().to_owned())
    }

    /// Visits every text and number in it, however deep, as text.
    pub(crate) fn for_each_scalar(&self, mut visit: impl FnMut(&str)) {
        let mut pending = vec![self.value()];
        while let Some(value) = pending.pop() {
            match value {
                Value::String(text) => visit(text),
                Value::Number(number) => visit(&number.to_string()),
                Value::Array(values) => pending.extend(values),
                Value::Object(map) => pending.extend(map.values()),
                Value::Null | Value::Bool(_) => {}
            }
        }
    }

    fn value(&self) -> &Value {
        self.value.get_or_init(|| {
            let parsed = self.raw.as_ref().map(|raw| any_value(raw.get().as_bytes()));
            parsed.and_then(Result::ok).unwrap_or_default()
        })
    }
}

impl Deref for SensitiveJson {
    type Target = Value;

    fn deref(&self) -> &Value {
        self.value()
    }
}

impl From<Value> for SensitiveJson {
    fn from(value: Value) -> Self {
        Self { raw: None, value: value.into() }
    }
}

impl PartialEq for SensitiveJson {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl Serialize for SensitiveJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.raw {
            Some(raw) => raw.serialize(serializer),
            None => self.value().serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for SensitiveJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { raw: Some(Box::deserialize(deserializer)?), value: OnceLock::new() })
    }
}

crate::value::secret::hidden!(SensitiveJson);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_as_it_came_and_parsed_when_it_is_read() {
        let json: SensitiveJson = serde_json::from_str(r#"{ "a": [1.0, "\ud83c"], "b": 1e2 }"#).unwrap();
        assert_eq!(json["a"][0].as_f64(), Some(1.0));
        assert_eq!(json["a"][1], "\u{fffd}");
        assert_eq!(serde_json::to_string(&json).unwrap(), r#"{ "a": [1.0, "\ud83c"], "b": 1e2 }"#);
        assert_eq!(json, SensitiveJson::from(json.clone().into_inner()));
    }

    #[test]
    fn json_that_is_too_deep_is_text_from_there_on() {
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        let json: SensitiveJson = serde_json::from_str(&deep).unwrap();
        assert!(json[0][0].is_array());
        assert_eq!(json.text(), deep);
    }

    #[test]
    fn every_text_and_number_is_visited() {
        let mut deep = serde_json::json!("deepest");
        for _ in 0..130 {
            deep = serde_json::json!([deep]);
        }
        let json = SensitiveJson::from(serde_json::json!({ "a": ["x", 7, null, true], "b": deep }));
        let mut seen = Vec::new();
        json.for_each_scalar(|text| seen.push(text.to_owned()));
        seen.sort();
        assert_eq!(seen, ["7", "deepest", "x"]);
    }
}
