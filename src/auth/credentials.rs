use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};

use crate::auth::token_cache::{Cached, TokenCache};
use crate::{Auth, Secret};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const ADMIN_KEY: HeaderName = HeaderName::from_static("x-admin-api-key");

/// What a client proves itself with, as it is sent.
pub(crate) struct Credentials {
    pub(crate) bearer: Option<Bearer>,
    pub(crate) api_key: Option<HeaderValue>,
    pub(crate) admin_key: Option<HeaderValue>,
}

pub(crate) enum Bearer {
    Fixed(HeaderValue),
    Source(TokenCache),
}

impl Credentials {
    /// What an operation takes of them, with the token that was fetched for it.
    pub(crate) fn headers<'a>(
        &'a self,
        auth: Auth,
        token: Option<&'a Cached>,
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

/// A credential as it is sent, marked so that nothing prints it.
pub(crate) fn header(name: &str, scheme: &str, secret: &Secret) -> Result<HeaderValue, String> {
    let text = secret.expose();
    if text.is_empty() {
        return Err(format!("{name} is empty: set it or leave it out"));
    }
    let header = HeaderValue::try_from(format!("{scheme}{text}")).ok();
    let mut header = header.filter(|_| secret.fits_header()).ok_or_else(|| {
        format!("{name} has a space, a line break or another character that no header may hold: trim it")
    })?;
    header.set_sensitive(true);
    Ok(header)
}
