use std::fmt;

use serde_json::Value;

use super::shadow::ShadowDetail;
use crate::events::DomainEvent;
use crate::value::date_time::DateTime;
use crate::value::from_scalar::scalar;
use crate::value::number::Number;

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
