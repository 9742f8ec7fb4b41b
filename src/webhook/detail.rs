use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::value::read_fields::as_text;
use crate::{DomainEvent, OpaqueJson};

/// What a delivery tells. Borrowed from the [`Delivery`](super::Delivery), which has it as raw JSON too.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Detail<'a> {
    /// Something happened: source `spk.api`.
    Event(EventDetail<'a>),
    /// The state of a device in AWS IoT changed: source `spk.iot.shadow`.
    Shadow(ShadowDetail<'a>),
    /// Something from a source that this version does not know. [`Delivery::raw`](super::Delivery::raw) has it as it came;
    /// answer it with 2xx all the same.
    Unknown,
}

/// An event, and to what it happened.
#[derive(Clone, Copy)]
pub struct EventDetail<'a>(pub(super) &'a Value);

/// A new state of a device in AWS IoT. The states are JSON inside a text each and are read when they are asked for.
#[derive(Clone, Copy)]
pub struct ShadowDetail<'a>(pub(super) &'a Value);

/// A state of a shadow that is not JSON. [`Delivery::raw`](super::Delivery::raw) has it as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidState(&'static str);

impl<'a> EventDetail<'a> {
    /// The event, or none where the delivery has none.
    #[must_use]
    #[inline]
    pub fn event(self) -> Option<DomainEvent> {
        DomainEvent::read(&self.0["data"])
    }

    /// What kind of thing it happened to.
    #[must_use]
    pub fn aggregate_type(self) -> Option<&'a str> {
        self.0["aggregateType"].as_str()
    }

    /// The id of the thing that it happened to.
    #[must_use]
    pub fn aggregate_id(self) -> Option<String> {
        as_text(&self.0["aggregateId"])
    }

    /// The version that the thing has since. It counts up by one an event: deliveries may come in another order.
    #[must_use]
    pub fn version(self) -> Option<f64> {
        self.0["version"].as_f64()
    }

    /// When it happened.
    #[must_use]
    pub fn timestamp(self) -> Option<SystemTime> {
        let timestamp = &self.0["timestamp"];
        let fraction = || Duration::try_from_secs_f64(timestamp.as_f64()? / 1000.0).ok();
        SystemTime::UNIX_EPOCH.checked_add(timestamp.as_u64().map(Duration::from_millis).or_else(fraction)?)
    }
}

impl<'a> ShadowDetail<'a> {
    /// The name of the device's thing in AWS IoT.
    #[must_use]
    pub fn thing_name(self) -> Option<&'a str> {
        self.0["thingName"].as_str()
    }

    /// The version of the shadow.
    #[must_use]
    pub fn version(self) -> Option<f64> {
        self.0["version"].as_f64()
    }

    /// The state that the device reports, or none where it reports none.
    ///
    /// # Errors
    /// Where the state is a text and that is not JSON. The same goes for the other states.
    pub fn reported_state(self) -> Result<Option<OpaqueJson>, InvalidState> {
        self.state("reportedState")
    }

    /// The state that the device is to reach.
    ///
    /// # Errors
    /// As [`reported_state`](Self::reported_state).
    pub fn desired_state(self) -> Result<Option<OpaqueJson>, InvalidState> {
        self.state("desiredState")
    }

    /// In what the state to reach differs from the reported one.
    ///
    /// # Errors
    /// As [`reported_state`](Self::reported_state).
    pub fn delta_state(self) -> Result<Option<OpaqueJson>, InvalidState> {
        self.state("deltaState")
    }

    /// When each part of the states last changed.
    ///
    /// # Errors
    /// As [`reported_state`](Self::reported_state).
    pub fn metadata(self) -> Result<Option<OpaqueJson>, InvalidState> {
        self.state("metadata")
    }

    fn state(self, key: &'static str) -> Result<Option<OpaqueJson>, InvalidState> {
        let state = match &self.0[key] {
            Value::String(text) if text.is_empty() => Value::Null,
            Value::String(text) => serde_json::from_str(text).map_err(|_| InvalidState(key))?,
            state => state.clone(),
        };
        Ok(Some(state).filter(|state| !state.is_null()).map(OpaqueJson::from))
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
        write!(f, "the shadow's {} is a text that is not JSON: read it by Delivery::raw", self.0)
    }
}

impl std::error::Error for InvalidState {}
