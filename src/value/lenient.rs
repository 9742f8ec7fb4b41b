use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::value::scalar::Scalar;

/// A value of a response that counts as missing where it is of a wrong kind, so that it does not make the rest of the response
/// unreadable. Reading fails only where the JSON itself is malformed.
#[derive(Debug, PartialEq)]
pub(crate) struct Lenient<T>(pub(crate) Option<T>);

/// What can be read from a JSON text or number, if it is one that fits.
pub(crate) trait FromScalar: Sized {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self>;
}

impl<'de, T: FromScalar> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Scalar::deserialize(deserializer).map(T::from_scalar).map(Self)
    }
}

/// A text, or the digits of a number: of `123.0`, `123`.
impl FromScalar for String {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        scalar.into_text()
    }
}

/// The text of a JSON text or number: of `123.0`, `123`.
pub(crate) fn as_text(value: &Value) -> Option<String> {
    Lenient::deserialize(value).ok()?.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::value::lock_id::LockId;
    use crate::value::user_id::UserId;

    const WRONG: [&str; 9] =
        ["null", "true", "0", "-1", "1.5", r#""""#, r#""x""#, "[1, [2]]", r#"{ "a": { "b": 1 } }"#];

    #[derive(Deserialize)]
    struct Fields {
        lock: Lenient<LockId>,
        user: Lenient<UserId>,
        after: u32,
    }

    fn read(lock: &str, user: &str) -> Fields {
        serde_json::from_str(&format!(r#"{{ "lock": {lock}, "user": {user}, "after": 7 }}"#)).unwrap()
    }

    #[test]
    fn value_of_a_wrong_kind_counts_as_missing_and_what_follows_is_read() {
        for wrong in WRONG {
            let fields = read(wrong, wrong);
            assert_eq!((fields.lock.0, fields.user.0, fields.after), (None, None, 7), "{wrong}");
        }
        assert_eq!(read("123", "123").user.0, None, "a user's id is no number");
    }

    #[test]
    fn good_values_are_read() {
        let text = "550e8400-e29b-41d4-a716-446655440000";
        for lock in ["123", r#""123""#, "123.0", "1.23e2"] {
            let fields = read(lock, &format!("{text:?}"));
            assert_eq!((fields.lock.0.unwrap().get(), fields.user.0.unwrap().as_str()), (123, text), "{lock}");
        }
    }

    #[test]
    fn text_is_read_from_text_or_number() {
        for (value, text) in [(json!("a"), "a"), (json!(7), "7"), (json!(123.0), "123"), (json!(-1.5), "-1.5")] {
            assert_eq!(as_text(&value).as_deref(), Some(text));
        }
        for value in [json!(null), json!(true), json!([1]), json!({ "a": 1 })] {
            assert_eq!(as_text(&value), None, "{value}");
        }
    }
}
