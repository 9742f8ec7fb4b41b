pub(crate) mod ids;
pub(crate) mod read_fields;
pub(crate) mod secret;
pub(crate) mod sensitive_json;
