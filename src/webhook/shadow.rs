use std::fmt;
use std::sync::OnceLock;

use serde_json::Value;

use crate::matter::metadata::Metadata;
use crate::matter::state::State;
use crate::value::any_value::any_value;
use crate::value::conversion_error::ConversionError;
use crate::value::from_scalar::scalar;
use crate::value::number::Number;

/// A new state of a device in AWS IoT. Each of the states is sent as JSON inside a text; it is read when you ask for it, once
/// for a delivery.
///
/// ```
/// use spkey::reqwest::header::HeaderMap;
/// use spkey::webhook::{Delivery, Detail};
///
/// let body = br#"{ "id": "1", "source": "spk.iot.shadow", "detail": {
///     "thingName": "7d44", "reportedState": "{\"1/257/0\": 2}", "deltaState": "{\"1/257/0\":"
/// } }"#;
/// let delivery = Delivery::parse(&HeaderMap::new(), body)?;
/// let Detail::Shadow(shadow) = delivery.detail() else { panic!("{delivery:?}") };
/// let state = shadow.reported()?.unwrap();
/// assert_eq!(state.lock_state().unwrap().to_string(), "unlocked");
/// assert!(shadow.desired()?.is_none());
/// assert!(shadow.delta().unwrap_err().to_string().starts_with("the deltaState of the shadow is not a JSON object"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct ShadowDetail<'a> {
    json: &'a Value,
    parts: &'a ShadowParts,
}

/// A state of a shadow, or its metadata, is not a JSON object. [`Delivery::raw`](super::Delivery::raw) has it as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidState(&'static str);

/// What has been read of a shadow.
#[derive(Clone, Default)]
pub(super) struct ShadowParts {
    reported: Part<State>,
    desired: Part<State>,
    delta: Part<State>,
    metadata: Part<Metadata>,
}

type Part<T> = OnceLock<Result<Option<T>, InvalidState>>;

impl<'a> ShadowDetail<'a> {
    pub(super) fn new(json: &'a Value, parts: &'a ShadowParts) -> Self {
        Self { json, parts }
    }

    /// The name of the device in AWS IoT (its "thing name").
    #[must_use]
    pub fn thing_name(self) -> Option<&'a str> {
        self.json["thingName"].as_str()
    }

    /// The version of the shadow.
    #[must_use]
    pub fn version(self) -> Option<Number> {
        scalar(&self.json["version"])
    }

    /// The state that the device reports, or `None` if it reports none.
    ///
    /// # Errors
    /// [`InvalidState`] if it is not a JSON object.
    #[inline]
    pub fn reported(self) -> Result<Option<&'a State>, InvalidState> {
        self.part("reportedState", &self.parts.reported)
    }

    /// The state that the device should have.
    ///
    /// # Errors
    /// [`InvalidState`] if it is not a JSON object.
    #[inline]
    pub fn desired(self) -> Result<Option<&'a State>, InvalidState> {
        self.part("desiredState", &self.parts.desired)
    }

    /// The part of the desired state that differs from the reported one.
    ///
    /// # Errors
    /// [`InvalidState`] if it is not a JSON object.
    #[inline]
    pub fn delta(self) -> Result<Option<&'a State>, InvalidState> {
        self.part("deltaState", &self.parts.delta)
    }

    /// When each value of the states last changed.
    ///
    /// # Errors
    /// [`InvalidState`] if it is not a JSON object.
    #[inline]
    pub fn metadata(self) -> Result<Option<&'a Metadata>, InvalidState> {
        self.part("metadata", &self.parts.metadata)
    }

    fn part<T>(self, key: &'static str, part: &'a Part<T>) -> Result<Option<&'a T>, InvalidState>
    where
        T: TryFrom<Value, Error = ConversionError>,
    {
        let part = part.get_or_init(|| {
            let json = match &self.json[key] {
                Value::String(text) if text.trim().is_empty() => Value::Null,
                Value::String(text) => any_value(text.as_bytes()).map_err(|_| InvalidState(key))?,
                json => json.clone(),
            };
            if json.is_null() { Ok(None) } else { T::try_from(json).map(Some).map_err(|_| InvalidState(key)) }
        });
        part.as_ref().map(Option::as_ref).map_err(|error| *error)
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
        write!(f, "the {} of the shadow is not a JSON object: use Delivery::raw to read it as sent", self.0)
    }
}

impl std::error::Error for InvalidState {}
