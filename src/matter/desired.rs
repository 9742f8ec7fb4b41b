use std::fmt;

use serde_json::{Map, Value};

use crate::matter::attribute::{Attribute, AttributeValue};
use crate::value::conversion_error::ConversionError;
use crate::value::into_input::converted_input;
use crate::value::sensitive_json::SensitiveJson;

/// The state that a device should take, for
/// [`update_matter_desired_shadow`](crate::Client::update_matter_desired_shadow). To send one without a value is an error of
/// `send`.
///
/// It sets attributes; commands of a device, such as locking a door, are not sent by it. `Debug` shows paths, and no values.
///
/// ```no_run
/// use spkey::matter::{Desired, door_lock};
///
/// # async fn example(spkey: &spkey::Client) -> Result<(), spkey::Error> {
/// let desired = Desired::new().set(door_lock::AUTO_RELOCK_TIME, 30);
/// spkey.update_matter_desired_shadow("7d44").desired(desired).send().await?;
/// # Ok(())
/// # }
/// ```
///
/// A value of another type does not compile:
///
/// ```compile_fail,E0277
/// use spkey::matter::{Desired, door_lock};
///
/// Desired::new().set(door_lock::AUTO_RELOCK_TIME, "30 seconds");
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Desired(Map<String, Value>);

impl Desired {
    /// With no value.
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an attribute on endpoint 1, where most devices have their function. A value that was set before is replaced.
    ///
    /// A device may have it on another endpoint: its reported [`State`](super::State) shows where.
    #[must_use]
    pub fn set<T: AttributeValue>(self, attribute: Attribute<T>, value: impl Into<T>) -> Self {
        self.set_on(1, attribute, value)
    }

    /// Sets an attribute on any endpoint.
    #[must_use]
    pub fn set_on<T: AttributeValue>(mut self, endpoint: u16, attribute: Attribute<T>, value: impl Into<T>) -> Self {
        self.0.insert(attribute.on(endpoint).to_string(), value.into().write());
        self
    }
}

impl TryFrom<Desired> for SensitiveJson {
    type Error = ConversionError;

    #[inline]
    fn try_from(desired: Desired) -> Result<Self, ConversionError> {
        if desired.0.is_empty() {
            return Err(ConversionError::new("no attribute is set: add one by `Desired::set`"));
        }
        Ok(Value::Object(desired.0).into())
    }
}

converted_input!(Desired => SensitiveJson);

impl fmt::Debug for Desired {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desired").field("paths", &self.0.keys().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}
