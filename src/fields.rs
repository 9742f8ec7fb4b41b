use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};

/// A struct that is read by the names of its fields. build.rs writes this for each that answers and events are made of;
/// serde's derive writes twice as much, with the names as an enum of each struct's own and a way to read it from a list.
pub trait ReadFields: Sized {
    /// The names on the wire.
    const NAMES: &'static [&'static str];

    /// The place of a name among them.
    fn place(name: &str) -> Option<usize>;

    /// Reads the fields. What has a name that is not known was passed over; of a name that comes twice, the last counts.
    fn read<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// Writes how a struct is read, from its fields with their places and names.
macro_rules! read_fields {
    ($ty:ident { $($place:literal $kind:ident $field:ident = $name:literal),* }) => {
        impl<'de> ::serde::Deserialize<'de> for $ty {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::fields::read(deserializer)
            }
        }

        impl $crate::fields::ReadFields for $ty {
            const NAMES: &'static [&'static str] = &[$($name),*];

            #[inline]
            fn place(name: &str) -> Option<usize> {
                match name {
                    $($name => Some($place),)*
                    _ => None,
                }
            }

            fn read<'de, A: ::serde::de::MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                $(let mut $field = None;)*
                while let Some(place) = $crate::fields::next::<Self, A>(&mut map)? {
                    match place {
                        $($place => $field = $crate::fields::next_value!($kind map),)*
                        _ => {}
                    }
                }
                Ok(Self { $($field: $crate::fields::$kind($field, $name)?),* })
            }
        }
    };
}
pub(crate) use read_fields;

/// The value of a field, which null is too where the field is promised.
macro_rules! next_value {
    (required $map:ident) => {
        Some($map.next_value()?)
    };
    ($kind:ident $map:ident) => {
        $map.next_value()?
    };
}
pub(crate) use next_value;

/// Reads a struct.
pub(crate) fn read<'de, T: ReadFields, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Fields(PhantomData))
}

/// The place of the next field whose name is known.
#[inline]
pub(crate) fn next<'de, T: ReadFields, A: MapAccess<'de>>(map: &mut A) -> Result<Option<usize>, A::Error> {
    while let Some(place) = map.next_key_seed(Name::<T>(PhantomData))? {
        if place.is_some() {
            return Ok(place);
        }
        map.next_value::<IgnoredAny>()?;
    }
    Ok(None)
}

/// The value of a field that may be missing.
#[inline]
#[allow(clippy::unnecessary_wraps, reason = "as the others")]
pub(crate) fn optional<T, E>(value: Option<T>, _: &'static str) -> Result<Option<T>, E> {
    Ok(value)
}

/// The value of a list that may be missing or null.
#[inline]
#[allow(clippy::unnecessary_wraps, reason = "as the others")]
pub(crate) fn default<T: Default, E>(value: Option<T>, _: &'static str) -> Result<T, E> {
    Ok(value.unwrap_or_default())
}

/// The value of a field that is promised.
pub(crate) fn required<T, E: Error>(value: Option<T>, name: &'static str) -> Result<T, E> {
    value.ok_or_else(|| E::missing_field(name))
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: ReadFields> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(map)
    }
}

struct Name<T>(PhantomData<T>);

impl<'de, T: ReadFields> DeserializeSeed<'de> for Name<T> {
    type Value = Option<usize>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T: ReadFields> Visitor<'_> for Name<T> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    #[inline]
    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(T::place(name))
    }
}

#[cfg(test)]
mod tests {
    use crate::types::{AccessibleLock, CommandResult};

    #[test]
    fn only_what_is_promised_must_be_there() {
        let read = |json: &str| serde_json::from_str::<AccessibleLock>(json).map_err(|error| error.to_string());
        let lock = read(r#"{ "newer": [{ "a": 1 }], "lockName": null, "lockId": 7 }"#).unwrap();
        assert_eq!((lock.lock_id.as_str(), lock.lock_name), ("7", None));
        assert!(read("{}").unwrap_err().contains("missing field `lockId`"));
        assert!(read(r#"{ "lockId": null }"#).unwrap_err().contains("expected an id"));
        assert!(read(r#"["7", "Cellar"]"#).unwrap_err().contains("expected an object"));
    }

    #[test]
    fn a_field_that_comes_twice_fails_no_command() {
        let result: CommandResult = serde_json::from_str(r#"{ "success": false, "success": true }"#).unwrap();
        assert_eq!(result.success, Some(true));
    }
}
