pub(crate) mod credentials;
pub(crate) mod token_cache;
