use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ConversionError;
use crate::value::read_fields::text_or_number;

/// The id of a lock: a positive integer.
///
/// Made from an integer or from its digits; anything else is refused, a user's id above all. It reads from an answer
/// whatever the service sends there, number or string.
///
/// ```
/// use spkey::LockId;
///
/// assert_eq!(LockId::try_from(123)?, LockId::try_from("123")?);
/// assert!(LockId::try_from(0).is_err());
/// assert!(LockId::try_from("550e8400-e29b-41d4-a716-446655440000").is_err());
/// # Ok::<(), spkey::ConversionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LockId(#[serde(deserialize_with = "text_or_number")] String);

/// The id of a user: a UUID.
///
/// Made from a [`Uuid`] or from its text with hyphens; anything else is refused, a lock's id above all.
///
/// ```
/// use spkey::UserId;
///
/// let user = UserId::try_from("550e8400-e29b-41d4-a716-446655440000")?;
/// assert_eq!(user.to_string(), "550e8400-e29b-41d4-a716-446655440000");
/// assert!(UserId::try_from("123").is_err());
/// # Ok::<(), spkey::ConversionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UserId(#[serde(deserialize_with = "text_or_number")] String);

impl From<Uuid> for UserId {
    fn from(id: Uuid) -> Self {
        Self(id.to_string())
    }
}

macro_rules! lock_from_integer {
    ($($integer:ty)+) => {$(
        impl TryFrom<$integer> for LockId {
            type Error = ConversionError;

            fn try_from(id: $integer) -> Result<Self, ConversionError> {
                id.to_string().try_into()
            }
        }
    )+};
}

lock_from_integer!(i32 i64 u32 u64);

macro_rules! id {
    ($id:ident, $flaw:literal, $is_valid:expr) => {
        impl $id {
            /// An id that this crate would refuse, taken as it is. For ids of a form that the service has and this
            /// version of the crate does not know; the wrong kind of id goes through too.
            pub fn unchecked(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $id {
            type Err = ConversionError;

            fn from_str(text: &str) -> Result<Self, ConversionError> {
                text.to_owned().try_into()
            }
        }

        impl TryFrom<&str> for $id {
            type Error = ConversionError;

            fn try_from(text: &str) -> Result<Self, ConversionError> {
                text.parse()
            }
        }

        impl TryFrom<String> for $id {
            type Error = ConversionError;

            fn try_from(text: String) -> Result<Self, ConversionError> {
                let is_valid: fn(&str) -> bool = $is_valid;
                if is_valid(&text) { Ok(Self(text)) } else { Err($flaw.into()) }
            }
        }

        impl From<&$id> for $id {
            fn from(id: &$id) -> Self {
                id.clone()
            }
        }

        impl From<$id> for String {
            fn from(id: $id) -> Self {
                id.0
            }
        }
    };
}

id!(LockId, "not a lock's id: give a positive integer, like 123", |text| {
    (1..=20).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
});
id!(UserId, "not a user's id: give a UUID, like 550e8400-e29b-41d4-a716-446655440000", |text| {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
});
