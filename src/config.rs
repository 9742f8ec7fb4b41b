use std::env::{self, VarError};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::budget::RetryBudget;
use crate::client::{Client, Environment, Shared};
use crate::credentials::{Bearer, Credentials, bearer_header, key_header};
use crate::error::{Error, ErrorKind, Fault};
use crate::token::{TokenCache, TokenSource};
use crate::{RetryPolicy, Secret};

/// How long a connection may take, unless set: [`ClientBuilder::connect_timeout`].
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long an attempt may take, unless set: [`ClientBuilder::attempt_timeout`].
pub const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a call may take, unless set: [`ClientBuilder::timeout`].
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(45);

/// A time limit that never comes before this crate's own.
const FAR_OFF: Duration = Duration::from_secs(24 * 60 * 60);

/// Configures a [`Client`]. Made by [`Client::builder`].
#[must_use = "nothing is built before `.build()`"]
pub struct ClientBuilder {
    base_url: String,
    bearer: Option<Unchecked>,
    api_key: Option<Secret>,
    admin_key: Option<Secret>,
    policy: RetryPolicy,
    timeout: Duration,
    attempt_timeout: Duration,
    connect_timeout: Duration,
    app: Option<String>,
    plain_http: bool,
    http: Option<Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>>,
}

enum Unchecked {
    Fixed(Secret),
    Source(TokenCache),
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            base_url: Environment::default().base_url().to_owned(),
            bearer: None,
            api_key: None,
            admin_key: None,
            policy: RetryPolicy::default(),
            timeout: DEFAULT_TIMEOUT,
            attempt_timeout: DEFAULT_ATTEMPT_TIMEOUT,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            app: None,
            plain_http: false,
            http: None,
        }
    }
}

impl ClientBuilder {
    /// A builder set from the environment, to be configured further: see [`Client::from_env`].
    ///
    /// # Errors
    /// Where a variable is set to nothing or is not Unicode.
    pub fn from_env() -> Result<Self, Error> {
        let mut builder = Self::default();
        if let Some(url) = variable("SPKEY_BASE_URL")? {
            builder.base_url = url;
        }
        builder.api_key = variable("SPKEY_API_KEY")?.map(Secret::from);
        builder.bearer = variable("SPKEY_TOKEN")?.map(|token| Unchecked::Fixed(token.into()));
        builder.admin_key = variable("SPKEY_ADMIN_API_KEY")?.map(Secret::from);
        Ok(builder)
    }

    /// The deployment to call. [`Environment::Production`] unless set, here or by [`base_url`](Self::base_url).
    pub fn environment(self, environment: Environment) -> Self {
        self.base_url(environment.base_url())
    }

    /// The URL in front of every path, for a deployment of your own. It is `https`, or `http` to this machine; it may end in
    /// a path, and has no user, query or fragment.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// A JWT to send as bearer token with every call that takes credentials. Replaces a token source.
    pub fn bearer_token(mut self, token: impl Into<Secret>) -> Self {
        self.bearer = Some(Unchecked::Fixed(token.into()));
        self
    }

    /// Where to fetch bearer tokens that end. Replaces a fixed token.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.bearer = Some(Unchecked::Source(TokenCache::new(source)));
        self
    }

    /// An organization's key, sent as `X-API-Key`, alone or beside a bearer token.
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The key for the operations under `/admin`, sent to them as `X-Admin-API-Key`. It takes an admin's bearer token beside
    /// it.
    pub fn admin(mut self, key: impl Into<Secret>) -> Self {
        self.admin_key = Some(key.into());
        self
    }

    /// How often and how soon calls are tried again. [`RetryPolicy::default`] unless set.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// How long a call may take with all its attempts and waits. 45 s unless set ([`DEFAULT_TIMEOUT`]).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long one attempt may take, from fetching a token to the end of the answer. 15 s unless set
    /// ([`DEFAULT_ATTEMPT_TIMEOUT`]); never more than what is left of the call.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long a connection may take, with its name look-up and TLS. 3 s unless set ([`DEFAULT_CONNECT_TIMEOUT`]).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The name and version of your program, for the `User-Agent` that the service's operators see.
    pub fn app(mut self, name: impl Into<String>) -> Self {
        self.app = Some(name.into());
        self
    }

    /// Allows `http` to other machines. Credentials, PINs and keys then cross the network in plain text.
    pub fn dangerously_allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Configures the HTTP client: proxy, certificates, connection pool. What this crate must own it sets afterwards:
    /// redirects (none), time limits, retries (none of its own), `User-Agent`.
    ///
    /// ```
    /// let client = spkey::Client::builder().api_key("a-key").http(|http| http.pool_max_idle_per_host(4)).build()?;
    /// # drop(client);
    /// # Ok::<(), spkey::Error>(())
    /// ```
    pub fn http(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.http = Some(Box::new(configure));
        self
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) where the base URL is malformed or not `https`, no bearer token and no API key is given, the
    /// admin key is given without a bearer token, a credential cannot be a header, or the HTTP client cannot be built.
    pub fn build(self) -> Result<Client, Error> {
        let url = check_url(&self.base_url, self.plain_http).map_err(Error::config)?;
        let credentials = check_credentials(self.bearer, self.api_key, self.admin_key)?;
        let agent = match &self.app {
            None => concat!("spkey-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            Some(app) => format!("{} ({app})", concat!("spkey-rust/", env!("CARGO_PKG_VERSION"))),
        };
        let agent = HeaderValue::from_str(&agent)
            .map_err(|_| Error::config("the name given to `app` has a character that no header may hold: use ASCII"))?;
        let mut http = reqwest::Client::builder();
        if let Some(configure) = self.http {
            // The caller may have set a time limit; it cannot be unset, only put out of the way of this crate's own.
            http = configure(http).timeout(FAR_OFF);
        }
        let http = http
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(self.connect_timeout)
            .user_agent(agent)
            .build()
            .map_err(|error| {
                let what = "the HTTP client cannot be built: check what `http` sets and the system's certificates";
                Error::of_client(Fault::new(ErrorKind::Config, what).caused_by(error))
            })?;
        Ok(Client {
            baseurl: Arc::from(url.as_str().trim_end_matches('/')),
            client: http,
            shared: Arc::new(Shared { credentials, budget: RetryBudget::new(), url }),
            policy: self.policy,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ClientBuilder");
        debug.field("bearer", &self.bearer.is_some()).field("api_key", &self.api_key.is_some());
        debug.field("admin_key", &self.admin_key.is_some()).field("retry", &self.policy);
        debug.field("timeout", &self.timeout).field("attempt_timeout", &self.attempt_timeout);
        debug.field("connect_timeout", &self.connect_timeout).field("app", &self.app);
        debug.finish_non_exhaustive()
    }
}

fn check_url(text: &str, plain_http: bool) -> Result<Url, String> {
    let example = "give one like https://api.spkey.co";
    if text.is_empty() {
        return Err(format!("the base URL is empty: {example}"));
    }
    // The text is not repeated: it may hold a password.
    let url = Url::parse(text).map_err(|error| format!("the base URL is malformed ({error}): {example}"))?;
    match url.scheme() {
        "https" => {}
        "http" if plain_http || is_this_machine(&url) => {}
        "http" => {
            return Err(
                "the base URL is http to another machine, which would show credentials to the network: use https, or \
                        say dangerously_allow_plain_http"
                    .to_owned(),
            );
        }
        _ => return Err(format!("the base URL is neither https nor http: {example}")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the base URL holds a user or password: give credentials to the client builder instead".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("the base URL has a query or fragment: {example}"));
    }
    if url.path().contains("//") {
        return Err("the base URL's path has an empty segment: take out the doubled slash".to_owned());
    }
    Ok(url)
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn check_credentials(
    bearer: Option<Unchecked>,
    api_key: Option<Secret>,
    admin_key: Option<Secret>,
) -> Result<Credentials, Error> {
    let key = |name: &str, key: Option<Secret>| {
        let header = key.as_ref().map(key_header).transpose();
        header.map_err(|fault| Error::config(format!("the {name} cannot be sent: {fault}")))
    };
    let credentials = Credentials {
        bearer: match bearer {
            None => None,
            Some(Unchecked::Fixed(token)) => Some(Bearer::Fixed(bearer_header(&token).map_err(Error::config)?)),
            Some(Unchecked::Source(cache)) => Some(Bearer::Source(cache)),
        },
        api_key: key("API key", api_key)?,
        admin_key: key("admin key", admin_key)?,
    };
    match (&credentials.bearer, &credentials.api_key, &credentials.admin_key) {
        (None, _, Some(_)) => {
            Err(Error::config("the admin key counts only with an admin's token: give bearer_token or token_source too"))
        }
        (None, None, None) => Err(Error::config("no credentials: give bearer_token, token_source or api_key")),
        _ => Ok(credentials),
    }
}

fn variable(name: &'static str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(text) if text.is_empty() => Err(Error::config(format!("{name} is set to nothing: set it or unset it"))),
        Ok(text) => Ok(Some(text)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::config(format!("{name} is not Unicode: set it anew"))),
    }
}
