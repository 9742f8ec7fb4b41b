use std::fmt;

use serde::de::Visitor;

/// A text that is no known value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    pub(crate) of: &'static str,
    pub(crate) known: &'static [&'static str],
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of, known } = self;
        write!(f, "not a known {of}: give one of {}, or {of}::other(..) for a newer one", known.join(", "))
    }
}

impl std::error::Error for UnknownValue {}

/// Reads a text without keeping it.
pub(crate) struct Text<T>(pub(crate) fn(&str) -> T);

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(self.0(text))
    }
}

/// Makes an enum of the contract that outlives the contract: reading never fails on a new value, which is kept as it came
/// and can be sent back. Text written in a program is held to the known values, so that a slip is found.
macro_rules! open_enum {
    ($description:literal, $name:ident { $($variant:ident = $text:literal),+ }) => {
        #[doc = $description]
        ///
        /// An answer may hold a value that this version does not know: it reads as `Unknown` and can be sent back.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`")]
                $variant,
            )+
            /// A value that this version does not know, as it came.
            #[non_exhaustive]
            Unknown(::std::string::String),
        }

        impl $name {
            const TEXTS: &'static [&'static str] = &[$($text),+];

            /// The values that this version knows, in the order of the contract.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The value of that text, known or not: how to send a value that is newer than this version.
            pub fn other(text: impl Into<::std::string::String>) -> Self {
                Self::read(&text.into())
            }

            fn read(text: &str) -> Self {
                text.parse().unwrap_or_else(|_| Self::Unknown(text.to_owned()))
            }

            /// The value as it is on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnknownValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownValue { of: stringify!($name), known: Self::TEXTS }),
                }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::UnknownValue;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::open_enum::Text(Self::read))
            }
        }

        $crate::optional::from_text!($name);
    };
}
pub(crate) use open_enum;
