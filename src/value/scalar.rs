use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::value::json;

/// The key under which `serde_json` hands a number on as its text, where any crate of the program has turned its feature
/// `arbitrary_precision` on. What is read must not depend on that.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// A JSON text or number, or `Other` for every other value. Any value can be read as one; a text without escapes is borrowed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scalar<'a> {
    Text(Cow<'a, str>),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    /// Null, a boolean, a list, an object, or a number that fits none of the above.
    Other,
}

impl Scalar<'_> {
    /// The number that a JSON number's own text stands for, as `serde_json` reads it without `arbitrary_precision`.
    fn of_number(text: &str) -> Self {
        if let Ok(number) = text.parse() {
            return Self::Unsigned(number);
        }
        match (text.parse(), json::from_text::<f64>(text)) {
            (Ok(number), _) if number != 0 => Self::Signed(number),
            (_, Ok(number)) if number.is_finite() => Self::of_float(number),
            _ => Self::Other,
        }
    }

    /// What a value is that was parsed before.
    pub(crate) fn of_value(value: &Value) -> Scalar<'_> {
        match value {
            Value::String(text) => Scalar::Text(Cow::Borrowed(text)),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => Scalar::Unsigned(number),
                (_, Some(number), _) if number != 0 => Scalar::Signed(number),
                (_, _, Some(number)) => Scalar::of_float(number),
                _ => Scalar::Other,
            },
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Scalar::Other,
        }
    }

    /// Zero has no sign: with `arbitrary_precision`, a `Value` of -0 is handed on as 0.
    fn of_float(number: f64) -> Self {
        if number == 0.0 { Self::Unsigned(0) } else { Self::Float(number) }
    }

    /// The text, or the number in digits: of `123.0`, `123`.
    pub(crate) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.into_owned()),
            Self::Unsigned(number) => Some(number.to_string()),
            Self::Signed(number) => Some(number.to_string()),
            Self::Float(number) => Some(number.to_string()),
            Self::Other => None,
        }
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Unsigned(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
        Ok(u64::try_from(number).map_or(Scalar::Signed(number), Scalar::Unsigned))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::of_float(number))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other)
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other)
    }

    fn visit_none<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other)
    }

    // How a `Value` hands on a whole number beyond 64 bits if `arbitrary_precision` is on: as text, it is a float.
    fn visit_u128<E: Error>(self, number: u128) -> Result<Scalar<'de>, E> {
        Ok(Scalar::of_number(&number.to_string()))
    }

    fn visit_i128<E: Error>(self, number: i128) -> Result<Scalar<'de>, E> {
        Ok(Scalar::of_number(&number.to_string()))
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Scalar<'de>, D::Error> {
        Scalar::deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Scalar<'de>, D::Error> {
        Scalar::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        let mut scalar = Scalar::Other;
        while let Some(key) = map.next_key::<Key>()? {
            match key {
                Key::Number => {
                    if let Scalar::Text(text) = map.next_value()? {
                        scalar = Scalar::of_number(&text);
                    }
                }
                Key::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(scalar)
    }
}

/// Whether a key of an object is the one that stands for a number.
enum Key {
    Number,
    Other,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = Scalar::deserialize(deserializer)?;
        Ok(if matches!(key, Scalar::Text(text) if text == NUMBER_KEY) { Self::Number } else { Self::Other })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_json_value_is_read_from_text_and_from_a_value() {
        let borrowed = |text| Scalar::Text(Cow::Borrowed(text));
        for (json, expected) in [
            (r#""text""#, borrowed("text")),
            (r#""a\"b""#, borrowed("a\"b")),
            ("0", Scalar::Unsigned(0)),
            ("18446744073709551615", Scalar::Unsigned(u64::MAX)),
            ("18446744073709551616", Scalar::Float(18_446_744_073_709_551_616.0)),
            ("-7", Scalar::Signed(-7)),
            ("-0", Scalar::Unsigned(0)),
            ("1e2", Scalar::Float(100.0)),
            ("123.0", Scalar::Float(123.0)),
            ("true", Scalar::Other),
            ("null", Scalar::Other),
            (r#"[1, ["a", {}]]"#, Scalar::Other),
            (r#"{ "a": { "b": [1, 2] }, "c": "d" }"#, Scalar::Other),
        ] {
            assert_eq!(serde_json::from_str::<Scalar>(json).unwrap(), expected, "{json}");
            assert_eq!(serde_json::from_reader::<_, Owned>(json.as_bytes()).unwrap().0, expected, "{json}");
            let value: Value = serde_json::from_str(json).unwrap();
            assert_eq!(Scalar::of_value(&value), expected, "{json}");
            assert_eq!(Scalar::deserialize(&value).unwrap(), expected, "{json}");
            assert_eq!(Scalar::deserialize(value).unwrap(), expected, "{json}");
        }
    }

    struct Owned(Scalar<'static>);

    impl<'de> Deserialize<'de> for Owned {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Ok(Self(match Scalar::deserialize(deserializer)? {
                Scalar::Text(text) => Scalar::Text(Cow::Owned(text.into_owned())),
                Scalar::Unsigned(number) => Scalar::Unsigned(number),
                Scalar::Signed(number) => Scalar::Signed(number),
                Scalar::Float(number) => Scalar::Float(number),
                Scalar::Other => Scalar::Other,
            }))
        }
    }

    #[test]
    fn text_without_escapes_is_not_copied() {
        let read = serde_json::from_str::<Scalar>(r#""plain""#).unwrap();
        assert!(matches!(read, Scalar::Text(Cow::Borrowed("plain"))));
    }

    #[test]
    fn number_as_text_is_read_as_the_number_itself() {
        for text in ["0", "7", "18446744073709551615", "18446744073709551616", "-7", "-0", "123.0", "1e2", "-1.5E-3"] {
            let number = serde_json::from_str::<Scalar>(text).unwrap();
            let as_text = format!(r#"{{ "{NUMBER_KEY}": "{text}" }}"#);
            let read = serde_json::from_str::<Scalar>(&as_text).unwrap();
            assert_eq!(format!("{read:?}"), format!("{number:?}"), "{text}");
        }
        assert_eq!(Scalar::of_number("1e999"), Scalar::Other);
    }

    #[test]
    fn text_of_a_number_has_no_needless_fraction() {
        for (json, text) in
            [("123.0", Some("123")), ("-7", Some("-7")), ("3.14", Some("3.14")), (r#""a""#, Some("a")), ("[]", None)]
        {
            assert_eq!(serde_json::from_str::<Scalar>(json).unwrap().into_text().as_deref(), text, "{json}");
        }
    }

    #[test]
    fn malformed_json_is_an_error() {
        for json in ["", "tru", "[1", r#"{ "a" }"#, r#""open"#, "{\"$serde_json::private::Number\": "] {
            assert!(serde_json::from_str::<Scalar>(json).is_err(), "{json}");
        }
    }
}
