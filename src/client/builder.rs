use std::env::{self, VarError};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::auth::credentials::{Credential, Credentials};
use crate::auth::header::{BEARER, credential_header};
use crate::auth::token_cache::{API_KEY, BEARER_TOKEN, TokenCache};
use crate::auth::token_source::TokenSource;
use crate::client::Client;
use crate::client::base_url;
use crate::client::environment::Environment;
use crate::error::Error;
use crate::error::attempt_error::AttemptError;
use crate::error::kind::ErrorKind;
use crate::execute::connect_watch::ConnectLayer;
use crate::execute::context::{CallContext, Shared};
#[cfg(feature = "opentelemetry")]
use crate::execute::metrics::Metrics;
use crate::retry::budget::RetryBudget;
use crate::retry::classify::FailureClass;
use crate::retry::policy::RetryPolicy;
use crate::value::secret::Secret;

/// The default time limit for a connection, 3 s: [`ClientBuilder::connect_timeout`].
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// The default time limit for an attempt, 15 s: [`ClientBuilder::attempt_timeout`].
pub const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);
/// The default time limit for a call, 45 s: [`ClientBuilder::timeout`].
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(45);

/// How long an HTTP/2 connection with requests in flight may be silent before it is pinged, and how long the response to the
/// ping may take. Together less than an attempt, so that a connection that went silent is replaced within the call.
const HTTP2_PING_INTERVAL: Duration = Duration::from_secs(5);
const HTTP2_PING_TIMEOUT: Duration = Duration::from_secs(5);

/// A time limit that never comes before this crate's own.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

const AGENT: &str = concat!("spkey-rust/", env!("CARGO_PKG_VERSION"));

type Configure = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

/// Configures a [`Client`]. Made by [`Client::builder`].
#[derive(Default)]
#[must_use = "nothing is built before `.build()`"]
pub struct ClientBuilder {
    base_url: Option<String>,
    bearer: Option<Result<Credential, String>>,
    api_key: Option<Result<Credential, String>>,
    admin_key: Option<Result<HeaderValue, String>>,
    policy: RetryPolicy,
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    app: Option<String>,
    plain_http: bool,
    http: Vec<Configure>,
}

type Set = fn(ClientBuilder, String) -> ClientBuilder;

impl ClientBuilder {
    /// A builder configured by environment variables, to be configured further: see [`Client::from_env`].
    ///
    /// # Errors
    /// If a variable is empty or not Unicode.
    pub fn from_env() -> Result<Self, Error> {
        let settings: [(&str, Set); 4] = [
            ("SPKEY_BASE_URL", Self::base_url),
            ("SPKEY_API_KEY", Self::api_key),
            ("SPKEY_TOKEN", Self::bearer_token),
            ("SPKEY_ADMIN_API_KEY", Self::admin),
        ];
        settings.into_iter().try_fold(Self::default(), |builder, (name, set)| match env::var(name) {
            Ok(text) if text.is_empty() => Err(Error::config(format!("{name} is empty: set it or unset it"))),
            Ok(text) => Ok(set(builder, text)),
            Err(VarError::NotPresent) => Ok(builder),
            Err(VarError::NotUnicode(_)) => Err(Error::config(format!("{name} is not Unicode: set it again"))),
        })
    }

    /// The deployment to call. [`Environment::Production`] by default; [`base_url`](Self::base_url) sets another.
    pub fn environment(self, environment: Environment) -> Self {
        self.base_url(environment.base_url())
    }

    /// The URL in front of every path, for a deployment of your own. It is `https`, or `http` to this machine; it may end in
    /// a path, and has no user, query or fragment.
    pub fn base_url(self, url: impl Into<String>) -> Self {
        Self { base_url: Some(url.into()), ..self }
    }

    /// A JWT, sent as bearer token with every call that takes credentials. Replaces a token source.
    pub fn bearer_token(self, token: impl Into<Secret>) -> Self {
        Self {
            bearer: Some(credential_header("the bearer token", BEARER, &token.into()).map(Credential::Fixed)),
            ..self
        }
    }

    /// Where to fetch bearer tokens that expire. Replaces a fixed token.
    pub fn token_source(self, source: impl TokenSource) -> Self {
        Self { bearer: Some(Ok(Credential::Source(TokenCache::new(source, BEARER_TOKEN)))), ..self }
    }

    /// An organization's key, sent as `X-API-Key`, alone or together with a bearer token. Replaces a source of keys.
    pub fn api_key(self, key: impl Into<Secret>) -> Self {
        Self { api_key: Some(credential_header("the API key", "", &key.into()).map(Credential::Fixed)), ..self }
    }

    /// Where to fetch the organization's key, such as a file or a vault: it can then be rotated while the program runs. When
    /// the service rejects the old key with a 401, the source is asked once, for all calls, and they are retried with the new
    /// one. Replaces a fixed key.
    ///
    /// ```
    /// use spkey::{BoxError, Client, Token};
    ///
    /// # let path = "Cargo.toml";
    /// let source = move || async move {
    ///     let key = std::fs::read_to_string(path)?;
    ///     Ok::<_, BoxError>(Token::new(key.trim()))
    /// };
    /// let client = Client::builder().api_key_source(source).build()?;
    /// # drop(client);
    /// # Ok::<(), spkey::Error>(())
    /// ```
    pub fn api_key_source(self, source: impl TokenSource) -> Self {
        Self { api_key: Some(Ok(Credential::Source(TokenCache::new(source, API_KEY)))), ..self }
    }

    /// The key for the operations under `/admin`, sent to them alone as `X-Admin-API-Key`. They need an admin's bearer token
    /// too.
    pub fn admin(self, key: impl Into<Secret>) -> Self {
        Self { admin_key: Some(credential_header("the admin key", "", &key.into())), ..self }
    }

    /// How often and how soon calls are retried. [`RetryPolicy::default`] by default.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        Self { policy, ..self }
    }

    /// The deadline of a call, with all its attempts and waits. 45 s by default ([`DEFAULT_TIMEOUT`]).
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// The time limit of one attempt, from fetching a token to the end of the response. 15 s by default
    /// ([`DEFAULT_ATTEMPT_TIMEOUT`]); never more than what is left of the call.
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        Self { attempt_timeout: Some(timeout), ..self }
    }

    /// The time limit for a connection, with its name lookup and TLS. 3 s by default ([`DEFAULT_CONNECT_TIMEOUT`]).
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
    /// redirects (none), `timeout` and `connect_timeout`, retries (none of its own), `User-Agent`. A `read_timeout` applies
    /// in addition to this crate's limits. A second call adds to the first. Each request of a client that is configured here
    /// takes one timer and one allocation more.
    ///
    /// Defaults that can be replaced here: HTTP/2 connections with requests in flight are pinged every 5 s; a base URL on this
    /// machine is never reached through a proxy of the environment, no certificates are loaded for a base URL without TLS, and
    /// no compression is asked for.
    ///
    /// ```
    /// let spkey = spkey::Client::builder().api_key("a-key").http(|http| http.pool_max_idle_per_host(4)).build()?;
    /// # drop(spkey);
    /// # Ok::<(), spkey::Error>(())
    /// ```
    pub fn http(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.http.push(Box::new(configure));
        self
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if the base URL is malformed or not `https`, no bearer token and no API
    /// key is given, the admin key is given without a bearer token, a credential is not valid in a header, the base URL is
    /// `https` and the crate was built without TLS, or the HTTP client cannot be built.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = self.base_url.as_deref().unwrap_or(Environment::default().base_url());
        let base_url = base_url::parse(base_url, self.plain_http).map_err(Error::config)?;
        if base_url.scheme() == "https" && !cfg!(any(feature = "rustls", feature = "native-tls")) {
            return Err(Error::config(
                "the base URL is https and the crate was built without TLS: enable its feature `rustls` or `native-tls`",
            ));
        }
        let credentials = Credentials {
            bearer: self.bearer.transpose().map_err(Error::config)?,
            api_key: self.api_key.transpose().map_err(Error::config)?,
            admin_key: self.admin_key.transpose().map_err(Error::config)?,
        };
        if credentials.bearer.is_none() && credentials.admin_key.is_some() {
            let what = "the admin key is only valid with an admin's token: give bearer_token or token_source too";
            return Err(Error::config(what));
        }
        if credentials.bearer.is_none() && credentials.api_key.is_none() {
            return Err(Error::config("no credentials: give bearer_token, token_source, api_key or api_key_source"));
        }
        let agent = self.app.map_or(AGENT.to_owned(), |app| format!("{AGENT} ({app})"));
        let agent = HeaderValue::try_from(agent)
            .map_err(|_| Error::config("the name given to `app` is not valid in a header: use printable ASCII"))?;
        let connect_timeout = self.connect_timeout.unwrap_or(DEFAULT_CONNECT_TIMEOUT);
        let is_configured = !self.http.is_empty();
        let http = self.http.into_iter().fold(default_http(&base_url), |http, configure| configure(http));
        // A caller may have set a time limit; it cannot be unset, only made longer than this crate's own. That takes a second
        // timer for each request: not where none can have been set.
        let http = if is_configured { http.timeout(NEVER) } else { http };
        let http = http
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(connect_timeout)
            .connector_layer(ConnectLayer)
            .user_agent(agent)
            .build()
            .map_err(|error| {
                let what = "the HTTP client cannot be built: check what `http` sets and the system's certificates";
                Error::of_client(AttemptError::new(FailureClass::NotSent, ErrorKind::Config, what).caused_by(error))
            })?;
        let shared = Shared {
            credentials,
            budget: RetryBudget::new(),
            #[cfg(feature = "opentelemetry")]
            metrics: Metrics::new(&base_url),
            base_url,
            connect_timeout,
        };
        Ok(Client {
            context: CallContext {
                http,
                shared: Arc::new(shared),
                policy: self.policy,
                timeout: self.timeout.unwrap_or(DEFAULT_TIMEOUT),
                attempt_timeout: self.attempt_timeout.unwrap_or(DEFAULT_ATTEMPT_TIMEOUT),
            },
        })
    }
}

/// The HTTP client before the caller configures it.
fn default_http(base_url: &Url) -> reqwest::ClientBuilder {
    let http = reqwest::Client::builder()
        .http2_keep_alive_interval(HTTP2_PING_INTERVAL)
        .http2_keep_alive_timeout(HTTP2_PING_TIMEOUT)
        // On if another crate turns on a feature of reqwest: what is sent must not depend on that.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd();
    // A proxy would see the credentials in plain text.
    let http = if base_url::is_loopback(base_url) { http.no_proxy() } else { http };
    if base_url.scheme() == "http" { without_certificates(http) } else { http }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn without_certificates(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    http.tls_certs_only([])
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn without_certificates(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    http
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
