use std::fmt;

use serde_json::Value;

use crate::events::DomainEvent;
use crate::value::any_value::any_value;
use crate::value::date_time::DateTime;
use crate::value::from_scalar::scalar;
use crate::value::number::Number;
use crate::value::sensitive_json::SensitiveJson;

/// What a delivery reports, borrowed from the [`Delivery`](super::Delivery).
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Detail<'a> {
    /// Something happened: source `spk.api`.
    Event(EventDetail<'a>),
    /// The state of a device in AWS IoT changed: source `spk.iot.shadow`.
    Shadow(ShadowDetail<'a>),
    /// Something that this version cannot read: from a source that it does not know, or a `detail` that is not an
    /// object. Respond with 2xx nevertheless; [`Delivery::raw`](super::Delivery::raw) has all of it.
    Unknown,
}

/// An event, and what it happened to.
#[derive(Clone, Copy)]
pub struct EventDetail<'a>(pub(super) &'a Value);

/// A new state of a device in AWS IoT. Each of the states is sent as JSON inside a text, and is read when you ask for
/// it.
#[derive(Clone, Copy)]
pub struct ShadowDetail<'a>(pub(super) &'a Value);

/// A state of a shadow is text that is not JSON. [`Delivery::raw`](super::Delivery::raw) has it as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidState(&'static str);

impl<'a> EventDetail<'a> {
    /// The event, or `None` if the delivery has none.
    #[must_use]
    #[inline]
    pub fn event(self) -> Option<DomainEvent> {
        DomainEvent::read(&self.0["data"])
    }

    /// The kind of object that it happened to, like `lock`.
    #[must_use]
    pub fn aggregate_type(self) -> Option<&'a str> {
        self.0["aggregateType"].as_str()
    }

    /// The id of the object that it happened to.
    #[must_use]
    pub fn aggregate_id(self) -> Option<String> {
        scalar(&self.0["aggregateId"])
    }

    /// The version of the object after the event. Each event raises it by one, so it shows the order of events:
    /// deliveries may arrive in another order.
    #[must_use]
    pub fn version(self) -> Option<Number> {
        scalar(&self.0["version"])
    }

    /// When it happened.
    #[must_use]
    pub fn timestamp(self) -> Option<DateTime> {
        scalar(&self.0["timestamp"])
    }
}

impl<'a> ShadowDetail<'a> {
    /// The name of the device in AWS IoT (its "thing name").
    #[must_use]
    pub fn thing_name(self) -> Option<&'a str> {
        self.0["thingName"].as_str()
    }

    /// The version of the shadow.
    #[must_use]
    pub fn version(self) -> Option<Number> {
        scalar(&self.0["version"])
    }

    /// The state that the device reports, or `None` if it reports none.
    ///
    /// # Errors
    /// [`InvalidState`] if the state is text that is not JSON.
    pub fn reported_state(self) -> Result<Option<SensitiveJson>, InvalidState> {
        self.state("reportedState")
    }

    /// The state that the device should have.
    ///
    /// # Errors
    /// [`InvalidState`] if the state is text that is not JSON.
    pub fn desired_state(self) -> Result<Option<SensitiveJson>, InvalidState> {
        self.state("desiredState")
    }

    /// The part of the desired state that differs from the reported one.
    ///
    /// # Errors
    /// [`InvalidState`] if the state is text that is not JSON.
    pub fn delta_state(self) -> Result<Option<SensitiveJson>, InvalidState> {
        self.state("deltaState")
    }

    /// When each part of the states was last changed.
    ///
    /// # Errors
    /// [`InvalidState`] if the state is text that is not JSON.
    pub fn metadata(self) -> Result<Option<SensitiveJson>, InvalidState> {
        self.state("metadata")
    }

    fn state(self, key: &'static str) -> Result<Option<SensitiveJson>, InvalidState> {
        let state = match &self.0[key] {
            Value::String(text) if text.trim().is_empty() => Value::Null,
            Value::String(text) => any_value(text.as_bytes()).map_err(|_| InvalidState(key))?,
            state => state.clone(),
        };
        Ok(Some(state).filter(|state| !state.is_null()).map(SensitiveJson::from))
    }
}

impl fmt::Debug for Detail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(detail) => detail.fmt(f),
            Self::Shadow(detail) => detail.fmt(f),
            Self::Unknown => f.write_str("Unknown"),
        }
    }
}

impl fmt::Debug for EventDetail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("EventDetail");
        debug.field("type", &self.0["data"]["type"].as_str()).field("version", &self.version());
        debug.finish_non_exhaustive()
    }
}

impl fmt::Debug for ShadowDetail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ShadowDetail");
        debug.field("thing_name", &self.thing_name()).field("version", &self.version());
        debug.finish_non_exhaustive()
    }
}

impl fmt::Display for InvalidState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} of the shadow is text that is not JSON: use Delivery::raw to read it as sent", self.0)
    }
}

impl std::error::Error for InvalidState {}
