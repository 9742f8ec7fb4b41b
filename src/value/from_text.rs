/// Makes a type by `TryFrom` of whatever holds text, where it is `FromStr`.
macro_rules! from_text {
    ($ty:ty => $($text:ty),+) => {$(
        impl ::std::convert::TryFrom<$text> for $ty {
            type Error = $crate::value::conversion_error::ConversionError;

            fn try_from(text: $text) -> ::std::result::Result<Self, Self::Error> {
                text.parse()
            }
        }
    )+};
}
pub(crate) use from_text;
