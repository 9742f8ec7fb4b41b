//! Webhooks: which deliveries are accepted, how they are read, which are duplicates.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

mod authentication;
mod body;
mod deduplicator;
mod envelope;
mod hostile;
mod partner;
mod shadow;

use serde_json::{Value, json};
use spkey::reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use spkey::webhook::{Delivery, Detail, EventDetail, Rejection, ShadowDetail};

const ID: &str = "17793124-05d4-b198-2fde-7ededc63b103";

/// An envelope as EventBridge makes them.
fn envelope(source: &str, detail: &Value) -> Value {
    json!({
        "version": "0", "id": ID, "detail-type": "Sample", "source": source, "account": "123456789012",
        "time": "2026-01-01T12:00:00Z", "region": "eu-central-1", "resources": [], "detail": detail
    })
}

fn key_added() -> Value {
    envelope(
        "spk.api",
        &json!({
            "partnerId": "partner-1", "aggregateType": "lock", "aggregateId": "123", "version": 7,
            "timestamp": 1_767_268_800_123_u64, "data": { "type": "KeyAdded", "lockId": 123, "keyUuid": "key-7" }
        }),
    )
}

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn parse(value: &Value) -> Result<Delivery, Rejection> {
    Delivery::parse(&HeaderMap::new(), &bytes(value))
}

fn event_detail(delivery: &Delivery) -> EventDetail<'_> {
    let Detail::Event(detail) = delivery.detail() else { panic!("{:?}", delivery.detail()) };
    detail
}

fn shadow_detail(delivery: &Delivery) -> ShadowDetail<'_> {
    let Detail::Shadow(detail) = delivery.detail() else { panic!("{:?}", delivery.detail()) };
    detail
}

fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
}

fn bearer(secret: &str) -> HeaderMap {
    headers(&[(AUTHORIZATION, &format!("Bearer {secret}"))])
}
