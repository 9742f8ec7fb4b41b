//! Enums that outlive the contract: a value that is not known is kept as it came and can be sent back.

/// Writes an open enum. build.rs calls it for each enum of the contract.
macro_rules! open_enum {
    ($(#[doc = $docs:literal])* $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[doc = $docs])*
        ///
        /// A response may hold a value that this version does not know: it reads as `Unknown` and can be sent back.
        /// Text from a program is checked against the known values, so that a typo is found.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
            /// A value that this version does not know, as it came. Build it with [`other`](Self::other), which returns
            /// the variant of a value that is known.
            Unknown(::std::string::String),
        }

        impl $name {
            /// The values that this version knows, in the order of the contract.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// The value with that text, known or not: how to send a value that is newer than this version.
            #[must_use]
            pub fn other(text: impl ::std::convert::AsRef<str>) -> Self {
                let text = text.as_ref();
                Self::known(text).unwrap_or_else(|| Self::Unknown(text.to_owned()))
            }

            /// The text of the value on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text,
                }
            }

            fn known(text: &str) -> ::std::option::Option<Self> {
                match text {
                    $($text => ::std::option::Option::Some(Self::$variant),)*
                    _ => ::std::option::Option::None,
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::value::conversion_error::ConversionError;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Self::known(text).ok_or_else(|| {
                    $crate::value::conversion_error::ConversionError::new(concat!(
                        "not a known ", stringify!($name), ": give one of ", $($text, ", ",)* "or ",
                        stringify!($name), "::other(..) for a newer value"
                    ))
                })
            }
        }

        $crate::value::from_text::from_text!($name => &str);

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let text = <$crate::value::text::Text as ::serde::Deserialize>::deserialize(deserializer)?;
                Ok(Self::other(text.0))
            }
        }

        $crate::value::shape::scalar_shape!($name => $crate::value::shape::ScalarKind::Enum(&[$($text),*]));

        #[cfg(feature = "mock")]
        impl $crate::value::sample::Sample for $name {
            fn sample() -> Self {
                Self::KNOWN[0].clone()
            }
        }

        $crate::value::into_input::enum_input!($name);
    };
}
pub(crate) use open_enum;
