use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};

/// A struct that is read by the names of its fields. build.rs writes this for each that responses and events are made of;
/// serde's derive writes twice as much, with the names as an enum of each struct's own and a way to read it from a list.
pub trait ReadFields: Sized {
    /// Reads the fields. What has a name that is not known is passed over; of a name that comes twice, the last counts.
    ///
    /// # Errors
    /// Where a field is of another type, or one that is promised is missing or null.
    fn read<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// Reads a struct.
pub(crate) fn read<'de, T: ReadFields, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Fields(PhantomData))
}

/// Writes how a struct is read, from its fields. Only a `required` one must be there, and not null; a `default` one is then
/// empty.
macro_rules! read_fields {
    ($ty:ident { $($kind:ident $field:ident: $field_ty:ty = $name:literal),* }) => {
        impl<'de> ::serde::Deserialize<'de> for $ty {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::value::read_fields::read(deserializer)
            }
        }

        $crate::value::shape::object_shape! { $ty { $($kind $field_ty = $name),* } }

        impl $crate::value::read_fields::ReadFields for $ty {
            fn read<'de, A: ::serde::de::MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                $(let mut $field = None;)*
                while let Some($crate::value::text::Text(name)) = map.next_key()? {
                    match &*name {
                        $($name => $field = map.next_value()?,)*
                        _ => drop(map.next_value::<::serde::de::IgnoredAny>()?),
                    }
                }
                Ok(Self { $($field: $crate::value::read_fields::field!($kind $field $name)),* })
            }
        }
    };
}
pub(crate) use read_fields;

macro_rules! field {
    (required $field:ident $name:literal) => {
        $field.ok_or_else(|| ::serde::de::Error::missing_field($name))?
    };
    (optional $field:ident $name:literal) => {
        $field
    };
    (default $field:ident $name:literal) => {
        $field.unwrap_or_default()
    };
}
pub(crate) use field;

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

#[cfg(test)]
mod tests {
    use crate::types::{AccessibleLock, CommandResult};

    #[test]
    fn only_what_is_promised_must_be_there() {
        let read = |json: &str| serde_json::from_str::<AccessibleLock>(json).map_err(|error| error.to_string());
        let lock = read(r#"{ "newer": [{ "a": 1 }], "lockName": null, "lockId": 7 }"#).unwrap();
        assert_eq!((lock.lock_id.get(), lock.lock_name), (7, None));
        assert!(read("{}").unwrap_err().contains("missing field `lockId`"));
        assert!(read(r#"{ "lockId": null }"#).unwrap_err().contains("missing field `lockId`"));
        assert!(read(r#"{ "lockId": [] }"#).unwrap_err().contains("not a lock's id"));
        assert!(read(r#"["7", "Cellar"]"#).unwrap_err().contains("expected an object"));
    }

    #[test]
    fn a_field_that_comes_twice_fails_no_command() {
        let result: CommandResult = serde_json::from_str(r#"{ "success": false, "success": true }"#).unwrap();
        assert_eq!(result.success, Some(true));
    }
}
