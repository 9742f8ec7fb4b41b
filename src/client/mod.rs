pub(crate) mod builder;
pub(crate) mod custom_request;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use crate::auth::credentials::Credentials;
use crate::client::builder::ClientBuilder;
use crate::retry::budget::RetryBudget;
use crate::{Error, RetryPolicy};

/// A client of the SpKey API: a method for each operation, and the credentials, retries and limits that they share.
///
/// Cheap to clone, to be shared by tasks and threads. Clones and variants share the connections, the token and the retry
/// budget.
#[derive(Clone)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) shared: Arc<Shared>,
    pub(crate) policy: RetryPolicy,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
}

/// What clones and variants of a client share.
pub(crate) struct Shared {
    pub(crate) credentials: Credentials,
    pub(crate) budget: RetryBudget,
    /// The base URL.
    pub(crate) url: Url,
}

include!(concat!(env!("OUT_DIR"), "/environments.rs"));

impl Client {
    /// A client to be configured: where the service is, and the credentials.
    ///
    /// ```
    /// use spkey::{Client, Environment};
    ///
    /// let client = Client::builder().environment(Environment::Staging).api_key("an organization's key").build();
    /// # assert!(client.is_err(), "a key has no spaces");
    /// # let client = Client::builder().environment(Environment::Staging).api_key("an-organizations-key").build();
    /// # client?;
    /// # Ok::<(), spkey::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client configured by the environment: `SPKEY_BASE_URL` (production where it is not set), `SPKEY_API_KEY`,
    /// `SPKEY_TOKEN` and `SPKEY_ADMIN_API_KEY`, of which one of the first two credentials at least must be set.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`], and where a variable is set to nothing or is not Unicode.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// The base URL, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.shared.url.as_str().trim_end_matches('/')
    }

    /// A variant with another retry policy, for one call or many.
    ///
    /// ```
    /// # fn example(client: &spkey::Client) {
    /// let once = client.with_retry(spkey::RetryPolicy::none());
    /// # }
    /// ```
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self { policy, ..self.clone() }
    }

    /// A variant with another time limit for a whole call, all attempts and waits included: [`ClientBuilder::timeout`].
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { timeout, ..self.clone() }
    }

    /// A variant with another time limit for one attempt: [`ClientBuilder::attempt_timeout`].
    #[must_use]
    pub fn with_attempt_timeout(&self, attempt_timeout: Duration) -> Self {
        Self { attempt_timeout, ..self.clone() }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Client");
        debug.field("base_url", &self.base_url()).field("retry", &self.policy);
        debug.field("timeout", &self.timeout).field("attempt_timeout", &self.attempt_timeout);
        debug.finish_non_exhaustive()
    }
}
