use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::HeaderValue;
use tokio::time::{Instant, timeout_at};

use crate::auth::header::{BEARER, credential_header};
use crate::auth::token_source::{Token, TokenSource};
use crate::error::attempt_error::AttemptError;
use crate::error::kind::ErrorKind;
use crate::retry::classify::FailureClass;

/// How long before its expiry a token is refreshed, at most: 60 s. A short-lived one is refreshed in the last tenth of its
/// life.
///
/// ```
/// assert_eq!(spkey::REFRESH_AHEAD.as_secs(), 60);
/// ```
pub const REFRESH_AHEAD: Duration = Duration::from_secs(60);

/// How long a token that replaced a rejected one is kept although it is rejected too: 5 s. A service that rejects every token
/// then costs one request a call and one fetched token per 5 s, not one per call.
///
/// ```
/// assert_eq!(spkey::REJECTED_REFRESH_INTERVAL.as_secs(), 5);
/// ```
pub const REJECTED_REFRESH_INTERVAL: Duration = Duration::from_secs(5);

/// What a source is for, in messages and on the wire.
pub(crate) struct TokenUse {
    name: &'static str,
    scheme: &'static str,
    source: &'static str,
}

pub(crate) const BEARER_TOKEN: TokenUse =
    TokenUse { name: "the bearer token", scheme: BEARER, source: "the token source" };
pub(crate) const API_KEY: TokenUse = TokenUse { name: "the API key", scheme: "", source: "the API key source" };

/// Keeps the token of a source: a bearer token or an API key. One caller refreshes it while the others wait (single flight);
/// when that caller is dropped, the next one takes over.
pub(crate) struct TokenCache {
    source: Box<dyn TokenSource>,
    /// [`current`](Self::current). By a pointer, which only a cache has: the linker leaves it out of a program without sources.
    get: for<'a> fn(&'a Self, Instant) -> BoxFuture<'a, TokenResult>,
    used_as: TokenUse,
    state: Mutex<State>,
    refreshing: tokio::sync::Mutex<()>,
}

/// A token, or why there is none.
type TokenResult = Result<Arc<CachedToken>, Box<AttemptError>>;

#[derive(Default)]
struct State {
    current: Option<Arc<CachedToken>>,
    /// How many refreshes have ended, so that whoever waited for one can tell.
    rounds: u64,
    /// How the last one failed.
    failure: Option<Failure>,
    /// Whether the current token was dropped because the service rejected it.
    rejected: bool,
}

/// Why there is no token, for everybody who waited for it.
#[derive(Clone)]
struct Failure {
    what: String,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// A token as it is sent, with the round that it came in.
pub(crate) struct CachedToken {
    pub(crate) header: HeaderValue,
    round: u64,
    refresh_at: Option<Instant>,
    expiry: Option<Instant>,
    /// Where it replaced a rejected one: until when its own rejection causes no refresh.
    keep_until: Option<Instant>,
}

impl TokenCache {
    pub(crate) fn new(source: impl TokenSource, used_as: TokenUse) -> Self {
        Self {
            source: Box::new(source),
            get: |cache, deadline| Box::pin(cache.current(deadline)),
            used_as,
            state: Mutex::default(),
            refreshing: tokio::sync::Mutex::default(),
        }
    }

    /// The token to send, refreshed where it is due, by `deadline`.
    pub(crate) fn get(&self, deadline: Instant) -> BoxFuture<'_, TokenResult> {
        (self.get)(self, deadline)
    }

    async fn current(&self, deadline: Instant) -> TokenResult {
        let now = Instant::now();
        let (current, round) = {
            let state = self.state();
            (state.current.clone(), state.rounds)
        };
        let Some(token) = current.filter(|token| token.is_valid()) else {
            let turn = timeout_at(deadline, self.refreshing.lock()).await;
            let _turn = turn.map_err(|_| self.no_token())?;
            return self.refresh(round, deadline).await;
        };
        if token.refresh_at.is_none_or(|due| now < due) {
            return Ok(token);
        }
        // It is still valid for a while: one caller refreshes it, and the others use it meanwhile. That one must have time
        // left to use it too, where the source does not respond.
        let Ok(_turn) = self.refreshing.try_lock() else { return Ok(token) };
        let half = now + deadline.saturating_duration_since(now) / 2;
        Ok(self.refresh(round, half).await.unwrap_or(token))
    }

    /// Takes note that the service rejected a token with 401, and says whether a retry with another token is worthwhile: if
    /// so, [`get`](Self::get) returns another one, and the 401 is a `TokenRejected`; if not, it is final.
    ///
    /// It is worthwhile where the token has been replaced meanwhile, or is dropped now. A token that replaced a rejected one is
    /// kept for [`REJECTED_REFRESH_INTERVAL`]: otherwise every call would fetch a token while the service rejects all of them.
    pub(crate) fn invalidate(&self, rejected: &CachedToken) -> bool {
        let mut state = self.state();
        if state.current.as_ref().is_none_or(|token| token.round != rejected.round) {
            return true;
        }
        if rejected.keep_until.is_some_and(|end| Instant::now() < end) {
            return false;
        }
        state.current = None;
        state.rejected = true;
        true
    }

    /// Fetches a token, unless a refresh has ended since `round` was read. Only the holder of `refreshing` calls it.
    async fn refresh(&self, round: u64, deadline: Instant) -> TokenResult {
        if let Some(ended) = self.ended_since(round) {
            return ended;
        }
        let fetch = AssertUnwindSafe(async { self.source.token().await }).catch_unwind();
        let fetched = timeout_at(deadline, fetch).await.map_err(|_| self.no_token())?;
        let mut state = self.state();
        state.rounds += 1;
        let cached = match fetched {
            Err(_) => Err(Failure { what: format!("{} panicked: fix it", self.used_as.source), source: None }),
            Ok(Err(error)) => {
                let what = format!("{} failed: see the error's source", self.used_as.source);
                Err(Failure { what, source: Some(error.into()) })
            }
            Ok(Ok(token)) => CachedToken::new(&token, &self.used_as, state.rounds, state.rejected).map(Arc::new),
        };
        state.failure = cached.as_ref().err().cloned();
        if let Ok(token) = &cached {
            state.current = Some(Arc::clone(token));
            state.rejected = false;
        }
        cached.map_err(Failure::into_error)
    }

    /// How the last refresh since `round` ended. One that failed leaves the old token in place, which may have expired.
    fn ended_since(&self, round: u64) -> Option<TokenResult> {
        let state = self.state();
        if state.rounds == round {
            return None;
        }
        let is_usable = |token: &&Arc<CachedToken>| state.failure.is_none() || token.is_valid();
        let token = state.current.as_ref().filter(is_usable).cloned().map(Ok);
        token.or_else(|| state.failure.clone().map(|failure| Err(failure.into_error())))
    }

    fn no_token(&self) -> Box<AttemptError> {
        let what = format!("{} gave nothing in time: check it, or allow more time", self.used_as.source);
        Failure { what, source: None }.into_error()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CachedToken {
    fn new(token: &Token, used_as: &TokenUse, round: u64, replaces_rejected: bool) -> Result<Self, Failure> {
        let header = credential_header(used_as.name, used_as.scheme, &token.text)
            .map_err(|what| Failure { what, source: None })?;
        let now = Instant::now();
        let ahead = |expiry: Instant| REFRESH_AHEAD.min(expiry.saturating_duration_since(now) / 10);
        let refresh_at = token.expiry.map(|expiry| expiry - ahead(expiry));
        let keep_until = replaces_rejected.then(|| now + REJECTED_REFRESH_INTERVAL);
        Ok(Self { header, round, refresh_at, expiry: token.expiry, keep_until })
    }

    fn is_valid(&self) -> bool {
        self.expiry.is_none_or(|expiry| Instant::now() < expiry)
    }
}

impl Failure {
    fn into_error(self) -> Box<AttemptError> {
        let mut error = AttemptError::new(FailureClass::NotSent, ErrorKind::Credentials, self.what);
        error.source = self.source;
        error
    }
}

#[cfg(test)]
mod tests;
