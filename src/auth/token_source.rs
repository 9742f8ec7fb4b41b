use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::value::secret::Secret;

/// Any error, as a [`TokenSource`] may end with. It becomes the [`source`](std::error::Error::source) of the call's error.
///
/// ```
/// fn fetch() -> Result<spkey::Token, spkey::BoxError> {
///     Err("the identity provider is not reachable".into())
/// }
/// assert!(fetch().is_err());
/// ```
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What a [`TokenSource`] returns: `Box::pin(async { .. })`, which may borrow from the source.
///
/// ```
/// fn fetch() -> spkey::TokenFuture<'static> {
///     Box::pin(async { Ok(spkey::Token::new("a-jwt")) })
/// }
/// # drop(fetch());
/// ```
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<Token, BoxError>> + Send + 'a>>;

/// Where credentials come from that change while the program runs: bearer tokens that expire
/// ([`token_source`](crate::ClientBuilder::token_source)), and API keys that are rotated
/// ([`api_key_source`](crate::ClientBuilder::api_key_source)). A closure will do.
///
/// The client asks it as seldom as it can:
///
/// - The token is **cached** and sent with every call of the client and its clones.
/// - It is **refreshed ahead** of its expiry, at most [`REFRESH_AHEAD`](crate::REFRESH_AHEAD) (60 s) before it, and in the last
///   tenth of its life where that is shorter. A refresh ahead that fails does not fail a call: the old token is used until it
///   expires. A token without a known expiry, such as an API key, is kept until the service rejects it.
/// - Refreshes are **single flight**: however many calls need a new token, the source is asked once, and all get the result.
/// - After a 401 the token is **refreshed once** and the call retried with the new one. If the service rejects that one too,
///   the call ends with the 401, and no other call causes a refresh for a rejection within
///   [`REJECTED_REFRESH_INTERVAL`](crate::REJECTED_REFRESH_INTERVAL) (5 s): then it is not the token that is at fault. Where a
///   bearer token and an API key both come from sources, a 401 refreshes both.
///
/// An error or a panic of the source, or no token by the end of the attempt's time limit, reaches only the calls that wait for
/// it, as [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) with [`Outcome::NotApplied`](crate::Outcome::NotApplied);
/// the next call asks again.
///
/// ```
/// use std::time::Duration;
/// use spkey::{BoxError, Client, Token};
///
/// async fn fetch() -> Result<Token, BoxError> {
///     Ok(Token::new("a-jwt-from-your-identity-provider").expires_in(Duration::from_secs(3600)))
/// }
///
/// let client = Client::builder().token_source(fetch).build()?;
/// # drop(client);
/// # Ok::<(), spkey::Error>(())
/// ```
///
/// It is dyn compatible: one that is chosen at run time is passed as `Arc<dyn TokenSource>` or `Box<dyn TokenSource>`.
///
/// ```
/// use std::sync::Arc;
/// use spkey::{Client, Token, TokenFuture, TokenSource};
///
/// struct Vault { path: String }
///
/// impl TokenSource for Vault {
///     fn token(&self) -> TokenFuture<'_> {
///         Box::pin(async {
///             // Read the secret at `self.path` from the vault here.
///             # let _ = &self.path;
///             Ok(Token::new("an-organizations-key"))
///         })
///     }
/// }
///
/// let source: Arc<dyn TokenSource> = Arc::new(Vault { path: "spkey/api-key".into() });
/// let client = Client::builder().api_key_source(source).build()?;
/// # drop(client);
/// # Ok::<(), spkey::Error>(())
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// Fetches a new token. It is dropped where it takes longer than the attempt that waits for it may.
    ///
    /// # Errors
    /// Whatever kept it from a token; the calls that wait end with it as their cause.
    fn token(&self) -> TokenFuture<'_>;
}

impl<F, R> TokenSource for F
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<Token, BoxError>> + Send + 'static,
{
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(self())
    }
}

impl TokenSource for Box<dyn TokenSource> {
    fn token(&self) -> TokenFuture<'_> {
        self.as_ref().token()
    }
}

impl<T: TokenSource + ?Sized> TokenSource for Arc<T> {
    fn token(&self) -> TokenFuture<'_> {
        self.as_ref().token()
    }
}

/// A bearer token or an API key and, where it is known, when it expires.
///
/// ```
/// use std::time::Duration;
///
/// let token = spkey::Token::new("a-jwt").expires_in(Duration::from_secs(900));
/// assert!(!format!("{token:?}").contains("a-jwt"));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Token {
    pub(crate) text: Secret,
    pub(crate) expiry: Option<Instant>,
}

impl Token {
    /// A token without a known expiry: it is kept until the service rejects it. Give the token alone, without `Bearer ` and
    /// quotation marks.
    ///
    /// ```
    /// let token = spkey::Token::new("a-jwt");
    /// # drop(token);
    /// ```
    pub fn new(text: impl Into<Secret>) -> Self {
        Self { text: text.into(), expiry: None }
    }

    /// Sets how long the token is valid, counted from now. Range: any; a lifetime that the clock cannot hold counts as an
    /// unknown expiry.
    ///
    /// ```
    /// let token = spkey::Token::new("a-jwt").expires_in(std::time::Duration::from_secs(900));
    /// # drop(token);
    /// ```
    pub fn expires_in(self, lifetime: Duration) -> Self {
        Self { expiry: Instant::now().checked_add(lifetime), ..self }
    }

    /// Sets until when the token is valid, as the local clock has it: prefer [`expires_in`](Self::expires_in) where the
    /// provider gives a lifetime. A time that has passed counts as expired.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// let token = spkey::Token::new("a-jwt").expires_at(SystemTime::now() + Duration::from_secs(900));
    /// # drop(token);
    /// ```
    pub fn expires_at(self, expiry: SystemTime) -> Self {
        self.expires_in(expiry.duration_since(SystemTime::now()).unwrap_or_default())
    }
}
