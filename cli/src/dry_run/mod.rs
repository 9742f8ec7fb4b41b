//! `--dry-run`: the request as a `curl` command. Credentials and secrets are variables in it, so that it can be shown to others.

pub(crate) mod curl;
pub(crate) mod variables;
