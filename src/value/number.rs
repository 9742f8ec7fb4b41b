use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::value::conversion_error::ConversionError;
use crate::value::from_scalar::{FromScalar, read_from_scalar};
use crate::value::from_text::from_text;
use crate::value::json;
use crate::value::scalar::Scalar;

/// A number that is an integer in practice, such as the version of an aggregate, for which the service documents `3.14` too.
///
/// It compares, orders, hashes and prints as an integer where it is one, and compares with integers. Integers from `i64::MIN` to
/// `u64::MAX` are exact; every other number is an [`f64`]. It is never NaN or infinite, and zero has no sign.
///
/// `Deserialize` reads a JSON number, or a text of one; `Serialize` writes a JSON integer where it is one. A JSON number with a
/// point or an exponent is a float to the JSON parser: above 2^53 it may be off in the last bits.
///
/// ```
/// use spkey::Number;
///
/// let version: Number = serde_json::from_str("3.0")?;
/// assert_eq!(version, 3);
/// assert!(version > 2);
/// assert_eq!(Some(version), Some(3.into()));
/// assert_eq!(version.as_i64(), Some(3));
/// assert_eq!(format!("{version} {version:?}"), "3 3");
/// assert_eq!(serde_json::to_string(&version)?, "3");
/// assert_eq!("3.14".parse::<Number>()?.as_f64(), 3.14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct Number(Value);

/// One number is one value: an integer in the bounds of its variant is never a `Float`.
#[derive(Clone, Copy, PartialEq)]
enum Value {
    Unsigned(u64),
    /// Below zero.
    Negative(i64),
    /// Finite.
    Float(f64),
}

const PROBLEM: &str = "not a number: give a finite number, like 3 or 3.14";

impl Number {
    /// The integer, or `None` if it has a fraction or is beyond the bounds of an `i64`.
    ///
    /// ```
    /// assert_eq!(spkey::Number::try_from("3.0")?.as_i64(), Some(3));
    /// assert_eq!(spkey::Number::try_from("3.14")?.as_i64(), None);
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    pub fn as_i64(self) -> Option<i64> {
        self.integer().and_then(|integer| integer.try_into().ok())
    }

    /// The number as a float. Integers beyond 2^53 are rounded to the nearest.
    ///
    /// ```
    /// assert_eq!(spkey::Number::from(3).as_f64(), 3.0);
    /// ```
    #[allow(clippy::cast_precision_loss, reason = "documented")]
    pub fn as_f64(self) -> f64 {
        match self.0 {
            Value::Unsigned(number) => number as f64,
            Value::Negative(number) => number as f64,
            Value::Float(number) => number,
        }
    }

    fn integer(self) -> Option<i128> {
        match self.0 {
            Value::Unsigned(number) => Some(number.into()),
            Value::Negative(number) => Some(number.into()),
            Value::Float(_) => None,
        }
    }

    fn of_finite(number: f64) -> Self {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a float beyond the bounds becomes the nearest bound, which is beyond 64 bits"
        )]
        let integer = number as i128;
        let integer = if number.fract() == 0.0 { Self::of_integer(integer) } else { None };
        integer.unwrap_or(Self(Value::Float(number)))
    }

    fn of_number(scalar: Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Unsigned(number) => Some(number.into()),
            Scalar::Signed(number) => Some(number.into()),
            Scalar::Float(number) => number.try_into().ok(),
            Scalar::Text(_) | Scalar::Other => None,
        }
    }

    fn of_integer(integer: i128) -> Option<Self> {
        let unsigned = u64::try_from(integer).map(Value::Unsigned);
        unsigned.or_else(|_| i64::try_from(integer).map(Value::Negative)).map(Self).ok()
    }
}

impl Default for Number {
    fn default() -> Self {
        Self(Value::Unsigned(0))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Unsigned(number) => number.fmt(f),
            Value::Negative(number) => number.fmt(f),
            Value::Float(number) => number.fmt(f),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Eq for Number {}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.integer(), other.integer()) {
            (Some(this), Some(other)) => this.cmp(&other),
            (Some(this), None) => integer_with_float(this, other.as_f64()),
            (None, Some(other)) => integer_with_float(other, self.as_f64()).reverse(),
            (None, None) => self.as_f64().total_cmp(&other.as_f64()),
        }
    }
}

/// Compares an integer of 64 bits with a float that is not one.
#[allow(
    clippy::cast_possible_truncation,
    reason = "a float beyond the bounds becomes the nearest bound, which is beyond 64 bits"
)]
fn integer_with_float(integer: i128, float: f64) -> Ordering {
    if integer <= float.floor() as i128 { Ordering::Less } else { Ordering::Greater }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.0 {
            Value::Unsigned(number) => number.hash(state),
            Value::Negative(number) => number.hash(state),
            Value::Float(number) => number.to_bits().hash(state),
        }
    }
}

macro_rules! integers {
    ($($integer:ty => $of:expr),+) => {$(
        impl From<$integer> for Number {
            fn from(number: $integer) -> Self {
                $of(number.into())
            }
        }

        impl PartialEq<$integer> for Number {
            fn eq(&self, number: &$integer) -> bool {
                *self == Self::from(*number)
            }
        }

        impl PartialEq<Number> for $integer {
            fn eq(&self, number: &Number) -> bool {
                number == self
            }
        }

        impl PartialOrd<$integer> for Number {
            fn partial_cmp(&self, number: &$integer) -> Option<Ordering> {
                Some(self.cmp(&Self::from(*number)))
            }
        }

        impl PartialOrd<Number> for $integer {
            fn partial_cmp(&self, number: &Number) -> Option<Ordering> {
                Some(Number::from(*self).cmp(number))
            }
        }
    )+};
}

integers!(i32 => of_signed, u32 => of_unsigned, i64 => of_signed, u64 => of_unsigned);

fn of_signed(number: i64) -> Number {
    Number(u64::try_from(number).map_or(Value::Negative(number), Value::Unsigned))
}

fn of_unsigned(number: u64) -> Number {
    Number(Value::Unsigned(number))
}

impl TryFrom<f64> for Number {
    type Error = ConversionError;

    fn try_from(number: f64) -> Result<Self, ConversionError> {
        if number.is_finite() { Ok(Self::of_finite(number)) } else { Err(ConversionError::new(PROBLEM)) }
    }
}

/// Reads what JSON has as a number.
impl FromStr for Number {
    type Err = ConversionError;

    fn from_str(text: &str) -> Result<Self, ConversionError> {
        // JSON allows spaces around a number.
        let is_bare = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        let scalar = if is_bare { json::from_text(text).ok() } else { None };
        scalar.and_then(Self::of_number).ok_or(ConversionError::new(PROBLEM))
    }
}

from_text!(Number => &str);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Unsigned(number) => serializer.serialize_u64(number),
            Value::Negative(number) => serializer.serialize_i64(number),
            Value::Float(number) => serializer.serialize_f64(number),
        }
    }
}

read_from_scalar!(Number, Version, PROBLEM);

impl FromScalar for Number {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        if let Scalar::Text(text) = scalar { text.parse().ok() } else { Self::of_number(scalar) }
    }
}

#[cfg(test)]
mod tests;
