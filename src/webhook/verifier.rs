use std::fmt;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};

use super::delivery::{Delivery, MAX_DELIVERY_BYTES};
use super::rejection::Rejection;
use super::secrets::{Secrets, are_quoted};
use crate::value::secret::Secret;

/// Accepts deliveries that have the secret that is set at SpKey, and that are for your partner id.
///
/// You can give several secrets, each of which is accepted, to replace one without losing a delivery: give the verifier
/// the new secret next to the old one, then set the new one at SpKey, then remove the old one from the verifier.
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
    Header(HeaderName, Secrets),
    Bearer(Secrets),
}

/// A [`Verifier`] cannot be built, since it would reject every delivery or accept any. The message says what to fix and
/// contains no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidVerifier(&'static str);

impl Verifier {
    /// Accepts deliveries without a secret. Anyone who finds the address can send them, so use it only behind something
    /// that authenticates the sender.
    #[must_use]
    pub fn none() -> Self {
        Self::with(Scheme::None)
    }

    /// Accepts deliveries with one of the secrets in the header of this name. White space around the value of the
    /// header does not count. If the header is repeated, every value must be one of the secrets.
    ///
    /// # Errors
    /// [`InvalidVerifier`] if the name is not a header name, if there is no secret, or if one is empty, in quotation
    /// marks or not printable ASCII without spaces.
    pub fn header<S: Into<Secret>>(name: &str, secrets: impl IntoIterator<Item = S>) -> Result<Self, InvalidVerifier> {
        let name = name
            .parse()
            .map_err(|_| InvalidVerifier("the name of the header is not valid: give one like X-Webhook-Secret"))?;
        Ok(Self::with(Scheme::Header(name, Secrets::new(secrets).map_err(InvalidVerifier)?)))
    }

    /// Accepts deliveries with one of the secrets as bearer token: `Authorization: Bearer SECRET`. The scheme may have
    /// any case and several spaces may follow it (RFC 9110, sections 11.1 and 11.4). If the header is repeated, every
    /// value must have one of the secrets.
    ///
    /// # Errors
    /// [`InvalidVerifier`] if there is no secret, or if one is empty, in quotation marks or not printable ASCII without
    /// spaces.
    pub fn bearer<S: Into<Secret>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, InvalidVerifier> {
        Ok(Self::with(Scheme::Bearer(Secrets::new(secrets).map_err(InvalidVerifier)?)))
    }

    /// Accepts only deliveries for this partner. By default, deliveries for any partner are accepted.
    ///
    /// The id is compared as text: a delivery may send it as a number.
    ///
    /// # Errors
    /// [`InvalidVerifier`] if the id is empty, in quotation marks or has white space around it.
    pub fn partner_id(mut self, id: impl Into<String>) -> Result<Self, InvalidVerifier> {
        let id = id.into();
        if id.is_empty() {
            return Err(InvalidVerifier("the partner id is empty: give the id that you have at SpKey"));
        }
        if id.trim() != id || are_quoted(&id, &id) {
            return Err(InvalidVerifier("the partner id has quotation marks or white space around it: remove them"));
        }
        self.partner_id = Some(id);
        Ok(self)
    }

    /// Sets the size limit of a body in bytes. The default is [`MAX_DELIVERY_BYTES`], 1 MiB.
    ///
    /// Keep the limit of your web framework at least as high, or it responds with 413 on its own.
    #[must_use]
    pub fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// Checks a delivery and reads it. The secret comes first: without it, the body is not looked at.
    ///
    /// ```
    /// use spkey::reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
    /// use spkey::webhook::{Rejection, Verifier};
    ///
    /// let verifier = Verifier::bearer(["the-secret"])?.partner_id("partner-1")?;
    /// let body = br#"{ "id": "1", "source": "spk.api", "detail": { "partnerId": "partner-1" } }"#;
    /// let mut headers = HeaderMap::new();
    /// assert_eq!(verifier.verify(&headers, body), Err(Rejection::Unauthenticated));
    /// headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer the-secret"));
    /// assert_eq!(verifier.verify(&headers, body).unwrap().id(), "1");
    /// # Ok::<(), spkey::webhook::InvalidVerifier>(())
    /// ```
    ///
    /// # Errors
    /// A [`Rejection`], which has the status to respond with.
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

    fn with(scheme: Scheme) -> Self {
        Self { scheme, partner_id: None, max_bytes: MAX_DELIVERY_BYTES }
    }

    fn authenticates(&self, headers: &HeaderMap) -> bool {
        match &self.scheme {
            Scheme::None => true,
            Scheme::Header(name, secrets) => every_value(headers, name, |value| secrets.contains(value)),
            Scheme::Bearer(secrets) => every_value(headers, &AUTHORIZATION, |value| {
                bearer_token(value).is_some_and(|token| secrets.contains(token))
            }),
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

/// Whether the header is there and the check holds for each of its values, without the white space around them that
/// does not belong to a value (RFC 9110, section 5.5).
///
/// Of two different values it is unclear which one the sender meant, so one valid value among others is not enough.
fn every_value(headers: &HeaderMap, name: &HeaderName, check: impl Fn(&[u8]) -> bool) -> bool {
    headers.contains_key(name) && headers.get_all(name).iter().all(|value| check(value.as_bytes().trim_ascii()))
}

/// The token of `Bearer TOKEN`: a scheme in any case and one or more spaces (RFC 9110, sections 11.1 and 11.4).
fn bearer_token(credentials: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = credentials.split_at_checked("Bearer".len())?;
    let token = &rest[rest.iter().take_while(|byte| **byte == b' ').count()..];
    (scheme.eq_ignore_ascii_case(b"Bearer") && token.len() < rest.len()).then_some(token)
}
