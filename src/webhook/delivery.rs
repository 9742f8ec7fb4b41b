use std::fmt;

use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde_json::Value;

use super::body;
use super::detail::{Detail, EventDetail};
use super::rejection::Rejection;
use super::shadow::{ShadowDetail, ShadowParts};
use crate::events::DomainEvent;
use crate::value::any_value::any_value;
use crate::value::date_time::DateTime;
use crate::value::from_scalar::scalar;
use crate::value::scalar::Scalar;
use crate::value::sensitive_json::SensitiveJson;

/// The default of [`Verifier::max_bytes`](super::Verifier::max_bytes): 1 MiB.
pub const MAX_DELIVERY_BYTES: usize = 1024 * 1024;
/// The longest id of a delivery that is accepted, in bytes. The sender's ids are UUIDs of 36.
pub const MAX_ID_BYTES: usize = 128;

const SOURCE_API: &str = "spk.api";
const SOURCE_SHADOW: &str = "spk.iot.shadow";
/// 2^53, up to which an `f64` holds every whole number.
const MAX_EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

/// One delivery of a webhook: the EventBridge envelope, with what happened in its `detail`.
///
/// Only `id` is required. Every other field that is missing, or has another JSON type than documented, is `None` or
/// [`Detail::Unknown`] and can be read with [`raw`](Self::raw): a delivery that is rejected is lost.
///
/// `Debug` shows the id, the source and the detail type, and nothing of the detail.
#[derive(Clone)]
pub struct Delivery {
    envelope: SensitiveJson,
    id: String,
    /// The object inside the envelope's `detail`, if that is JSON inside a text.
    detail_in_text: Option<SensitiveJson>,
    partner_id: Option<String>,
    shadow: ShadowParts,
}

impl Delivery {
    /// Reads a delivery of up to [`MAX_DELIVERY_BYTES`] without checking who sent it. For tests and for deliveries that
    /// you have stored; use [`Verifier::verify`](super::Verifier::verify) for what comes from a network.
    ///
    /// ```
    /// use spkey::reqwest::header::HeaderMap;
    /// use spkey::webhook::Delivery;
    ///
    /// let body = br#"{ "id": "1", "source": "spk.api", "detail": { "data": { "type": "KeyAdded", "lockId": 123 } }
    /// }"#; let delivery = Delivery::parse(&HeaderMap::new(), body)?;
    /// assert_eq!(delivery.event().unwrap().event_type(), Some("KeyAdded"));
    /// # Ok::<(), spkey::webhook::Rejection>(())
    /// ```
    ///
    /// # Errors
    /// [`Rejection::TooLarge`], [`Encoded`](Rejection::Encoded), [`Truncated`](Rejection::Truncated) or
    /// [`Malformed`](Rejection::Malformed).
    pub fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, Rejection> {
        Self::parse_within(MAX_DELIVERY_BYTES, headers, body)
    }

    pub(super) fn parse_within(limit: usize, headers: &HeaderMap, body: &[u8]) -> Result<Self, Rejection> {
        let envelope = body::read(limit, headers, body)?;
        let id = id_text(&envelope["id"]).filter(|id| (1..=MAX_ID_BYTES).contains(&id.len()));
        let id = id.ok_or(Rejection::Malformed)?;
        let detail_in_text = envelope["detail"].as_str().and_then(object_in_text);
        let partner_id = id_text(&detail_in_text.as_ref().unwrap_or(&envelope["detail"])["partnerId"]);
        let detail_in_text = detail_in_text.map(SensitiveJson::from);
        Ok(Self { envelope: envelope.into(), id, detail_in_text, partner_id, shadow: ShadowParts::default() })
    }

    /// The id of the delivery, as text even if it was sent as a number. It is the same when the delivery is retried.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The part of the service that it comes from: `spk.api`, `spk.iot.shadow`, or one that is newer than this version.
    /// Empty if there is none.
    #[must_use]
    pub fn source(&self) -> &str {
        self.text("source").unwrap_or_default()
    }

    /// The envelope's `detail-type`, like `Shadow Update`.
    #[must_use]
    pub fn detail_type(&self) -> Option<&str> {
        self.text("detail-type")
    }

    /// When it was first sent.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        scalar(&self.envelope["time"])
    }

    /// The partner that it is for: `detail.partnerId`, as text even if it was sent as a number.
    #[must_use]
    pub fn partner_id(&self) -> Option<&str> {
        self.partner_id.as_deref()
    }

    /// What the delivery reports, depending on its source.
    #[must_use]
    pub fn detail(&self) -> Detail<'_> {
        let detail = self.detail_in_text.as_deref().unwrap_or(&self.envelope["detail"]);
        match self.source() {
            SOURCE_API if detail.is_object() => Detail::Event(EventDetail(detail)),
            SOURCE_SHADOW if detail.is_object() => Detail::Shadow(ShadowDetail::new(detail, &self.shadow)),
            _ => Detail::Unknown,
        }
    }

    /// The event, or `None` if the delivery reports something else, like the state of a device. Every call reads it
    /// from the JSON again.
    #[must_use]
    #[inline]
    pub fn event(&self) -> Option<DomainEvent> {
        match self.detail() {
            Detail::Event(detail) => detail.event(),
            _ => None,
        }
    }

    /// The whole envelope as sent.
    #[must_use]
    pub fn raw(&self) -> &SensitiveJson {
        &self.envelope
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.envelope[key].as_str()
    }
}

/// All of a delivery is in its envelope.
impl PartialEq for Delivery {
    fn eq(&self, other: &Self) -> bool {
        self.envelope == other.envelope
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Delivery");
        debug.field("id", &self.id()).field("source", &self.source()).field("detail_type", &self.detail_type());
        debug.finish_non_exhaustive()
    }
}

/// An id that was sent as text or as a number. `None` for a number that is too large to be exact: another id could read
/// as the same, and would be dropped as a duplicate or pass for this partner.
fn id_text(id: &Value) -> Option<String> {
    match Scalar::deserialize(id).ok()? {
        Scalar::Float(id) if id.abs() > MAX_EXACT_FLOAT => None,
        id => id.into_text(),
    }
}

fn object_in_text(text: &str) -> Option<Value> {
    any_value(text.as_bytes()).ok().filter(Value::is_object)
}
