use std::borrow::Cow;
use std::time::SystemTime;

use crate::value::date_time::DateTime;
use crate::value::lock_id::LockId;
use crate::value::number::Number;
use crate::value::secret::Secret;
use crate::value::sensitive_json::SensitiveJson;
use crate::value::user_id::UserId;

/// What can be passed where an operation takes a `T`: a `T`, or something that converts into one.
///
/// Text is taken for strings, ids and enums, whole numbers of any size for locks and numbers, text or a `SystemTime` for a
/// [`DateTime`]. Where an input is optional, `T`
/// is an `Option`, and both the bare value and an `Option` are taken. What does not convert, such as a lock's id of 0, is an
/// error of `send`, before anything is sent.
///
/// ```no_run
/// # async fn example(spkey: &spkey::Client, phone: Option<String>) -> Result<(), spkey::Error> {
/// spkey.add_resident(123).name("Ada").email("ada@example.com").phone_number(phone).send().await?;
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given where a `{T}` is expected",
    label = "expected a `{T}`",
    note = "ids and enums are made from text by `.parse()`; an `Option` of another type is converted by `.map(..)`"
)]
pub trait IntoInput<T> {
    /// Converts the value.
    ///
    /// # Errors
    /// Where it is not a valid `T`.
    #[doc(hidden)]
    fn into_input(self) -> Result<T, InvalidInput>;
}

/// Why a value cannot be sent.
#[derive(Clone, Debug)]
pub enum InvalidInput {
    /// It is no valid value of the type.
    Invalid(Cow<'static, str>),
    /// It is left open by `mock::any()`.
    Open,
}

/// The types that operations take.
pub trait InputType {}

impl<T: InputType> IntoInput<T> for T {
    fn into_input(self) -> Result<T, InvalidInput> {
        Ok(self)
    }
}

impl<T: InputType> IntoInput<Option<T>> for T {
    fn into_input(self) -> Result<Option<T>, InvalidInput> {
        Ok(Some(self))
    }
}

impl<T: InputType> IntoInput<Option<T>> for Option<T> {
    fn into_input(self) -> Result<Option<T>, InvalidInput> {
        Ok(self)
    }
}

impl<T: InputType> InputType for Vec<T> {}

impl<T: InputType, const N: usize> IntoInput<Vec<T>> for [T; N] {
    fn into_input(self) -> Result<Vec<T>, InvalidInput> {
        Ok(self.into())
    }
}

impl<T: InputType, const N: usize> IntoInput<Option<Vec<T>>> for [T; N] {
    fn into_input(self) -> Result<Option<Vec<T>>, InvalidInput> {
        Ok(Some(self.into()))
    }
}

macro_rules! input_type {
    ($($ty:ty),+ $(,)?) => {$(
        impl $crate::value::into_input::InputType for $ty {}
    )+};
}
pub(crate) use input_type;

input_type!(String, bool, i64, f64, DateTime, LockId, Number, UserId, Secret, SensitiveJson);

/// Takes a type where another is expected, by `TryFrom`.
macro_rules! converted_input {
    ($($source:ty),+ => $target:ty) => {$(
        impl $crate::value::into_input::IntoInput<$target> for $source {
            fn into_input(self) -> Result<$target, $crate::value::into_input::InvalidInput> {
                <$target>::try_from(self)
                    .map_err(|error| $crate::value::into_input::InvalidInput::Invalid(error.to_string().into()))
            }
        }

        impl $crate::value::into_input::IntoInput<Option<$target>> for $source {
            fn into_input(self) -> Result<Option<$target>, $crate::value::into_input::InvalidInput> {
                $crate::value::into_input::IntoInput::<$target>::into_input(self).map(Some)
            }
        }
    )+};
}
pub(crate) use converted_input;

/// Makes an enum an input that is taken as text too.
macro_rules! enum_input {
    ($name:ident) => {
        $crate::value::into_input::input_type!($name);
        $crate::value::into_input::converted_input!(&str => $name);

        impl $crate::value::parameter::Parameter for $name {
            fn text(&self) -> ::std::borrow::Cow<'_, str> {
                self.as_str().into()
            }
        }
    };
}
pub(crate) use enum_input;

converted_input!(&str, &String, char => String);
converted_input!(&str, String => Secret);
converted_input!(&str, &String, String, &LockId, u8, u16, u32, u64, usize, i32, i64 => LockId);
converted_input!(&str, &String, String, &UserId, uuid::Uuid => UserId);
converted_input!(u8, u16, u32, u64, usize, i8, i16, i32 => i64);
converted_input!(u8, u16, u32, i8, i16, i32, f32 => f64);
converted_input!(i32, u32, i64, u64, f64 => Number);
converted_input!(&str, &String, String, SystemTime => DateTime);
#[cfg(feature = "jiff")]
converted_input!(jiff::Timestamp => DateTime);
#[cfg(feature = "chrono")]
converted_input!(chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::FixedOffset> => DateTime);
#[cfg(feature = "time")]
converted_input!(time::OffsetDateTime => DateTime);
converted_input!(serde_json::Value => SensitiveJson);
