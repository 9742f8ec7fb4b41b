use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::HeaderValue;
use tokio::time::{Instant, timeout_at};

use crate::Secret;
use crate::auth::credentials::header;
use crate::error::{ErrorKind, Fault};
use crate::retry::Seen;

/// Any error, as a [`TokenSource`] may end with.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How long before its end a token is replaced, at the most; a short-lived one is replaced in the last tenth of its life.
pub const REFRESH_AHEAD: Duration = Duration::from_secs(60);

/// Where bearer tokens come from, for a token that ends before the program does. A closure will do.
///
/// The client keeps the token until shortly before its end ([`REFRESH_AHEAD`]) or until the service refuses it, and asks for
/// a new one once, however many calls wait for it. An error, a panic or silence reaches only the calls that wait.
///
/// ```
/// use std::time::Duration;
/// use spkey::{BoxError, Client, Token};
///
/// async fn fetch() -> Result<Token, BoxError> {
///     Ok(Token::new("a JWT from your identity provider").expires_in(Duration::from_secs(3600)))
/// }
///
/// let client = Client::builder().token_source(fetch).build()?;
/// # drop(client);
/// # Ok::<(), spkey::Error>(())
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// Fetches a new token.
    fn token(&self) -> impl Future<Output = Result<Token, BoxError>> + Send;
}

impl<F, R> TokenSource for F
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<Token, BoxError>> + Send,
{
    fn token(&self) -> impl Future<Output = Result<Token, BoxError>> + Send {
        self()
    }
}

/// A bearer token and, where it is known, when it ends.
#[derive(Clone, Debug)]
#[must_use]
pub struct Token {
    text: Secret,
    end: Option<Instant>,
}

impl Token {
    /// A token whose end is not known: it is kept until the service refuses it.
    pub fn new(text: impl Into<Secret>) -> Self {
        Self { text: text.into(), end: None }
    }

    /// Says how long the token lasts from now on.
    pub fn expires_in(self, lifetime: Duration) -> Self {
        Self { end: Instant::now().checked_add(lifetime), ..self }
    }

    /// Says when the token ends.
    pub fn expires_at(self, end: SystemTime) -> Self {
        self.expires_in(end.duration_since(SystemTime::now()).unwrap_or_default())
    }
}

type Fetch = dyn Fn() -> BoxFuture<'static, Result<Token, BoxError>> + Send + Sync;

/// Keeps the token of a source. One caller refreshes it while the others wait; whoever is dropped while refreshing leaves
/// the work to the next.
pub(crate) struct TokenCache {
    fetch: Box<Fetch>,
    state: Mutex<State>,
    refreshing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    current: Option<Cached>,
    /// How many refreshes have ended, so that whoever waited for one can tell.
    rounds: u64,
    /// How the last one failed.
    failure: Option<Box<Fault>>,
}

/// A token as it is sent, with the round that it came in.
#[derive(Clone)]
pub(crate) struct Cached {
    pub(crate) header: HeaderValue,
    round: u64,
    refresh_at: Option<Instant>,
    end: Option<Instant>,
}

impl TokenCache {
    pub(crate) fn new(source: impl TokenSource) -> Self {
        let source = Arc::new(source);
        let fetch = move || {
            let source = Arc::clone(&source);
            async move { source.token().await }.boxed()
        };
        Self { fetch: Box::new(fetch), state: Mutex::default(), refreshing: tokio::sync::Mutex::default() }
    }

    /// The token to send, refreshed where it is due, by `deadline`.
    pub(crate) async fn get(&self, deadline: Instant) -> Result<Cached, Box<Fault>> {
        let now = Instant::now();
        let (current, round) = {
            let state = self.state();
            (state.current.clone(), state.rounds)
        };
        let Some(token) = current.filter(Cached::holds) else {
            let turn = timeout_at(deadline, self.refreshing.lock()).await;
            let _turn = turn.map_err(|_| fault(SILENT))?;
            return self.refresh(round, deadline).await;
        };
        if token.refresh_at.is_none_or(|due| now < due) {
            return Ok(token);
        }
        // It still holds for a while: let one caller refresh it, and the others go on with it. That one must have time left
        // to go on with it too, where the source is silent.
        let Ok(_turn) = self.refreshing.try_lock() else { return Ok(token) };
        let half = now + deadline.saturating_duration_since(now) / 2;
        Ok(self.refresh(round, half).await.unwrap_or(token))
    }

    /// Forgets a token that the service refused, unless it has been replaced meanwhile.
    pub(crate) fn invalidate(&self, refused: &Cached) {
        let mut state = self.state();
        if state.current.as_ref().is_some_and(|token| token.round == refused.round) {
            state.current = None;
        }
    }

    /// Fetches a token, unless a refresh has ended since `round` was read. Only the holder of `refreshing` calls it.
    async fn refresh(&self, round: u64, deadline: Instant) -> Result<Cached, Box<Fault>> {
        if let Some(ended) = self.ended_since(round) {
            return ended;
        }
        let fetch = AssertUnwindSafe(async { (self.fetch)().await }).catch_unwind();
        let fetched = timeout_at(deadline, fetch).await.map_err(|_| fault(SILENT))?;
        let mut state = self.state();
        state.rounds += 1;
        let cached = match fetched {
            Err(_) => Err(fault("the token source panicked: mend it")),
            Ok(Err(error)) => {
                let mut fault = fault("the token source failed: see the error's source");
                fault.source = Some(error.into());
                Err(fault)
            }
            Ok(Ok(token)) => Cached::new(&token, state.rounds),
        };
        state.failure = cached.as_ref().err().cloned();
        if let Ok(token) = &cached {
            state.current = Some(token.clone());
        }
        cached
    }

    /// How the last refresh since `round` ended. One that failed leaves the old token where it was, and that may have ended.
    fn ended_since(&self, round: u64) -> Option<Result<Cached, Box<Fault>>> {
        let state = self.state();
        if state.rounds == round {
            return None;
        }
        let holds = |token: &&Cached| state.failure.is_none() || token.holds();
        let token = state.current.as_ref().filter(holds).cloned().map(Ok);
        token.or_else(|| state.failure.clone().map(Err))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cached {
    fn new(token: &Token, round: u64) -> Result<Self, Box<Fault>> {
        let header = header("the bearer token", "Bearer ", &token.text).map_err(fault)?;
        let now = Instant::now();
        let refresh_at = token.end.map(|end| end - REFRESH_AHEAD.min(end.saturating_duration_since(now) / 10));
        Ok(Self { header, round, refresh_at, end: token.end })
    }

    fn holds(&self) -> bool {
        self.end.is_none_or(|end| Instant::now() < end)
    }
}

const SILENT: &str = "the token source gave no token in time: check it, or allow more time";

fn fault(what: impl Into<Cow<'static, str>>) -> Box<Fault> {
    Fault::new(Seen::NotSent, ErrorKind::Credentials, what)
}

#[cfg(test)]
mod tests;
