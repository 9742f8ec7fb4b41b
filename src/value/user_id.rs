use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::value::conversion_error::ConversionError;
use crate::value::from_scalar::{FromScalar, read_from_scalar};
use crate::value::from_text::from_text;
use crate::value::scalar::Scalar;

/// The id of a user: a UUID.
///
/// It is made from a [`Uuid`] or from its text of 36 characters, with hyphens; anything else is rejected where it enters, a
/// lock's id above all. `Deserialize` is as strict, for configuration and databases: it reads that text alone.
///
/// It is kept and written in lower case, so that a text in upper case gives the same id. Comparison with a text is by
/// character: parse the text first where it may be in upper case.
///
/// ```
/// use spkey::UserId;
///
/// let user: UserId = "550E8400-E29B-41D4-A716-446655440000".parse()?;
/// assert_eq!(user, UserId::try_from("550e8400-e29b-41d4-a716-446655440000")?);
/// assert_eq!(user, "550e8400-e29b-41d4-a716-446655440000");
/// assert!(UserId::try_from("123").is_err());
/// # Ok::<(), spkey::ConversionError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId([u8; LENGTH]);

const LENGTH: usize = uuid::fmt::Hyphenated::LENGTH;
const PROBLEM: &str = "not a user's id: give a UUID, like 550e8400-e29b-41d4-a716-446655440000";

impl UserId {
    /// The id as text: 36 characters, in lower case.
    ///
    /// ```
    /// let user = spkey::UserId::try_from("550E8400-E29B-41D4-A716-446655440000")?;
    /// assert_eq!(user.as_str(), "550e8400-e29b-41d4-a716-446655440000");
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    pub fn as_str(&self) -> &str {
        // It is ASCII from its making, and checking 36 bytes costs less than it would take to argue for `unsafe`.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UserId").field(&self.as_str()).finish()
    }
}

impl AsRef<str> for UserId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl FromStr for UserId {
    type Err = ConversionError;

    fn from_str(text: &str) -> Result<Self, ConversionError> {
        let Ok(mut id) = <[u8; LENGTH]>::try_from(text.as_bytes()) else { return Err(ConversionError::new(PROBLEM)) };
        id.make_ascii_lowercase();
        // Not by `Uuid`: to parse the text and to write it again takes more than twice the instructions, for each id of a list.
        let not_hex: u8 = id.iter().map(|byte| u8::from(!byte.is_ascii_hexdigit())).sum();
        let is_uuid = not_hex == 4 && [id[8], id[13], id[18], id[23]] == *b"----";
        is_uuid.then_some(Self(id)).ok_or(ConversionError::new(PROBLEM))
    }
}

from_text!(UserId => &str, String, &String);

impl From<Uuid> for UserId {
    fn from(id: Uuid) -> Self {
        let mut text = [0; LENGTH];
        id.hyphenated().encode_lower(&mut text);
        Self(text)
    }
}

impl From<UserId> for Uuid {
    fn from(id: UserId) -> Self {
        Uuid::try_parse_ascii(&id.0).unwrap_or_default()
    }
}

impl From<&UserId> for UserId {
    fn from(id: &UserId) -> Self {
        *id
    }
}

impl From<UserId> for String {
    fn from(id: UserId) -> Self {
        id.as_str().to_owned()
    }
}

impl PartialEq<str> for UserId {
    fn eq(&self, text: &str) -> bool {
        self.as_str() == text
    }
}

impl PartialEq<&str> for UserId {
    fn eq(&self, text: &&str) -> bool {
        self.as_str() == *text
    }
}

impl PartialEq<UserId> for str {
    fn eq(&self, id: &UserId) -> bool {
        id == self
    }
}

impl PartialEq<UserId> for &str {
    fn eq(&self, id: &UserId) -> bool {
        id == self
    }
}

impl Serialize for UserId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

read_from_scalar!(UserId, User, PROBLEM);

impl FromScalar for UserId {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        if let Scalar::Text(text) = scalar { text.parse().ok() } else { None }
    }
}

#[cfg(test)]
mod tests;
