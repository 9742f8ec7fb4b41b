use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing::debug;

use crate::types;
use crate::value::reader;
use crate::value::sensitive_json::SensitiveJson;
use crate::value::shape::{Shape, Shaped};

/// An event that no variant of [`DomainEvent`] can hold: its type is newer than this version, or a field has another
/// JSON type than the contract says. Nothing of it is lost.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownEvent {
    event_type: Option<String>,
    raw: SensitiveJson,
}

impl UnknownEvent {
    /// The type of the event as sent, if there is one.
    #[must_use]
    pub fn event_type(&self) -> Option<&str> {
        self.event_type.as_deref()
    }

    /// The event as sent, as JSON.
    #[must_use]
    pub fn raw(&self) -> &SensitiveJson {
        &self.raw
    }
}

macro_rules! domain_event {
    ($($event:ident($payload:ident) $description:literal),+ $(,)?) => {
        /// Something that happened to a lock, a user, a hub or another object. Responses of commands have it in
        /// `event`, and webhooks deliver it.
        ///
        /// Get it with `response.event()`, with [`Delivery::event`](crate::webhook::Delivery::event), or from any other
        /// JSON with [`DomainEvent::read`]. Reading never fails: a field that is missing or null is `None`, a field
        /// that is newer than this version is found in the raw JSON only, and an event that does not fit its type is
        /// [`Unknown`](DomainEvent::Unknown).
        ///
        /// ```
        /// use spkey::DomainEvent;
        ///
        /// let json = serde_json::json!({ "type": "KeyAdded", "data": { "lockId": 123, "keyUuid": "key-7" } });
        /// match DomainEvent::read(&json) {
        ///     Some(DomainEvent::KeyAdded(key)) => assert_eq!(key.lock_id, Some(123.try_into().unwrap())),
        ///     other => panic!("{other:?}"),
        /// }
        /// ```
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum DomainEvent {
            $(
                #[doc = $description]
                $event(types::$payload),
            )+
            /// An event that this version does not know, as sent.
            Unknown(UnknownEvent),
        }

        impl DomainEvent {
            /// The event types that this version knows, in the order of the contract.
            pub const KNOWN: &'static [&'static str] = &[$(stringify!($event)),+];

            /// The type of the event as sent, like `KeyAdded`. `None` only for an unknown event without a type.
            #[must_use]
            pub fn event_type(&self) -> Option<&str> {
                match self {
                    $(Self::$event(_) => Some(stringify!($event)),)+
                    Self::Unknown(event) => event.event_type(),
                }
            }

            /// The JSON of an event's fields, by its type; none if this version does not know it.
            ///
            /// ```
            /// use spkey::{DomainEvent, Shape};
            ///
            /// assert!(matches!(DomainEvent::shape("KeyAdded"), Some(Shape::Object(_))));
            /// assert!(DomainEvent::shape("LockPainted").is_none());
            /// ```
            #[must_use]
            pub fn shape(event_type: &str) -> Option<&'static Shape> {
                match event_type {
                    $(stringify!($event) => Some(<types::$payload as Shaped>::SHAPE),)+
                    _ => None,
                }
            }

            /// The event as webhooks deliver it: the fields next to the type.
            #[cfg(feature = "mock")]
            pub(crate) fn to_webhook_data(&self) -> Value {
                let (event_type, payload) = match self {
                    $(Self::$event(payload) => (stringify!($event), serde_json::to_value(payload)),)+
                    Self::Unknown(event) => return Value::clone(&event.raw),
                };
                // Payloads are structs with text as keys, which can always be written.
                let mut data = payload.unwrap_or_default();
                data["type"] = event_type.into();
                data
            }

            #[inline]
            fn known(event_type: &str, json: &Value) -> Option<Self> {
                match event_type {
                    $(stringify!($event) => payload(json).map(Self::$event),)+
                    _ => None,
                }
            }
        }
    };
}

macro_rules! command_responses {
    ($($response:ident),*) => {$(
        impl types::$response {
            /// The event that the command recorded, or `None` if it changed nothing. The field `event` has the raw
            /// JSON.
            #[must_use]
            #[inline]
            pub fn event(&self) -> Option<DomainEvent> {
                self.event.as_deref().and_then(DomainEvent::read)
            }
        }
    )*};
}

macro_rules! event_records {
    ($($record:ident),*) => {$(
        impl types::$record {
            /// The event of this record. If the event has no type inside, the type of the record is used. The field
            /// `event` has the raw JSON.
            #[must_use]
            #[inline]
            pub fn event(&self) -> Option<DomainEvent> {
                self.event.as_deref().and_then(|event| DomainEvent::read_as(event, self.type_.as_deref()))
            }
        }
    )*};
}

include!(concat!(env!("OUT_DIR"), "/events.rs"));

impl DomainEvent {
    /// Reads an event in both forms that the service uses: `{"type": .., "data": {..}}` in responses, and `{"type": ..,
    /// ..}` with the fields next to the type in webhooks. `None` for null and for the text `"null"`.
    ///
    /// ```
    /// use spkey::DomainEvent;
    /// use serde_json::json;
    ///
    /// let event = DomainEvent::read(&json!({ "type": "LockPainted", "colour": "red" })).unwrap();
    /// assert!(matches!(&event, DomainEvent::Unknown(unknown) if unknown.raw()["colour"] == "red"));
    /// assert!(DomainEvent::read(&json!(null)).is_none());
    /// ```
    #[must_use]
    #[inline]
    pub fn read(json: &Value) -> Option<Self> {
        Self::read_as(json, None)
    }

    /// Reads an event; `fallback_type` is its type if there is none inside.
    #[inline]
    fn read_as(json: &Value, fallback_type: Option<&str>) -> Option<Self> {
        if json.is_null() || json == "null" {
            return None;
        }
        let event_type = json["type"].as_str().or(fallback_type);
        let known = event_type.and_then(|event_type| Self::known(event_type, json));
        Some(known.unwrap_or_else(|| {
            Self::Unknown(UnknownEvent { event_type: event_type.map(ToOwned::to_owned), raw: json.clone().into() })
        }))
    }
}

/// Reads the fields of an event from its `data` or from next to its type, whichever has more of the fields that the
/// payload knows. So neither a new field next to `data`, nor a new payload field that is called `data`, hides the
/// others.
fn payload<T: DeserializeOwned + Shaped>(json: &Value) -> Option<T> {
    let Shape::Object(known) = T::SHAPE else { return None };
    let count = |json: &Value| known.iter().filter(|field| json.get(field.name).is_some()).count();
    let fields = match json.as_object()?.get("data") {
        Some(data @ Value::Object(_)) if count(data) >= count(json) => data,
        Some(data) if !data.is_object() && !data.is_null() && count(json) == 0 => return None,
        _ => json,
    };
    let (payload, ignored) = reader::from_value(fields).ok()?;
    if !ignored.paths().is_empty() {
        debug!(event = json["type"].as_str(), paths = ?ignored.paths(), "spkey.ignored");
    }
    Some(payload)
}
