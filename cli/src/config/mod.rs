//! The configuration file: profiles, each a URL and credentials.

pub(crate) mod config_file;
mod keys;
mod location;
mod permissions;
pub(crate) mod profile;
