use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::matter::attribute::{Attribute, AttributeValue};
use crate::matter::device_kind::DeviceKind;
use crate::matter::path::Path;
use crate::value::conversion_error::ConversionError;
use crate::value::sensitive_json::SensitiveJson;

/// The state of a device: a value for each [`Path`], beside properties that have names, such as `available`.
///
/// A webhook's [`ShadowDetail`](crate::webhook::ShadowDetail) has such states, and `TryFrom` makes one of any JSON object;
/// nothing of the object is lost. `Serialize` writes the object.
///
/// What is common has a method, such as [`lock_state`](Self::lock_state), [`battery_percent`](Self::battery_percent) or
/// [`temperature_celsius`](Self::temperature_celsius). Everything else is read by [`find`](Self::find), whatever its endpoint,
/// or by [`get`](Self::get). What is not available (`n/a`, `nan`, null), missing, of another type or out of range is `None`,
/// and `get` tells these apart. Where several endpoints have the attribute, the first with a value counts.
///
/// `Debug` shows paths and what these methods read, without texts: a state may hold PINs.
///
/// ```
/// use spkey::matter::{DoorState, LockState, State, door_lock};
///
/// let state = State::try_from(serde_json::json!({
///     "1/257/0": 2, "1/257/3": 7, "1/257/35": 30, "1/47/12": 150, "available": true
/// }))?;
/// assert_eq!(state.lock_state(), Some(LockState::Unlocked));
/// assert_eq!(state.door_state(), Some(DoorState::Unknown(7)));
/// assert_eq!(state.battery_percent(), Some(75.0));
/// assert_eq!(state.find(door_lock::AUTO_RELOCK_TIME), Some(30));
/// assert_eq!(state.temperature_celsius(), None);
/// assert_eq!(state.available(), Some(true));
/// # Ok::<(), spkey::ConversionError>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct State {
    // Sorted, so that states can be compared. A map would take as much code as all the rest.
    values: Vec<(Path, SensitiveJson)>,
    properties: Vec<(String, SensitiveJson)>,
    /// What the caller has said that the device is.
    given_kind: Option<DeviceKind>,
}

impl State {
    /// The value at a path, as it came. Null and `n/a` are values too.
    ///
    /// ```
    /// let state = spkey::matter::State::try_from(serde_json::json!({ "1/257/0": "n/a" }))?;
    /// assert_eq!(state.lock_state(), None);
    /// assert_eq!(**state.get("1/257/0".parse()?).unwrap(), "n/a");
    /// assert!(state.get("1/257/3".parse()?).is_none());
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn get(&self, path: Path) -> Option<&SensitiveJson> {
        let index = self.values.binary_search_by_key(&path, |(path, _)| *path).ok()?;
        self.values.get(index).map(|(_, value)| value)
    }

    /// The value of an attribute, whatever its endpoint.
    ///
    /// ```
    /// use spkey::matter::{State, basic_information, door_lock};
    ///
    /// let state = State::try_from(serde_json::json!({ "0/40/10": "1.2.3", "2/257/65529": [0, 1, 3] }))?;
    /// assert_eq!(state.find(basic_information::SOFTWARE_VERSION_STRING).as_deref(), Some("1.2.3"));
    /// assert_eq!(state.find(door_lock::ACCEPTED_COMMAND_LIST), Some(vec![0, 1, 3]));
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    #[must_use]
    pub fn find<T: AttributeValue>(&self, attribute: Attribute<T>) -> Option<T> {
        self.find_all(attribute).next().map(|(_, value)| value)
    }

    /// All paths and their values, in order.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = (Path, &SensitiveJson)> {
        self.values.iter().map(|(path, value)| (*path, value))
    }

    /// A value that has a name instead of a path, such as the `uuid` and the `bridge_uuid` of a device.
    ///
    /// ```
    /// let state = spkey::matter::State::try_from(serde_json::json!({ "uuid": "7d44", "0/29/0": 10 }))?;
    /// assert_eq!(state.property("uuid").and_then(|uuid| uuid.as_str()), Some("7d44"));
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn property(&self, name: &str) -> Option<&SensitiveJson> {
        self.properties.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// Whether the bridge can reach the device. While it cannot, the values are the last that it has seen.
    #[must_use]
    #[inline]
    pub fn available(&self) -> Option<bool> {
        self.property("available")?.as_bool()
    }

    /// The paths whose value is another one than in an earlier state, in order: also those that are only in one of the two.
    ///
    /// ```
    /// use spkey::matter::State;
    /// use serde_json::json;
    ///
    /// let before = State::try_from(json!({ "1/257/0": 1, "1/257/3": 1, "1/47/12": 150 }))?;
    /// let now = State::try_from(json!({ "1/257/0": 2, "1/257/3": 1, "1/47/14": 0 }))?;
    /// let changed: Vec<_> = now.changed_since(&before).iter().map(ToString::to_string).collect();
    /// assert_eq!(changed, ["1/47/12", "1/47/14", "1/257/0"]);
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn changed_since(&self, earlier: &Self) -> Vec<Path> {
        let mut paths: Vec<_> = self.iter().chain(earlier.iter()).map(|(path, _)| path).collect();
        paths.sort_unstable();
        paths.dedup();
        paths.retain(|path| self.get(*path) != earlier.get(*path));
        paths
    }

    /// Says what kind of device it is, where the state itself does not: [`contact`](Self::contact), [`leak`](Self::leak),
    /// [`freeze`](Self::freeze) and [`rain`](Self::rain) need it. The shadow `device_info` of the device has it, and
    /// [`device_kind`](Self::device_kind) reads it there.
    ///
    /// ```
    /// use spkey::matter::{Contact, State};
    /// use serde_json::json;
    ///
    /// let info = State::try_from(json!({ "0/29/0": 21, "uuid": "7d44", "bridge_uuid": "0f3a" }))?;
    /// let state = State::try_from(json!({ "1/69/0": true, "available": true }))?;
    /// assert_eq!(state.contact(), None);
    /// let state = state.with_device_kind(info.device_kind().unwrap());
    /// assert_eq!(state.contact(), Some(Contact::Closed));
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn with_device_kind(mut self, device_kind: DeviceKind) -> Self {
        self.given_kind = Some(device_kind);
        self
    }

    #[inline]
    pub(super) fn given_kind(&self) -> Option<DeviceKind> {
        self.given_kind
    }

    /// The values of an attribute on all endpoints that have one of its type.
    #[inline]
    pub(super) fn find_all<T: AttributeValue>(&self, attribute: Attribute<T>) -> impl Iterator<Item = (Path, T)> {
        let found = self.iter().filter(move |(path, _)| attribute.is_at(*path));
        found.filter_map(|(path, value)| Some((path, T::read(value)?)))
    }
}

impl TryFrom<Value> for State {
    type Error = ConversionError;

    #[inline]
    fn try_from(json: Value) -> Result<Self, ConversionError> {
        let Value::Object(entries) = json else {
            return Err(ConversionError::new(r#"not a state: give a JSON object, like {"1/257/0": 1}"#));
        };
        let mut state = Self::default();
        for (name, value) in entries {
            match name.parse() {
                Ok(path) => state.values.push((path, value.into())),
                Err(_) => state.properties.push((name, value.into())),
            }
        }
        state.values.sort_unstable_by_key(|(path, _)| *path);
        state.properties.sort_unstable_by(|(name, _), (other, _)| name.cmp(other));
        Ok(state)
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len() + self.properties.len()))?;
        for (path, value) in &self.values {
            map.serialize_entry(&path.to_string(), value)?;
        }
        for (name, value) in &self.properties {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
