//! Values of the contract that have a type of their own, and how they are read.

pub(crate) mod any_value;
pub(crate) mod conform;
pub(crate) mod conversion_error;
pub(crate) mod date_time;
pub(crate) mod entries;
pub(crate) mod from_scalar;
pub(crate) mod from_text;
pub(crate) mod into_input;
pub(crate) mod json;
pub(crate) mod json_path;
pub(crate) mod lock_id;
pub(crate) mod number;
pub(crate) mod open_enum;
pub(crate) mod parameter;
pub(crate) mod read_error;
pub(crate) mod read_fields;
pub(crate) mod reader;
pub(crate) mod redactable;
#[cfg(feature = "mock")]
pub(crate) mod sample;
pub(crate) mod scalar;
pub(crate) mod secret;
pub(crate) mod sensitive_json;
pub(crate) mod shape;
pub(crate) mod text;
pub(crate) mod user_id;
