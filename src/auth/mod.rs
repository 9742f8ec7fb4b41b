//! Who the caller is: credentials as headers, and bearer tokens that expire.

pub(crate) mod credentials;
pub(crate) mod header;
pub(crate) mod token_cache;
pub(crate) mod token_source;
