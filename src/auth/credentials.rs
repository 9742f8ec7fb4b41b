use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};

use crate::auth::token_cache::{CachedToken, TokenCache};
use crate::request::operation::Auth;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const ADMIN_KEY: HeaderName = HeaderName::from_static("x-admin-api-key");

/// What a client authenticates with, as it is sent.
pub(crate) struct Credentials {
    pub(crate) bearer: Option<Bearer>,
    pub(crate) api_key: Option<HeaderValue>,
    pub(crate) admin_key: Option<HeaderValue>,
}

/// A bearer token: a fixed one, or the current one of a source.
pub(crate) enum Bearer {
    Fixed(HeaderValue),
    Source(TokenCache),
}

impl Credentials {
    /// The headers of an operation that takes `auth`, with the token that was fetched for the attempt.
    pub(crate) fn headers<'a>(
        &'a self,
        auth: Auth,
        token: Option<&'a CachedToken>,
    ) -> impl Iterator<Item = (HeaderName, &'a HeaderValue)> {
        let bearer = match (&self.bearer, token) {
            (Some(Bearer::Fixed(header)), _) => Some(header),
            (_, token) => token.map(|token| &token.header),
        };
        let admin_key = self.admin_key.as_ref().filter(|_| auth == Auth::Admin);
        let headers = [(ADMIN_KEY, admin_key), (API_KEY, self.api_key.as_ref()), (AUTHORIZATION, bearer)];
        headers.into_iter().filter_map(move |(name, value)| Some((name, value.filter(|_| auth != Auth::None)?)))
    }
}
