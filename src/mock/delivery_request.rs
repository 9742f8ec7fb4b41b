use std::fmt;
use std::time::SystemTime;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use uuid::Builder;

use crate::events::DomainEvent;
use crate::matter::state::State;
use crate::value::date_time::DateTime;

/// Makes the request by which SpKey delivers an event to a webhook, for tests of its receiver.
///
/// Each has an id of its own, version 1, and happened now. It has no secret, partner or aggregate before they are set.
/// [`headers`](DeliveryRequest::headers) and [`body`](DeliveryRequest::body) are for the unit test of a handler,
/// [`send`](DeliveryRequest::send) is for one over HTTP.
///
/// ```
/// use spkey::types::KeyAddedEvent;
/// use spkey::webhook::{Deduplicator, Verifier};
/// use spkey::{DomainEvent, mock};
///
/// let key = KeyAddedEvent { lock_id: Some(123.try_into()?), ..Default::default() };
/// let delivery = mock::delivery(DomainEvent::KeyAdded(key)).aggregate("lock", "123").version(7);
/// let delivery = delivery.partner_id("partner-1").bearer("the-secret");
///
/// let verifier = Verifier::bearer(["the-secret"])?.partner_id("partner-1")?;
/// let received = verifier.verify(&delivery.headers(), &delivery.body())?;
/// assert_eq!(received.event().unwrap().event_type(), Some("KeyAdded"));
///
/// // Twice: the sender got no response to the first, and retries it.
/// let retried = verifier.verify(&delivery.headers(), &delivery.body())?;
/// let deduplicator = Deduplicator::default();
/// assert!(deduplicator.is_new(received.id()) && !deduplicator.is_new(retried.id()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Deliveries may come late and out of order: send them so. The version says which event was first.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use spkey::webhook::{Delivery, Detail};
/// use spkey::{DomainEvent, mock};
///
/// let event = |name: &str| DomainEvent::read(&serde_json::json!({ "type": name, "lockId": 123 })).unwrap();
/// let added = mock::delivery(event("KeyAdded")).version(6).time(SystemTime::now() - Duration::from_secs(3600));
/// let removed = mock::delivery(event("KeyRemoved")).version(7);
///
/// let mut latest = None;
/// for late_and_out_of_order in [removed, added] {
///     let received = Delivery::parse(&late_and_out_of_order.headers(), &late_and_out_of_order.body())?;
///     let Detail::Event(detail) = received.detail() else { panic!("an event") };
///     latest = latest.max(detail.version());
/// }
/// assert_eq!(latest, Some(7.into()));
/// # Ok::<(), spkey::webhook::Rejection>(())
/// ```
pub fn delivery(event: DomainEvent) -> DeliveryRequest {
    let detail_type = event.event_type().unwrap_or_default();
    DeliveryRequest::new("spk.api", detail_type, json!({ "data": event.to_webhook_data() }))
}

/// Makes the request by which SpKey delivers the state that a device has reported, for tests of a webhook's receiver. As
/// [`delivery`] otherwise.
///
/// ```
/// use spkey::matter::{LockState, State};
/// use spkey::mock;
/// use spkey::webhook::{Delivery, Detail};
///
/// let reported = State::try_from(serde_json::json!({ "1/257/0": 2 }))?;
/// let request = mock::shadow_delivery("thing-7", &reported);
/// let delivery = Delivery::parse(&request.headers(), &request.body())?;
/// let Detail::Shadow(shadow) = delivery.detail() else { panic!("the state of a device") };
/// assert_eq!(shadow.reported()?.and_then(State::lock_state), Some(LockState::Unlocked));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn shadow_delivery(thing_name: &str, reported: &State) -> DeliveryRequest {
    // A state is an object with text as keys, which can always be written.
    let reported = serde_json::to_string(reported).unwrap_or_default();
    let detail = json!({ "thingName": thing_name, "reportedState": reported });
    DeliveryRequest::new("spk.iot.shadow", "Shadow Update", detail)
}

/// A webhook request as SpKey sends it. Made by [`delivery`] and [`shadow_delivery`].
#[derive(Clone)]
#[must_use]
pub struct DeliveryRequest {
    id: String,
    source: &'static str,
    detail_type: String,
    time: DateTime,
    detail: Value,
    secret: Option<(HeaderName, HeaderValue)>,
}

impl DeliveryRequest {
    fn new(source: &'static str, detail_type: &str, detail: Value) -> Self {
        let id = Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid().to_string();
        let (time, secret) = (DateTime::from(SystemTime::now()), None);
        Self { id, source, detail_type: detail_type.to_owned(), time, detail, secret }.version(1)
    }

    /// Sets the id. A delivery that is retried keeps it.
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: id.into(), ..self }
    }

    /// Sets the partner that it is for.
    pub fn partner_id(self, id: impl Into<String>) -> Self {
        self.detail("partnerId", id.into())
    }

    /// Sets what the event happened to, such as `lock` and the lock's id.
    pub fn aggregate(self, kind: &str, id: impl ToString) -> Self {
        self.detail("aggregateType", kind).detail("aggregateId", id.to_string())
    }

    /// Sets the version: each event of an aggregate has the next one.
    pub fn version(self, version: i64) -> Self {
        self.detail("version", version)
    }

    /// Sets when it happened.
    pub fn time(self, time: SystemTime) -> Self {
        Self { time: time.into(), ..self }
    }

    /// Sends the secret as bearer token.
    ///
    /// # Panics
    /// If a header cannot hold it.
    #[track_caller]
    pub fn bearer(self, secret: &str) -> Self {
        self.header("authorization", &format!("Bearer {secret}"))
    }

    /// Sends the secret in the header of that name.
    ///
    /// # Panics
    /// If it is no name of a header, or a header cannot hold the secret.
    #[track_caller]
    pub fn header(self, name: &str, secret: &str) -> Self {
        let header = name.parse().ok().zip(secret.parse().ok());
        assert!(header.is_some(), "{name}: a header cannot have that name or hold that value");
        Self { secret: header, ..self }
    }

    /// The headers of the request, for a [`Verifier`](crate::webhook::Verifier).
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let json = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
        [json].into_iter().chain(self.secret.clone()).collect()
    }

    /// The body of the request.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        let mut detail = self.detail.clone();
        if self.source == "spk.api" {
            detail["timestamp"] = self.time.unix_millis().into();
        }
        let envelope = json!({
            "version": "0",
            "id": self.id,
            "detail-type": self.detail_type,
            "source": self.source,
            "account": "123456789012",
            "time": self.time.as_str(),
            "region": "eu-central-1",
            "resources": [],
            "detail": detail,
        });
        envelope.to_string().into()
    }

    /// Posts the request, and returns the status of the response. It goes through no proxy, and is not retried.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn send(&self, url: &str) -> Result<StatusCode, reqwest::Error> {
        let request = Client::builder().no_proxy().build()?.post(url).headers(self.headers()).body(self.body());
        Ok(request.send().await?.status())
    }

    fn detail(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.detail[name] = value.into();
        self
    }
}

/// Shows neither the secret nor the event.
impl fmt::Debug for DeliveryRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("DeliveryRequest");
        debug.field("id", &self.id).field("source", &self.source).field("detail_type", &self.detail_type);
        debug.finish_non_exhaustive()
    }
}
