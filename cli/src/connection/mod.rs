//! Where the service is and what the program authenticates with: from exactly one source.

pub(crate) mod credential;
pub(crate) mod credential_command;
pub(crate) mod credential_source;
pub(crate) mod credentials;
pub(crate) mod resolve;

use std::sync::Arc;
use std::time::Duration;

use spkey::{Auth, Client, ClientBuilder};

use crate::connection::credential::Credential;
use crate::connection::credential_source::CredentialSource;
use crate::connection::credentials::Credentials;
use crate::failure::Failure;

/// The name of the program in the `User-Agent`.
const APP: &str = concat!("spkey-cli/", env!("CARGO_PKG_VERSION"));

/// Where the service is, and the credentials. Made by [`resolve`](resolve::resolve).
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) base_url: String,
    pub(crate) source: CredentialSource,
    pub(crate) credentials: Credentials,
    timeout: Option<Duration>,
}

impl Connection {
    /// A builder of a client for operations that take `auth`. The admin key is fetched only where they are admin operations;
    /// the commands of other credentials run when the first call needs them, and again after a 401.
    pub(crate) async fn client_builder(&self, auth: Auth) -> Result<ClientBuilder, Failure> {
        let mut builder = Client::builder().base_url(&self.base_url).app(APP);
        builder = match &self.credentials.token {
            Some(Credential::Fixed(token)) => builder.bearer_token(token.clone()),
            Some(Credential::Command(command)) => builder.token_source(Arc::clone(command)),
            None => builder,
        };
        builder = match &self.credentials.api_key {
            Some(Credential::Fixed(key)) => builder.api_key(key.clone()),
            Some(Credential::Command(command)) => builder.api_key_source(Arc::clone(command)),
            None => builder,
        };
        if auth == Auth::Admin
            && let Some(key) = &self.credentials.admin_key
        {
            builder = builder.admin(key.fetch().await?);
        }
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout);
        }
        Ok(builder)
    }
}
