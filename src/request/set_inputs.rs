use serde::Serialize;
use serde_json::Value;

use crate::request::operation::Input;
use crate::value::secret::Secret;

/// The inputs of a call that are set, with their values as they are on the wire.
#[derive(Default)]
pub struct SetInputs(Vec<(&'static Input, Value)>);

impl SetInputs {
    /// Adds an input, if it is set.
    pub(crate) fn add(&mut self, input: &'static Input, value: Option<&impl WireValue>) {
        self.0.extend(value.map(|value| (input, value.to_wire())));
    }
}

impl IntoIterator for SetInputs {
    type Item = (&'static Input, Value);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A value as JSON, secrets too.
pub(crate) trait WireValue {
    fn to_wire(&self) -> Value;
}

impl<T: Serialize> WireValue for T {
    fn to_wire(&self) -> Value {
        // Inputs are structs with text as keys, which can always be written.
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl WireValue for Secret {
    fn to_wire(&self) -> Value {
        self.expose().into()
    }
}
