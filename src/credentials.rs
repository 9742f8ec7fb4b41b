use reqwest::header::HeaderValue;

use crate::Secret;
use crate::token::TokenCache;

/// What a client proves itself with, as it is sent.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) bearer: Option<Bearer>,
    pub(crate) api_key: Option<HeaderValue>,
    pub(crate) admin_key: Option<HeaderValue>,
}

#[derive(Debug)]
pub(crate) enum Bearer {
    Fixed(HeaderValue),
    Source(TokenCache),
}

/// `Bearer TOKEN`, marked so that nothing prints it.
pub(crate) fn bearer_header(token: &Secret) -> Result<HeaderValue, &'static str> {
    check(token).map_err(|fault| match fault {
        BadSecret::Empty => "the bearer token is empty: give a JWT",
        BadSecret::Characters => {
            "the bearer token has a space, a line break or another character that no header may hold: trim it"
        }
    })?;
    header(&format!("Bearer {}", token.expose())).ok_or("the bearer token cannot be a header: give a JWT")
}

/// A key as it is sent, marked so that nothing prints it.
pub(crate) fn key_header(key: &Secret) -> Result<HeaderValue, &'static str> {
    check(key).map_err(|fault| match fault {
        BadSecret::Empty => "it is empty",
        BadSecret::Characters => "it has a space, a line break or another character that no header may hold: trim it",
    })?;
    header(key.expose()).ok_or("it cannot be a header")
}

enum BadSecret {
    Empty,
    Characters,
}

fn check(secret: &Secret) -> Result<(), BadSecret> {
    match secret.expose() {
        "" => Err(BadSecret::Empty),
        text if text.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(()),
        _ => Err(BadSecret::Characters),
    }
}

fn header(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
