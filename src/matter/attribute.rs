use std::fmt;
use std::marker::PhantomData;

use serde_json::Value;

use crate::matter::path::Path;
use crate::value::from_scalar::scalar;
use crate::value::number::Number;
use crate::value::sensitive_json::SensitiveJson;

/// An attribute of a cluster, whose value is a `T`. The modules of [`matter`](crate::matter) have a constant for each that
/// this version knows; any other is made from its numbers.
///
/// ```
/// use spkey::matter::{Attribute, State, temperature_measurement};
///
/// const FLOW: Attribute<i64> = Attribute::new(1028, 0);
///
/// let state = State::try_from(serde_json::json!({ "1/1028/0": 12, "2/1026/0": 2591 }))?;
/// assert_eq!(state.find(FLOW), Some(12));
/// assert_eq!(state.find(temperature_measurement::MEASURED_VALUE), Some(2591));
/// # Ok::<(), spkey::ConversionError>(())
/// ```
pub struct Attribute<T> {
    cluster: u32,
    number: u32,
    value: PhantomData<fn() -> T>,
}

/// The types that attributes have: `bool`, `i64`, [`Number`], `String`, lists of `i64`, [`SensitiveJson`] for everything
/// else, and the enums of [`matter`](crate::matter).
pub trait AttributeValue: sealed::Sealed + Sized {
    /// Reads the value; none if it is of another type.
    #[doc(hidden)]
    fn read(json: &Value) -> Option<Self>;

    /// The value as it is on the wire.
    #[doc(hidden)]
    fn write(self) -> Value;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

impl<T: AttributeValue> Attribute<T> {
    /// The attribute with these numbers.
    #[must_use]
    pub const fn new(cluster: u32, number: u32) -> Self {
        Self { cluster, number, value: PhantomData }
    }
}

impl<T> Attribute<T> {
    /// Where it is on an endpoint.
    ///
    /// ```
    /// assert_eq!(spkey::matter::door_lock::DOOR_STATE.on(1).to_string(), "1/257/3");
    /// ```
    #[must_use]
    pub const fn on(self, endpoint: u16) -> Path {
        Path { endpoint, cluster: self.cluster, attribute: self.number }
    }

    /// Whether a path leads to it, on any endpoint.
    ///
    /// ```
    /// use spkey::matter::{State, door_lock};
    ///
    /// let state = State::try_from(serde_json::json!({ "2/257/0": 1 }))?;
    /// let lock = state.iter().map(|(path, _)| path).find(|path| door_lock::LOCK_STATE.is_at(*path));
    /// assert_eq!(lock.unwrap().endpoint, 2);
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    pub const fn is_at(self, path: Path) -> bool {
        self.cluster == path.cluster && self.number == path.attribute
    }
}

impl<T> Clone for Attribute<T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Attribute<T> {}

impl<T> fmt::Debug for Attribute<T> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attribute({}/{})", self.cluster, self.number)
    }
}

macro_rules! attribute_value {
    ($($ty:ty => $read:expr),+ $(,)?) => {$(
        impl sealed::Sealed for $ty {}

        impl AttributeValue for $ty {
            #[inline]
            fn read(json: &Value) -> Option<Self> {
                let read: fn(&Value) -> Option<Self> = $read;
                read(json)
            }

            #[inline]
            fn write(self) -> Value {
                // A finite number, a text or a list of such: there is nothing that JSON cannot hold.
                serde_json::to_value(self).unwrap_or_default()
            }
        }
    )+};
}

attribute_value! {
    bool => Value::as_bool,
    Number => number,
    i64 => |json| number(json)?.as_i64(),
    String => |json| json.as_str().filter(|text| !is_none(text)).map(ToOwned::to_owned),
    Vec<i64> => |json| json.as_array()?.iter().map(i64::read).collect(),
    SensitiveJson => |json| {
        let none = json.is_null() || json.as_str().is_some_and(is_none);
        (!none).then(|| json.clone().into())
    },
}

/// A JSON number alone: a text of digits is a value of another type.
#[inline]
fn number(json: &Value) -> Option<Number> {
    if json.is_number() { scalar(json) } else { None }
}

/// What the bridge writes for a value that is not available.
#[inline]
fn is_none(text: &str) -> bool {
    text.eq_ignore_ascii_case("n/a") || text.eq_ignore_ascii_case("nan")
}
