use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use crate::auth::credentials::Credentials;
#[cfg(feature = "opentelemetry")]
use crate::execute::metrics::Metrics;
use crate::retry::budget::RetryBudget;
use crate::retry::policy::RetryPolicy;

/// What a call is made with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct CallContext {
    pub(crate) http: reqwest::Client,
    pub(crate) shared: Arc<Shared>,
    pub(crate) policy: RetryPolicy,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
}

/// What all clones of a client share.
pub(crate) struct Shared {
    pub(crate) credentials: Credentials,
    pub(crate) budget: RetryBudget,
    pub(crate) base_url: Url,
    /// The time limit of a connection, within which the HTTP library tells that there is none.
    pub(crate) connect_timeout: Duration,
    #[cfg(feature = "opentelemetry")]
    pub(crate) metrics: Metrics,
}
