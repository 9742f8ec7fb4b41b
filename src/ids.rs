use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

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
/// # Ok::<(), spkey::InvalidId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LockId(String);

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
/// # Ok::<(), spkey::InvalidId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(String);

/// A text or number that is no id of the kind that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId(&'static str);

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidId {}

const NOT_A_LOCK: InvalidId = InvalidId("not a lock's id: give a positive integer, like 123");
const NOT_A_USER: InvalidId = InvalidId("not a user's id: give a UUID, like 550e8400-e29b-41d4-a716-446655440000");

impl LockId {
    fn checked(text: String) -> Result<Self, InvalidId> {
        let digits = !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits && !text.starts_with('0') { Ok(Self(text)) } else { Err(NOT_A_LOCK) }
    }
}

impl UserId {
    fn checked(text: String) -> Result<Self, InvalidId> {
        if text.len() == 36 && Uuid::try_parse(&text).is_ok() { Ok(Self(text)) } else { Err(NOT_A_USER) }
    }
}

impl From<Uuid> for UserId {
    fn from(id: Uuid) -> Self {
        Self(id.to_string())
    }
}

macro_rules! lock_from_integer {
    ($($integer:ty)+) => {$(
        impl TryFrom<$integer> for LockId {
            type Error = InvalidId;

            fn try_from(id: $integer) -> Result<Self, InvalidId> {
                if id > 0 { Ok(Self(id.to_string())) } else { Err(NOT_A_LOCK) }
            }
        }
    )+};
}

lock_from_integer!(i32 i64 u32 u64);

macro_rules! id {
    ($id:ident) => {
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
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::checked(text.to_owned())
            }
        }

        impl TryFrom<&str> for $id {
            type Error = InvalidId;

            fn try_from(text: &str) -> Result<Self, InvalidId> {
                Self::checked(text.to_owned())
            }
        }

        impl TryFrom<String> for $id {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::checked(text)
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

        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(AsText).map(Self)
            }
        }
    };
}

id!(LockId);
id!(UserId);

/// Reads an id as an answer may send it: a string, or a number.
struct AsText;

impl Visitor<'_> for AsText {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_u64<E: de::Error>(self, id: u64) -> Result<String, E> {
        Ok(id.to_string())
    }

    fn visit_i64<E: de::Error>(self, id: i64) -> Result<String, E> {
        Ok(id.to_string())
    }

    fn visit_f64<E: de::Error>(self, id: f64) -> Result<String, E> {
        Ok(id.to_string())
    }
}
