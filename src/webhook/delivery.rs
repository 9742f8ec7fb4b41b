use std::fmt;

use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use serde_json::Value;

use super::detail::{Detail, EventDetail, ShadowDetail};
use super::rejection::Rejection;
use crate::{DomainEvent, OpaqueJson};

/// The largest delivery that is taken, unless set: [`Verifier::max_bytes`](super::Verifier::max_bytes).
pub const MAX_DELIVERY_BYTES: usize = 1024 * 1024;
/// The longest id of a delivery that is taken; the sender's are UUIDs.
pub const MAX_ID_BYTES: usize = 128;

const SOURCE_API: &str = "spk.api";
const SOURCE_SHADOW: &str = "spk.iot.shadow";

/// One delivery: the envelope with what happened in its `detail`.
///
/// `Debug` shows which delivery it is and nothing of its detail.
#[derive(Clone, PartialEq)]
pub struct Delivery {
    /// An object with an `id`, a `source` and an object `detail`.
    envelope: OpaqueJson,
}

impl Delivery {
    /// Reads a delivery of up to [`MAX_DELIVERY_BYTES`], whoever sent it. Use
    /// [`Verifier::verify`](super::Verifier::verify) for what comes from a network.
    ///
    /// # Errors
    /// Every [`Rejection`] but the two that a verifier alone can tell.
    pub fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, Rejection> {
        Self::parse_within(MAX_DELIVERY_BYTES, headers, body)
    }

    pub(super) fn parse_within(limit: usize, headers: &HeaderMap, body: &[u8]) -> Result<Self, Rejection> {
        if body.len() > limit {
            return Err(Rejection::TooLarge);
        }
        if headers.get_all(CONTENT_ENCODING).iter().any(|encoding| encoding != "identity") {
            return Err(Rejection::Encoded);
        }
        let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if announced.is_some_and(|announced| announced > body.len() as u64) {
            return Err(Rejection::Cut);
        }
        let envelope: Value = serde_json::from_slice(body).map_err(|_| Rejection::Malformed)?;
        let id = envelope["id"].as_str().unwrap_or_default();
        let whole = !id.is_empty() && envelope["source"].is_string() && envelope["detail"].is_object();
        if whole && id.len() <= MAX_ID_BYTES {
            Ok(Self { envelope: envelope.into() })
        } else {
            Err(Rejection::Malformed)
        }
    }

    /// The id of the delivery. It is the same when the delivery is made again.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// Which part of the service it comes from: `spk.api`, `spk.iot.shadow`, or one that is newer than this version.
    #[must_use]
    pub fn source(&self) -> &str {
        self.text("source").unwrap_or_default()
    }

    /// The envelope's `detail-type`.
    #[must_use]
    pub fn detail_type(&self) -> Option<&str> {
        self.text("detail-type")
    }

    /// When it was first sent, an RFC 3339 time.
    #[must_use]
    pub fn time(&self) -> Option<&str> {
        self.text("time")
    }

    /// The partner that it is for.
    #[must_use]
    pub fn partner_id(&self) -> Option<&str> {
        self.envelope["detail"]["partnerId"].as_str()
    }

    /// What it tells, by its source.
    #[must_use]
    pub fn detail(&self) -> Detail<'_> {
        let detail = &self.envelope["detail"];
        match self.source() {
            SOURCE_API => Detail::Event(EventDetail(detail)),
            SOURCE_SHADOW => Detail::Shadow(ShadowDetail(detail)),
            _ => Detail::Unknown,
        }
    }

    /// The event that it tells of, or none where it tells of something else, a device's state above all. It is read anew
    /// each time.
    #[must_use]
    #[inline]
    pub fn event(&self) -> Option<DomainEvent> {
        match self.detail() {
            Detail::Event(detail) => detail.event(),
            _ => None,
        }
    }

    /// The whole envelope as it came.
    #[must_use]
    pub fn raw(&self) -> &OpaqueJson {
        &self.envelope
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.envelope[key].as_str()
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Delivery");
        debug.field("id", &self.id()).field("source", &self.source()).field("detail_type", &self.detail_type());
        debug.finish_non_exhaustive()
    }
}
