//! What a call consists of before it is sent: the operation, its inputs, and the request made of them.

pub(crate) mod confirm;
pub(crate) mod encoding;
pub(crate) mod endpoint;
pub(crate) mod headers;
pub(crate) mod operation;
pub(crate) mod page_fields;
pub(crate) mod parts;
pub(crate) mod problems;
pub(crate) mod response_body;
pub(crate) mod set_inputs;
pub(crate) mod wire_value;
