use serde_json::Value;

use crate::matter::path::Path;
use crate::value::conversion_error::ConversionError;
use crate::value::date_time::DateTime;
use crate::value::from_scalar::scalar;
use crate::value::sensitive_json::SensitiveJson;

/// When each value of a shadow last changed, as AWS IoT records it: epoch seconds, nested as the states are.
///
/// ```
/// use spkey::matter::{Metadata, door_lock};
///
/// let metadata = Metadata::try_from(serde_json::json!({
///     "reported": { "1/257/0": { "timestamp": 1_795_780_800 } }
/// }))?;
/// let changed = metadata.reported_at(door_lock::LOCK_STATE.on(1)).unwrap();
/// assert_eq!(changed.unix_millis(), 1_795_780_800_000);
/// assert!(metadata.desired_at(door_lock::LOCK_STATE.on(1)).is_none());
/// # Ok::<(), spkey::ConversionError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata(SensitiveJson);

impl Metadata {
    /// When the device reported the value at a path, to the second. Of a list, when its newest element was.
    #[must_use]
    #[inline]
    pub fn reported_at(&self, path: Path) -> Option<DateTime> {
        self.time("reported", path)
    }

    /// When the value at a path was desired.
    #[must_use]
    #[inline]
    pub fn desired_at(&self, path: Path) -> Option<DateTime> {
        self.time("desired", path)
    }

    /// The metadata as sent.
    #[must_use]
    #[inline]
    pub fn raw(&self) -> &SensitiveJson {
        &self.0
    }

    /// Metadata that is not divided by states is of both.
    #[inline]
    fn time(&self, state: &str, path: Path) -> Option<DateTime> {
        let is_divided = ["reported", "desired"].iter().any(|state| self.0.get(state).is_some());
        let times = if is_divided { &self.0[state] } else { &*self.0 };
        newest(times.get(path.to_string())?)
    }
}

/// The newest time in the metadata of a value. Its depth has a bound: the parser's.
#[inline]
fn newest(node: &Value) -> Option<DateTime> {
    match node {
        Value::Array(elements) => elements.iter().filter_map(newest).max(),
        Value::Object(entries) => entries.values().filter_map(newest).max(),
        time => scalar(time),
    }
}

impl TryFrom<Value> for Metadata {
    type Error = ConversionError;

    #[inline]
    fn try_from(json: Value) -> Result<Self, ConversionError> {
        if json.is_object() {
            Ok(Self(json.into()))
        } else {
            Err(ConversionError::new("not metadata: give a JSON object"))
        }
    }
}
