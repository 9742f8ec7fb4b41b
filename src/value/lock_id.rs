use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::value::conversion_error::ConversionError;
use crate::value::from_scalar::{FromScalar, read_from_scalar};
use crate::value::from_text::from_text;
use crate::value::scalar::Scalar;

/// The id of a lock: a positive integer, up to `u64::MAX`.
///
/// It is made from an integer or from its digits, without a sign or a leading zero; anything else is rejected where it enters,
/// a user's id above all. `Deserialize` is as strict, for configuration and databases: it reads a JSON integer, a text of
/// digits, or a float that is a whole number below 2^49, such as `123.0`. `Serialize` writes a text of digits, which is what the
/// service takes.
///
/// Ids order by number (`9 < 10`), compare with integers, and are as cheap to copy as one.
///
/// ```
/// use spkey::LockId;
///
/// let lock: LockId = "123".parse()?;
/// assert_eq!(lock, LockId::try_from(123)?);
/// assert_eq!(lock, 123);
/// assert_eq!(lock.to_string(), "123");
/// assert!(LockId::try_from(0).is_err());
/// assert!(LockId::try_from("550e8400-e29b-41d4-a716-446655440000").is_err());
/// # Ok::<(), spkey::ConversionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LockId(NonZeroU64);

const PROBLEM: &str = "not a lock's id: give a positive integer, like 123";

/// 2^49: JSON floats from here on are not taken. `serde_json` reads a float by its digits without the point and may be off in
/// the last bits where those exceed 2^53: `9007199254740991.0` reads as `9007199254740990`, which is another lock.
const FLOAT_LIMIT: f64 = 562_949_953_421_312.0;

impl LockId {
    /// The id as a number, from 1 to `u64::MAX`.
    ///
    /// ```
    /// assert_eq!(spkey::LockId::try_from("123")?.get(), 123);
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for LockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for LockId {
    type Err = ConversionError;

    fn from_str(text: &str) -> Result<Self, ConversionError> {
        // `parse` alone would take `+1` and `007` too, which are other texts for an id that has one.
        let is_plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if is_plain { text.parse().ok() } else { None };
        number.map(Self).ok_or(ConversionError::new(PROBLEM))
    }
}

from_text!(LockId => &str, String, &String);

macro_rules! integers {
    ($($integer:ty)+) => {$(
        impl TryFrom<$integer> for LockId {
            type Error = ConversionError;

            fn try_from(id: $integer) -> Result<Self, ConversionError> {
                let number = u64::try_from(id).ok().and_then(NonZeroU64::new);
                number.map(Self).ok_or(ConversionError::new(PROBLEM))
            }
        }

        impl PartialEq<$integer> for LockId {
            fn eq(&self, number: &$integer) -> bool {
                u64::try_from(*number).is_ok_and(|number| number == self.get())
            }
        }

        impl PartialEq<LockId> for $integer {
            fn eq(&self, id: &LockId) -> bool {
                id == self
            }
        }
    )+};
}

integers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

impl From<&LockId> for LockId {
    fn from(id: &LockId) -> Self {
        *id
    }
}

impl From<NonZeroU64> for LockId {
    fn from(number: NonZeroU64) -> Self {
        Self(number)
    }
}

impl From<LockId> for u64 {
    fn from(id: LockId) -> Self {
        id.get()
    }
}

impl From<LockId> for String {
    fn from(id: LockId) -> Self {
        id.to_string()
    }
}

impl Serialize for LockId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How a field is written that is a number on the wire.
#[allow(dead_code, reason = "only responses have it, which are written with the feature `round-trip` alone")]
pub(crate) fn as_number<S: Serializer>(
    id: &(impl Copy + Into<Option<LockId>>),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    (*id).into().map(LockId::get).serialize(serializer)
}

read_from_scalar!(LockId, Lock, PROBLEM);

impl FromScalar for LockId {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Text(text) => text.parse().ok(),
            Scalar::Unsigned(number) => NonZeroU64::new(number).map(Self),
            Scalar::Float(number) => of_float(number),
            Scalar::Signed(_) | Scalar::Other => None,
        }
    }
}

/// Of `123.0` or `1e2`: some services write every number as a float.
fn of_float(number: f64) -> Option<LockId> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is an integer within the bounds")]
    let integer = || number as u64;
    let is_exact = (1.0..FLOAT_LIMIT).contains(&number) && number.fract() == 0.0;
    is_exact.then(integer).and_then(NonZeroU64::new).map(LockId)
}

#[cfg(test)]
mod tests;
