use serde_json::Value;

use crate::value::scalar::Scalar;

/// What can be read from a JSON text or number, if it is one that fits.
pub(crate) trait FromScalar: Sized {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self>;
}

/// A text, or the digits of a number: of `123.0`, `123`.
impl FromScalar for String {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        scalar.into_text()
    }
}

/// Reads a type strictly, as what a scalar is; of everything else, the problem is the error.
macro_rules! read_from_scalar {
    ($ty:ty, $kind:ident, $problem:expr) => {
        impl<'de> ::serde::Deserialize<'de> for $ty {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let scalar = <$crate::value::scalar::Scalar<'_> as ::serde::Deserialize>::deserialize(deserializer)?;
                <Self as $crate::value::from_scalar::FromScalar>::from_scalar(scalar)
                    .ok_or_else(|| <D::Error as ::serde::de::Error>::custom($problem))
            }
        }

        $crate::value::shape::scalar_shape!($ty => $crate::value::shape::ScalarKind::$kind);
    };
}
pub(crate) use read_from_scalar;

/// What a JSON text or number stands for; none if it is of a wrong kind.
pub(crate) fn scalar<T: FromScalar>(value: &Value) -> Option<T> {
    T::from_scalar(Scalar::of_value(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::value::lock_id::LockId;
    use crate::value::user_id::UserId;

    #[test]
    fn value_of_a_wrong_kind_is_none() {
        for wrong in
            [json!(null), json!(true), json!(0), json!(-1), json!(1.5), json!(""), json!("x"), json!([1]), json!({})]
        {
            assert_eq!((scalar::<LockId>(&wrong), scalar::<UserId>(&wrong)), (None, None), "{wrong}");
        }
        assert_eq!(scalar::<UserId>(&json!("123")), None, "a user's id is no number");
    }

    #[test]
    fn lock_is_read_from_text_and_from_numbers() {
        for lock in [json!(123), json!("123"), json!(123.0), json!(1.23e2)] {
            assert_eq!(scalar::<LockId>(&lock).unwrap(), 123, "{lock}");
        }
    }

    #[test]
    fn text_is_read_from_text_or_number() {
        for (value, text) in [(json!("a"), "a"), (json!(7), "7"), (json!(123.0), "123"), (json!(-1.5), "-1.5")] {
            assert_eq!(scalar::<String>(&value).as_deref(), Some(text));
        }
        for value in [json!(null), json!(true), json!([1]), json!({ "a": 1 })] {
            assert_eq!(scalar::<String>(&value), None, "{value}");
        }
    }
}
