use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use tokio::time::Instant;

use crate::auth::token_cache::{CachedToken, TokenCache};
use crate::error::attempt_error::AttemptError;
use crate::request::operation::Auth;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const ADMIN_KEY: HeaderName = HeaderName::from_static("x-admin-api-key");

/// What a client authenticates with, as it is sent.
pub(crate) struct Credentials {
    pub(crate) bearer: Option<Credential>,
    pub(crate) api_key: Option<Credential>,
    pub(crate) admin_key: Option<HeaderValue>,
}

/// A bearer token or an API key: a fixed one, or the current one of a source.
pub(crate) enum Credential {
    Fixed(HeaderValue),
    Source(TokenCache),
}

/// What one attempt got from the sources.
#[derive(Default)]
pub(crate) struct Fetched {
    bearer: Option<Arc<CachedToken>>,
    api_key: Option<Arc<CachedToken>>,
}

impl Credentials {
    /// Whether there is anything to be fetched for an operation that takes `auth`.
    pub(crate) fn has_source(&self, auth: Auth) -> bool {
        let is_source = |credential: &Option<Credential>| matches!(credential, Some(Credential::Source(_)));
        auth != Auth::None && (is_source(&self.bearer) || is_source(&self.api_key))
    }

    /// Gets what the sources have, by `deadline`.
    pub(crate) async fn fetch(&self, deadline: Instant) -> Result<Fetched, Box<AttemptError>> {
        let mut fetched = Fetched::default();
        if let Some(Credential::Source(cache)) = &self.bearer {
            fetched.bearer = Some(cache.get(deadline).await?);
        }
        if let Some(Credential::Source(cache)) = &self.api_key {
            fetched.api_key = Some(cache.get(deadline).await?);
        }
        Ok(fetched)
    }

    /// Takes note that the service rejected what was fetched with 401, and says whether a retry is worthwhile. Which of the
    /// two was rejected it does not say: both are replaced.
    pub(crate) fn invalidate(&self, rejected: &Fetched) -> bool {
        let invalidate = |credential: &Option<Credential>, token: &Option<Arc<CachedToken>>| match (credential, token) {
            (Some(Credential::Source(cache)), Some(token)) => cache.invalidate(token),
            _ => false,
        };
        let bearer = invalidate(&self.bearer, &rejected.bearer);
        invalidate(&self.api_key, &rejected.api_key) || bearer
    }

    /// The headers of an operation that takes `auth`, with what was fetched for the attempt.
    pub(crate) fn headers<'a>(
        &'a self,
        auth: Auth,
        fetched: &'a Fetched,
    ) -> impl Iterator<Item = (HeaderName, &'a HeaderValue)> {
        let bearer = header(self.bearer.as_ref(), fetched.bearer.as_ref());
        let api_key = header(self.api_key.as_ref(), fetched.api_key.as_ref());
        let admin_key = self.admin_key.as_ref().filter(|_| auth == Auth::Admin);
        let headers = [(ADMIN_KEY, admin_key), (API_KEY, api_key), (AUTHORIZATION, bearer)];
        headers.into_iter().filter_map(move |(name, value)| Some((name, value.filter(|_| auth != Auth::None)?)))
    }
}

fn header<'a>(credential: Option<&'a Credential>, fetched: Option<&'a Arc<CachedToken>>) -> Option<&'a HeaderValue> {
    match credential {
        Some(Credential::Fixed(header)) => Some(header),
        _ => fetched.map(|token| &token.header),
    }
}
