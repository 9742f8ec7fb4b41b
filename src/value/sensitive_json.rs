use std::ops::Deref;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// JSON whose shape the contract does not tell: an event, the arguments of a hub's command, a device's state. It may hold
/// PINs and other secrets, so that `Debug` shows nothing of it.
///
/// ```
/// let event = spkey::OpaqueJson::from(serde_json::json!({ "type": "PinSet", "data": { "pin": "4821" } }));
/// assert_eq!(event["type"], "PinSet");
/// assert_eq!(format!("{event:?}"), "OpaqueJson { .. }");
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OpaqueJson(Value);

impl OpaqueJson {
    /// The JSON itself. Keep it out of logs.
    pub fn into_inner(self) -> Value {
        self.0
    }
}

impl Deref for OpaqueJson {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

impl From<Value> for OpaqueJson {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

crate::value::secret::hidden!(OpaqueJson);
