//! The client, its builder, calls of operations that are chosen at run time, and requests to operations that the contract does not
//! have.

pub(crate) mod base_url;
pub(crate) mod builder;
pub(crate) mod custom_request;
pub(crate) mod environment;
pub(crate) mod operation_call;
pub(crate) mod pending_call;

use std::fmt;
use std::time::Duration;

use crate::client::builder::ClientBuilder;
use crate::error::Error;
use crate::execute::context::CallContext;
use crate::retry::policy::RetryPolicy;

/// A client of the SpKey API: a method for each operation, and the credentials, retries and limits that they share.
///
/// Cheap to clone, to be shared by tasks and threads. Clones and variants share the connections, the token and the token
/// bucket of retries.
#[derive(Clone)]
pub struct Client {
    pub(crate) context: CallContext,
}

impl Client {
    /// A client to be configured: where the service is, and the credentials.
    ///
    /// ```
    /// use spkey::{Client, Environment};
    ///
    /// let spkey = Client::builder().environment(Environment::Staging).api_key("an-organizations-key").build()?;
    /// # drop(spkey);
    /// # Ok::<(), spkey::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client configured by environment variables: `SPKEY_BASE_URL` (production unless set), `SPKEY_API_KEY`,
    /// `SPKEY_TOKEN` and `SPKEY_ADMIN_API_KEY`. At least one of `SPKEY_API_KEY` and `SPKEY_TOKEN` must be set.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`], and if a variable is empty or not Unicode.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// The base URL, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.context.shared.base_url.as_str().trim_end_matches('/')
    }

    /// A variant with another retry policy, for one call or many.
    ///
    /// ```
    /// # fn example(spkey: &spkey::Client) {
    /// let once = spkey.with_retry(spkey::RetryPolicy::none());
    /// # }
    /// ```
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self { context: CallContext { policy, ..self.context.clone() } }
    }

    /// A variant with another time limit for a whole call, all attempts and waits included: [`ClientBuilder::timeout`].
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { context: CallContext { timeout, ..self.context.clone() } }
    }

    /// A variant with another time limit for one attempt: [`ClientBuilder::attempt_timeout`].
    #[must_use]
    pub fn with_attempt_timeout(&self, attempt_timeout: Duration) -> Self {
        Self { context: CallContext { attempt_timeout, ..self.context.clone() } }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Client");
        debug.field("base_url", &self.base_url()).field("retry", &self.context.policy);
        debug.field("timeout", &self.context.timeout).field("attempt_timeout", &self.context.attempt_timeout);
        debug.finish_non_exhaustive()
    }
}
