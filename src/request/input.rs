use std::borrow::Cow;
use std::fmt::Display;

use crate::{LockId, Secret, UserId};

/// What the setter of an optional `T` takes: a `T`, an `Option<T>`, or text that becomes one, with or without an `Option`.
///
/// ```no_run
/// # fn example(client: &spkey::Client, phone: Option<String>) {
/// client.add_resident().body_map(|resident| resident.name("Ada").email("ada@example.com").phone_number(phone));
/// # }
/// ```
pub trait Optional<T> {
    /// The value, or why it is none.
    ///
    /// # Errors
    /// The reason, for people, where a text is no `T`.
    fn optional(self) -> Result<Option<T>, String>;
}

impl<T> Optional<T> for T {
    fn optional(self) -> Result<Option<T>, String> {
        Ok(Some(self))
    }
}

impl<T> Optional<T> for Option<T> {
    fn optional(self) -> Result<Option<T>, String> {
        Ok(self)
    }
}

/// Why a value cannot be sent.
pub(crate) type Flaw = Cow<'static, str>;

/// What a setter keeps: the value, or what is wrong with it and what it is called.
pub(crate) fn given<T, E: Display>(name: &'static str, value: Result<T, E>) -> Result<T, Flaw> {
    value.map_err(|error| format!("{name}: {error}").into())
}

macro_rules! from_value {
    ($($source:ty => $target:ty),+ $(,)?) => {$(
        impl $crate::Optional<$target> for $source {
            fn optional(self) -> Result<Option<$target>, String> {
                <$target>::try_from(self).map(Some).map_err(|error| error.to_string())
            }
        }
    )+};
}
pub(crate) use from_value;

macro_rules! from_text {
    ($($target:ty),+) => {$(
        $crate::request::input::from_value!(&str => $target);

        impl $crate::Optional<$target> for Option<&str> {
            fn optional(self) -> Result<Option<$target>, String> {
                self.map_or(Ok(None), $crate::Optional::optional)
            }
        }
    )+};
}
pub(crate) use from_text;

from_text!(String, Secret, LockId, UserId);
from_value!(&String => String, UserId => String, String => Secret);
from_value!(i32 => LockId, i64 => LockId, u32 => LockId, u64 => LockId, &LockId => LockId);
from_value!(uuid::Uuid => UserId, &UserId => UserId);
