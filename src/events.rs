use serde_json::Value;

use crate::value::read_fields::{self as fields, ReadFields};
use crate::{OpaqueJson, types};

/// An event that no variant of [`DomainEvent`] holds: of a type that this version does not know, or of a known one with a
/// field whose kind has changed. It is kept whole.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownEvent {
    event_type: Option<String>,
    raw: OpaqueJson,
}

impl UnknownEvent {
    /// The type that the event says it is of.
    #[must_use]
    pub fn event_type(&self) -> Option<&str> {
        self.event_type.as_deref()
    }

    /// The event as it came.
    #[must_use]
    pub fn raw(&self) -> &OpaqueJson {
        &self.raw
    }
}

macro_rules! domain_event {
    ($($event:ident($payload:ident) $description:literal),+ $(,)?) => {
        /// What happened to a lock, a user, a hub or another thing: what a command answers in `event`, and what webhooks
        /// deliver.
        ///
        /// An answer gives it by `answer.event()`, a delivery by
        /// [`Delivery::event`](crate::webhook::Delivery::event), and any other JSON by [`DomainEvent::read`]. Reading never
        /// fails. A field that is missing or null is none, one that is new is in the raw JSON, and an event that cannot
        /// be read otherwise is [`Unknown`](DomainEvent::Unknown).
        ///
        /// ```
        /// use spkey::DomainEvent;
        ///
        /// let json = serde_json::json!({ "type": "KeyAdded", "data": { "lockId": 123, "keyUuid": "key-7" } });
        /// match DomainEvent::read(&json) {
        ///     Some(DomainEvent::KeyAdded(key)) => assert_eq!(key.key_uuid.as_deref(), Some("key-7")),
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
            /// An event that this version does not know, as it came.
            Unknown(UnknownEvent),
        }

        impl DomainEvent {
            /// The types of event that this version knows, in the order of the contract.
            pub const KNOWN: &'static [&'static str] = &[$(stringify!($event)),+];

            /// The type of the event, as it is on the wire; none where it does not say.
            #[must_use]
            pub fn event_type(&self) -> Option<&str> {
                match self {
                    $(Self::$event(_) => Some(stringify!($event)),)+
                    Self::Unknown(event) => event.event_type(),
                }
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

macro_rules! answers {
    ($($answer:ident),*) => {$(
        impl types::$answer {
            /// The event that the command recorded, or none where it changed nothing. The field `event` has it as raw
            /// JSON.
            #[must_use]
            #[inline]
            pub fn event(&self) -> Option<DomainEvent> {
                self.event.as_deref().and_then(DomainEvent::read)
            }
        }
    )*};
}

macro_rules! records {
    ($($record:ident),*) => {$(
        impl types::$record {
            /// The event that the record holds. The field `event` has it as raw JSON; where that does not say its type,
            /// the record does.
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
    /// Reads an event in either of its forms: `{"type": .., "data": {..}}`, as commands answer, and `{"type": .., ..}` with
    /// the fields beside the type, as webhooks deliver. Null and the text `"null"` are none.
    #[must_use]
    #[inline]
    pub fn read(json: &Value) -> Option<Self> {
        Self::read_as(json, None)
    }

    /// Reads an event whose type may be told beside it.
    #[inline]
    pub(crate) fn read_as(json: &Value, beside: Option<&str>) -> Option<Self> {
        if json.is_null() || json == "null" {
            return None;
        }
        let event_type = json["type"].as_str().or(beside);
        let known = event_type.and_then(|event_type| Self::known(event_type, json));
        Some(known.unwrap_or_else(|| {
            Self::Unknown(UnknownEvent { event_type: event_type.map(ToOwned::to_owned), raw: json.clone().into() })
        }))
    }
}

/// Reads an event whose fields are in its `data` or beside its type: where more of those are that the payload knows. So a
/// field that is new beside `data`, or a new field of the name `data`, does not hide the others.
fn payload<T: ReadFields>(json: &Value) -> Option<T> {
    let found = |json: &Value| T::NAMES.iter().filter(|name| json.get(name).is_some()).count();
    let fields = match json.as_object()?.get("data") {
        Some(data @ Value::Object(_)) if found(data) >= found(json) => data,
        Some(data) if !data.is_object() && !data.is_null() && found(json) == 0 => return None,
        _ => json,
    };
    fields::read(fields).ok()
}
