//! Compares an OpenAPI document that the service has published with `openapi/spkey.yaml`, and writes into the latter what is new.

mod addition;
mod adopt;
mod change;
mod compare;
mod compare_schema;
mod comparison;
mod contract_file;
mod conventions;
mod convert;
pub mod document;
mod new_operation;
mod note;
mod placeholders;
mod report;
mod reuse;
mod shape;
mod words;
pub mod yaml_lines;
mod yaml_style;

pub use adopt::{Adopted, adopt};
pub use change::{Change, Kind, Level};
pub use note::{Note, Task};
pub use report::Report;
