//! Writes the enums of the contract, so that they outlive it: reading never fails on a new value, which is kept as it came
//! and can be sent back. Text written in a program is held to the known values, so that a slip is found.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::contract::Contract;

/// The enums, to be put into the module of types.
pub(crate) fn items(contract: &Contract) -> TokenStream {
    let enums = contract.schemas().filter(|(_, schema)| schema.get("enum").is_some());
    enums.map(|(name, schema)| item(name, schema)).collect()
}

fn item(name: &str, schema: &Value) -> TokenStream {
    let description = schema["description"].as_str().unwrap_or_default().trim();
    let texts: Vec<_> = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let variants: Vec<_> = texts.iter().map(|text| format_ident!("{}", variant(text))).collect();
    let variant_docs = texts.iter().map(|text| format!("`{text}`"));
    let known = texts.join(", ");
    let slip = format!("not a known {name}: give one of {known}, or {name}::other(..) for a newer one");
    let name = format_ident!("{name}");
    quote! {
        #[doc = #description]
        ///
        /// An answer may hold a value that this version does not know: it reads as `Unknown` and can be sent back.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #variant_docs] #variants,)*
            /// A value that this version does not know, as it came.
            #[non_exhaustive]
            Unknown(::std::string::String),
        }

        impl #name {
            /// The values that this version knows, in the order of the contract.
            pub const KNOWN: &'static [Self] = &[#(Self::#variants),*];

            /// The value of that text, known or not: how to send a value that is newer than this version.
            pub fn other(text: impl ::std::convert::AsRef<str>) -> Self {
                let text = text.as_ref();
                text.parse().unwrap_or_else(|_| Self::Unknown(text.to_owned()))
            }

            /// The value as it is on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #texts,)*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for #name {
            type Err = error::ConversionError;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                match text {
                    #(#texts => Ok(Self::#variants),)*
                    _ => Err(#slip.into()),
                }
            }
        }

        impl ::std::convert::TryFrom<&str> for #name {
            type Error = error::ConversionError;

            fn try_from(text: &str) -> ::std::result::Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                <crate::value::read_fields::Text as ::serde::Deserialize>::deserialize(deserializer).map(|text| Self::other(text.0))
            }
        }

        crate::request::input::from_text!(#name);
    }
}

/// `rtsp-camera` becomes `RtspCamera`, `OWNER` becomes `Owner`, `DeviceAdded` stays.
fn variant(text: &str) -> String {
    let shout = !text.chars().any(|c| c.is_ascii_lowercase());
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words
        .map(|word| {
            let (head, tail) = word.split_at(1);
            head.to_uppercase() + &if shout { tail.to_lowercase() } else { tail.to_owned() }
        })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("V{name}") } else { name }
}
