use std::fmt;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};
use subtle::{Choice, ConstantTimeEq};

use super::delivery::{Delivery, MAX_DELIVERY_BYTES};
use super::rejection::Rejection;
use crate::Secret;

/// Takes deliveries that have the secret that was set at SpKey, for the partner that is this one.
///
/// Several secrets may be given, each of which is enough, so that one can be replaced without losing a delivery: give the
/// new one here beside the old one, then set it at SpKey, then drop the old one here.
///
/// ```
/// use spkey::webhook::Verifier;
///
/// let verifier = Verifier::header("X-Webhook-Secret", ["the-new-secret", "the-old-secret"])?.partner_id("partner-1")?;
/// # drop(verifier);
/// # Ok::<(), spkey::webhook::InvalidVerifier>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    scheme: Scheme,
    partner_id: Option<String>,
    max_bytes: usize,
}

#[derive(Clone)]
enum Scheme {
    None,
    Header(HeaderName, Vec<Secret>),
    Bearer(Vec<Secret>),
}

/// A verifier that would take no delivery, or every one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidVerifier(&'static str);

impl Verifier {
    /// Takes deliveries without a secret. Whoever finds the address can send them: for a receiver that is reached only by
    /// way of something that authenticates.
    #[must_use]
    pub fn none() -> Self {
        Self::of(Scheme::None)
    }

    /// Takes deliveries that have one of the secrets in the header of that name.
    ///
    /// # Errors
    /// Where the name cannot be a header's, there is no secret, or one is empty or has a character that no header holds.
    pub fn header<S: Into<Secret>>(name: &str, secrets: impl IntoIterator<Item = S>) -> Result<Self, InvalidVerifier> {
        let name =
            name.parse().map_err(|_| InvalidVerifier("the name of the header is none: give one like X-Secret"))?;
        Ok(Self::of(Scheme::Header(name, checked(secrets)?)))
    }

    /// Takes deliveries that have one of the secrets as a bearer token: `Authorization: Bearer SECRET`.
    ///
    /// # Errors
    /// Where there is no secret, or one is empty or has a character that no header holds.
    pub fn bearer<S: Into<Secret>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, InvalidVerifier> {
        Ok(Self::of(Scheme::Bearer(checked(secrets)?)))
    }

    /// Takes only deliveries for that partner. Every partner where it is not set.
    ///
    /// # Errors
    /// Where the id is empty.
    pub fn partner_id(mut self, id: impl Into<String>) -> Result<Self, InvalidVerifier> {
        let id = id.into();
        if id.is_empty() {
            return Err(InvalidVerifier("the partner id is empty: give the one that SpKey knows you by"));
        }
        self.partner_id = Some(id);
        Ok(self)
    }

    /// Sets how many bytes a delivery may have. [`MAX_DELIVERY_BYTES`], 1 MiB, unless set.
    #[must_use]
    pub fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// Checks a delivery and reads it: first the secret, so that a body without it is not looked at.
    ///
    /// # Errors
    /// A [`Rejection`], which says what to answer.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Delivery, Rejection> {
        if !self.authenticates(headers) {
            return Err(Rejection::Unauthenticated);
        }
        let delivery = Delivery::parse_within(self.max_bytes, headers, body)?;
        match &self.partner_id {
            Some(id) if delivery.partner_id() != Some(id) => Err(Rejection::WrongPartner),
            _ => Ok(delivery),
        }
    }

    fn of(scheme: Scheme) -> Self {
        Self { scheme, partner_id: None, max_bytes: MAX_DELIVERY_BYTES }
    }

    fn authenticates(&self, headers: &HeaderMap) -> bool {
        match &self.scheme {
            Scheme::None => true,
            Scheme::Header(name, secrets) => only(headers, name).is_some_and(|given| is_one_of(given, secrets)),
            Scheme::Bearer(secrets) => {
                let token = only(headers, &AUTHORIZATION).and_then(bearer_token);
                token.is_some_and(|given| is_one_of(given, secrets))
            }
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Verifier");
        match &self.scheme {
            Scheme::None => debug.field("scheme", &"none"),
            Scheme::Header(name, secrets) => debug.field("header", name).field("secrets", &secrets.len()),
            Scheme::Bearer(secrets) => debug.field("scheme", &"bearer").field("secrets", &secrets.len()),
        };
        debug.field("partner_id", &self.partner_id).field("max_bytes", &self.max_bytes).finish()
    }
}

impl fmt::Display for InvalidVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "webhook verifier: {}", self.0)
    }
}

impl std::error::Error for InvalidVerifier {}

/// Compares with every secret in a time that hangs on their lengths alone.
fn is_one_of(given: &[u8], secrets: &[Secret]) -> bool {
    let equal = |secret: &Secret| given.ct_eq(secret.expose().as_bytes());
    secrets.iter().fold(Choice::from(0), |found, secret| found | equal(secret)).into()
}

/// The value of a header that is there once. Which of two was meant cannot be told.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a [u8]> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| value.as_bytes())
}

/// The token of `Bearer TOKEN`; the scheme may be in small letters (RFC 9110, section 11.1).
fn bearer_token(header: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = header.split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}

fn checked<S: Into<Secret>>(secrets: impl IntoIterator<Item = S>) -> Result<Vec<Secret>, InvalidVerifier> {
    let secrets: Vec<Secret> = secrets.into_iter().map(Into::into).collect();
    if secrets.is_empty() {
        return Err(InvalidVerifier("there is no secret: give the one that is set at SpKey"));
    }
    if secrets.iter().any(|secret| secret.expose().is_empty()) {
        return Err(InvalidVerifier("a secret is empty: give the one that is set at SpKey"));
    }
    if secrets.iter().any(|secret| !secret.fits_header()) {
        return Err(InvalidVerifier(
            "a secret has a space, a line break or another character that no header may hold: trim it",
        ));
    }
    Ok(secrets)
}
