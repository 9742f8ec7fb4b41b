//! The operations of the contract, as the mock kit has them. What build.rs writes calls the macros below.

#![allow(clippy::default_trait_access, reason = "generated")]
#![allow(clippy::return_self_not_must_use, reason = "each of these methods is often the last of a chain")]

use serde_json::Value;

use super::MockSpKey;
use super::call::{MockOperation, Mocked, MockedBody};
use super::reply::{Answer, Content, Page, Redirect};

/// The user in a default answer.
const SOME_USER: &str = "550e8400-e29b-41d4-a716-446655440000";

macro_rules! operation {
    (
        $id:ident, $marker:ident, $operation:ident, $answer:ty,
        path { $($path:ident: $path_type:ty = $path_name:literal,)* },
        query { $($query:ident: $query_type:ty = $query_name:literal,)* },
        body { $($body:ty { $($kind:ident $field:ident: $field_type:ty = $field_name:literal,)* })? }
    ) => {
        #[doc = concat!("[`", stringify!($id), "`](crate::Client::", stringify!($id), ")")]
        #[derive(Debug)]
        pub enum $marker {}

        impl Mocked for $marker {
            const OPERATION: &'static crate::Operation = &crate::request::operation::$operation;
            type Answer = $answer;
        }

        $(
            impl MockedBody for $marker {
                type Body = $body;
            }
        )?

        impl MockSpKey {
            #[doc = concat!("Mocks [`", stringify!($id), "`](crate::Client::", stringify!($id), ").")]
            #[track_caller]
            pub fn $id(&self) -> MockOperation<'_, $marker> {
                self.mock()
            }
        }

        impl MockOperation<'_, $marker> {
            $(
                #[doc = concat!("Is for calls with that `", $path_name, "` in the path.")]
                #[track_caller]
                pub fn $path<V: TryInto<$path_type, Error: std::fmt::Display>>(self, value: V) -> Self {
                    self.path_value::<$path_type, V>($path_name, value)
                }
            )*
            $(
                #[doc = concat!("Is for calls with that `", $query_name, "` in the query.")]
                #[track_caller]
                pub fn $query<V: TryInto<$query_type, Error: std::fmt::Display>>(self, value: V) -> Self {
                    self.query_value::<$query_type, V>($query_name, value)
                }
            )*
            $($(
                #[doc = concat!("Is for calls with that `", $field_name, "` in the body.")]
                #[track_caller]
                pub fn $field<V: TryInto<$field_type, Error: std::fmt::Display>>(self, value: V) -> Self {
                    self.$kind::<$field_type, V>($field_name, value)
                }
            )*)?
        }
    };
}

macro_rules! json_answers {
    ($($answer:ty),*) => {$(
        impl Answer for $answer {
            fn into_content(self) -> Content {
                json(&self)
            }
        }
    )*};
}

macro_rules! default {
    ($name:ident { $($field:tt: $value:expr,)* }) => {
        impl Default for crate::types::$name {
            fn default() -> Self {
                Self { $($field: $value,)* }
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/mock.rs"));

fn json(answer: &impl serde::Serialize) -> Content {
    // Answers are structs with texts as keys, which can always be written.
    Content::Json(serde_json::to_value(answer).unwrap_or(Value::Null))
}
