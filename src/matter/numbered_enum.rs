//! Enums that are numbers on the wire, and outlive the list of their values.

/// Writes an enum. build.rs calls it for each enum of `openapi/matter.yaml`.
macro_rules! numbered_enum {
    ($docs:literal $name:ident { $($variant:ident = $number:literal $text:literal),* $(,)? }) => {
        #[doc = $docs]
        ///
        /// `Display` is the text of the value in lower case. A number that this version does not know is `Unknown`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $number, "`: ", $text)] $variant,)*
            /// A number that this version does not know.
            Unknown(i64),
        }

        impl $name {
            /// The values that this version knows, by number from 0.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];
        }

        impl From<i64> for $name {
            #[inline]
            fn from(number: i64) -> Self {
                match number {
                    $($number => Self::$variant,)*
                    number => Self::Unknown(number),
                }
            }
        }

        impl From<$name> for i64 {
            #[inline]
            fn from(value: $name) -> Self {
                match value {
                    $($name::$variant => $number,)*
                    $name::Unknown(number) => number,
                }
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $(Self::$variant => f.write_str($text),)*
                    Self::Unknown(number) => write!(f, "unknown ({number})"),
                }
            }
        }

        impl $crate::matter::attribute::sealed::Sealed for $name {}

        impl $crate::matter::attribute::AttributeValue for $name {
            #[inline]
            fn read(json: &::serde_json::Value) -> Option<Self> {
                i64::read(json).map(Self::from)
            }

            #[inline]
            fn write(self) -> ::serde_json::Value {
                i64::from(self).into()
            }
        }
    };
}
pub(crate) use numbered_enum;
