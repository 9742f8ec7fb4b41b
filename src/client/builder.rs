use std::env::{self, VarError};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::auth::credentials::{Bearer, Credentials, header};
use crate::auth::token_cache::{TokenCache, TokenSource};
use crate::client::{Client, Environment, Shared};
use crate::error::{Error, ErrorKind, Fault};
use crate::retry::Seen;
use crate::retry::budget::RetryBudget;
use crate::{RetryPolicy, Secret};

/// How long a connection may take, unless set: [`ClientBuilder::connect_timeout`].
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long an attempt may take, unless set: [`ClientBuilder::attempt_timeout`].
pub const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a call may take, unless set: [`ClientBuilder::timeout`].
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(45);

/// A time limit that never comes before this crate's own.
const FAR_OFF: Duration = Duration::from_secs(24 * 60 * 60);

const AGENT: &str = concat!("spkey-rust/", env!("CARGO_PKG_VERSION"));

/// Configures a [`Client`]. Made by [`Client::builder`].
#[derive(Default)]
#[must_use = "nothing is built before `.build()`"]
pub struct ClientBuilder {
    base_url: Option<String>,
    bearer: Option<Result<Bearer, String>>,
    api_key: Option<Result<HeaderValue, String>>,
    admin_key: Option<Result<HeaderValue, String>>,
    policy: RetryPolicy,
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    app: Option<String>,
    plain_http: bool,
    http: Option<reqwest::ClientBuilder>,
}

type Set = fn(ClientBuilder, String) -> ClientBuilder;

impl ClientBuilder {
    /// A builder set from the environment, to be configured further: see [`Client::from_env`].
    ///
    /// # Errors
    /// Where a variable is set to nothing or is not Unicode.
    pub fn from_env() -> Result<Self, Error> {
        let settings: [(&str, Set); 4] = [
            ("SPKEY_BASE_URL", Self::base_url),
            ("SPKEY_API_KEY", Self::api_key),
            ("SPKEY_TOKEN", Self::bearer_token),
            ("SPKEY_ADMIN_API_KEY", Self::admin),
        ];
        settings.into_iter().try_fold(Self::default(), |builder, (name, set)| match env::var(name) {
            Ok(text) if text.is_empty() => Err(Error::config(format!("{name} is set to nothing: set it or unset it"))),
            Ok(text) => Ok(set(builder, text)),
            Err(VarError::NotPresent) => Ok(builder),
            Err(VarError::NotUnicode(_)) => Err(Error::config(format!("{name} is not Unicode: set it anew"))),
        })
    }

    /// The deployment to call. [`Environment::Production`] unless set, here or by [`base_url`](Self::base_url).
    pub fn environment(self, environment: Environment) -> Self {
        self.base_url(environment.base_url())
    }

    /// The URL in front of every path, for a deployment of your own. It is `https`, or `http` to this machine; it may end in
    /// a path, and has no user, query or fragment.
    pub fn base_url(self, url: impl Into<String>) -> Self {
        Self { base_url: Some(url.into()), ..self }
    }

    /// A JWT to send as bearer token with every call that takes credentials. Replaces a token source.
    pub fn bearer_token(self, token: impl Into<Secret>) -> Self {
        Self { bearer: Some(header("the bearer token", "Bearer ", &token.into()).map(Bearer::Fixed)), ..self }
    }

    /// Where to fetch bearer tokens that end. Replaces a fixed token.
    pub fn token_source(self, source: impl TokenSource) -> Self {
        Self { bearer: Some(Ok(Bearer::Source(TokenCache::new(source)))), ..self }
    }

    /// An organization's key, sent as `X-API-Key`, alone or beside a bearer token.
    pub fn api_key(self, key: impl Into<Secret>) -> Self {
        Self { api_key: Some(header("the API key", "", &key.into())), ..self }
    }

    /// The key for the operations under `/admin`, sent to them as `X-Admin-API-Key`. It takes an admin's bearer token beside
    /// it.
    pub fn admin(self, key: impl Into<Secret>) -> Self {
        Self { admin_key: Some(header("the admin key", "", &key.into())), ..self }
    }

    /// How often and how soon calls are tried again. [`RetryPolicy::default`] unless set.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        Self { policy, ..self }
    }

    /// How long a call may take with all its attempts and waits. 45 s unless set ([`DEFAULT_TIMEOUT`]).
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// How long one attempt may take, from fetching a token to the end of the answer. 15 s unless set
    /// ([`DEFAULT_ATTEMPT_TIMEOUT`]); never more than what is left of the call.
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        Self { attempt_timeout: Some(timeout), ..self }
    }

    /// How long a connection may take, with its name look-up and TLS. 3 s unless set ([`DEFAULT_CONNECT_TIMEOUT`]).
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        Self { connect_timeout: Some(timeout), ..self }
    }

    /// The name and version of your program, for the `User-Agent` that the service's operators see.
    pub fn app(self, name: impl Into<String>) -> Self {
        Self { app: Some(name.into()), ..self }
    }

    /// Allows `http` to other machines. Credentials, PINs and keys then cross the network in plain text.
    pub fn dangerously_allow_plain_http(self) -> Self {
        Self { plain_http: true, ..self }
    }

    /// Configures the HTTP client: proxy, certificates, connection pool. What this crate must own it sets afterwards:
    /// redirects (none), `timeout` and `connect_timeout`, retries (none of its own), `User-Agent`. A `read_timeout` holds
    /// beside this crate's limits, and for streams too. A second call adds to the first.
    ///
    /// ```
    /// let client = spkey::Client::builder().api_key("a-key").http(|http| http.pool_max_idle_per_host(4)).build()?;
    /// # drop(client);
    /// # Ok::<(), spkey::Error>(())
    /// ```
    pub fn http(self, configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder) -> Self {
        // The caller may have set a time limit; it cannot be unset, only put out of the way of this crate's own.
        Self { http: Some(configure(self.http.unwrap_or_default()).timeout(FAR_OFF)), ..self }
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) where the base URL is malformed or not `https`, no bearer token and no API key is given, the
    /// admin key is given without a bearer token, a credential cannot be a header, or the HTTP client cannot be built.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = self.base_url.as_deref().unwrap_or(Environment::default().base_url());
        let url = check_url(base_url, self.plain_http).map_err(Error::config)?;
        let credentials = Credentials {
            bearer: self.bearer.transpose().map_err(Error::config)?,
            api_key: self.api_key.transpose().map_err(Error::config)?,
            admin_key: self.admin_key.transpose().map_err(Error::config)?,
        };
        if credentials.bearer.is_none() && credentials.admin_key.is_some() {
            let what = "the admin key counts only with an admin's token: give bearer_token or token_source too";
            return Err(Error::config(what));
        }
        if credentials.bearer.is_none() && credentials.api_key.is_none() {
            return Err(Error::config("no credentials: give bearer_token, token_source or api_key"));
        }
        let agent = self.app.map_or(AGENT.to_owned(), |app| format!("{AGENT} ({app})"));
        let agent = HeaderValue::try_from(agent)
            .map_err(|_| Error::config("the name given to `app` has a character that no header may hold: use ASCII"))?;
        let http = self.http.unwrap_or_default();
        let http = http
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(self.connect_timeout.unwrap_or(DEFAULT_CONNECT_TIMEOUT))
            .user_agent(agent)
            .build()
            .map_err(|error| {
                let what = "the HTTP client cannot be built: check what `http` sets and the system's certificates";
                Error(Fault::new(Seen::NotSent, ErrorKind::Config, what).caused_by(error))
            })?;
        Ok(Client {
            http,
            shared: Arc::new(Shared { credentials, budget: RetryBudget::new(), url }),
            policy: self.policy,
            timeout: self.timeout.unwrap_or(DEFAULT_TIMEOUT),
            attempt_timeout: self.attempt_timeout.unwrap_or(DEFAULT_ATTEMPT_TIMEOUT),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ClientBuilder");
        debug.field("bearer", &self.bearer.is_some()).field("api_key", &self.api_key.is_some());
        debug.field("admin_key", &self.admin_key.is_some()).field("app", &self.app).field("retry", &self.policy);
        debug.field("timeout", &self.timeout).field("attempt_timeout", &self.attempt_timeout);
        debug.field("connect_timeout", &self.connect_timeout);
        debug.finish_non_exhaustive()
    }
}

fn check_url(text: &str, plain_http: bool) -> Result<Url, String> {
    // The text is not repeated: it may hold a password.
    let url = Url::parse(text).map_err(|error| {
        let flaw = if text.is_empty() { "empty".to_owned() } else { format!("malformed ({error})") };
        format!("the base URL is {flaw}: give one like https://api.spkey.co")
    })?;
    let flaw = if !matches!(url.scheme(), "https" | "http") {
        "is neither https nor http: give one like https://api.spkey.co"
    } else if url.scheme() == "http" && !plain_http && !is_this_machine(&url) {
        "is http to another machine, which would show credentials to the network: use https, or say \
         dangerously_allow_plain_http"
    } else if !url.username().is_empty() || url.password().is_some() {
        "holds a user or password: give credentials to the client builder instead"
    } else if url.query().is_some() || url.fragment().is_some() || url.path().contains("//") {
        "has a query or fragment, or a doubled slash in its path: give one like https://api.spkey.co"
    } else {
        return Ok(url);
    };
    Err(format!("the base URL {flaw}"))
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
