//! The envelope and the event inside, as EventBridge sends them and in every form that can still be read.

use serde_json::{Value, json};
use spkey::DomainEvent;
use spkey::reqwest::header::{HeaderMap, HeaderName};
use spkey::webhook::{Delivery, Detail, MAX_ID_BYTES, Rejection, Verifier};

use crate::{ID, bytes, envelope, event_detail, headers, key_added, parse};

#[test]
fn event_is_read_with_its_context() {
    let delivery = parse(&key_added()).unwrap();
    assert_eq!(delivery.id(), ID);
    assert_eq!(delivery.source(), "spk.api");
    assert_eq!(delivery.detail_type(), Some("Sample"));
    assert_eq!(delivery.time(), Some("2026-01-01T12:00:00Z".parse().unwrap()));
    assert_eq!(delivery.partner_id(), Some("partner-1"));
    assert_eq!(**delivery.raw(), key_added());
    let detail = event_detail(&delivery);
    assert_eq!(detail.aggregate_type(), Some("lock"));
    assert_eq!(detail.aggregate_id().as_deref(), Some("123"));
    assert_eq!(detail.version(), Some(7.into()));
    assert_eq!(detail.timestamp().unwrap().unix_millis(), 1_767_268_800_123);
    let Some(DomainEvent::KeyAdded(key)) = delivery.event() else { panic!("{:?}", delivery.event()) };
    assert_eq!(key.key_uuid.as_ref().map(spkey::Secret::expose), Some("key-7"));
}

#[test]
fn unknown_source_is_accepted_and_kept_as_sent() {
    let envelope = envelope("spk.moon", &json!({ "partnerId": "partner-1", "phase": 3 }));
    let delivery =
        Verifier::none().partner_id("partner-1").unwrap().verify(&HeaderMap::new(), &bytes(&envelope)).unwrap();
    assert!(matches!(delivery.detail(), Detail::Unknown));
    assert!(delivery.event().is_none());
    assert_eq!(**delivery.raw(), envelope);
}

#[test]
fn envelope_without_optional_fields_is_accepted() {
    let delivery = parse(&json!({ "id": ID, "source": "spk.api", "detail": {} })).unwrap();
    assert_eq!((delivery.detail_type(), delivery.time(), delivery.partner_id()), (None, None, None));
    let detail = event_detail(&delivery);
    assert_eq!((detail.aggregate_type(), detail.aggregate_id(), detail.version()), (None, None, None));
    assert!(detail.timestamp().is_none() && detail.event().is_none());
}

#[test]
fn optional_fields_of_another_json_type_are_none_and_lose_no_delivery() {
    for other in [json!(7), json!(["x"]), json!({ "x": 1 }), json!(true), Value::Null] {
        let mut sent = key_added();
        for key in ["detail-type", "time", "region", "account", "version", "resources"] {
            sent[key] = other.clone();
        }
        let delivery = parse(&sent).unwrap();
        assert_eq!((delivery.detail_type(), delivery.time().is_some()), (None, other.is_number()));
        assert!(matches!(delivery.event(), Some(DomainEvent::KeyAdded(_))));
    }
}

#[test]
fn numeric_id_is_read_as_text() {
    for (id, text) in [(json!(7), "7"), (json!(7.0), "7"), (json!(u64::MAX), "18446744073709551615"), (json!(-7), "-7")]
    {
        let mut sent = key_added();
        sent["id"] = id;
        assert_eq!(parse(&sent).unwrap().id(), text);
    }
}

#[test]
fn envelope_without_a_usable_id_is_rejected_with_400() {
    for id in [Value::Null, json!(""), json!(["7"]), json!(true), json!("x".repeat(MAX_ID_BYTES + 1))] {
        let mut sent = key_added();
        sent["id"] = id;
        assert_eq!(parse(&sent), Err(Rejection::Malformed), "{sent}");
    }
    // Two such numbers can read as one, and the second would be dropped as a duplicate.
    let body = br#"{"id":100000000000000000001,"source":"spk.api","detail":{}}"#;
    assert_eq!(Delivery::parse(&HeaderMap::new(), body), Err(Rejection::Malformed));
}

#[test]
fn missing_or_unreadable_source_or_detail_is_unknown_and_kept_as_sent() {
    for (key, value) in [
        ("source", Value::Null),
        ("source", json!(["spk.api"])),
        ("detail", Value::Null),
        ("detail", json!("not JSON")),
        ("detail", json!("[]")),
        ("detail", json!([])),
    ] {
        let mut sent = key_added();
        sent[key] = value;
        let delivery = parse(&sent).unwrap();
        assert!(matches!(delivery.detail(), Detail::Unknown), "{sent}");
        assert!(delivery.event().is_none());
        assert_eq!(**delivery.raw(), sent);
        let verifier = Verifier::none().partner_id("partner-1").unwrap();
        let delivery = verifier.verify(&HeaderMap::new(), &bytes(&sent));
        assert_eq!(delivery.is_ok(), key == "source", "a delivery that names no partner is for no partner");
    }
}

#[test]
fn detail_that_is_json_inside_text_is_read() {
    let mut sent = key_added();
    sent["detail"] = sent["detail"].to_string().into();
    let verifier = Verifier::none().partner_id("partner-1").unwrap();
    let delivery = verifier.verify(&HeaderMap::new(), &bytes(&sent)).unwrap();
    assert!(matches!(delivery.event(), Some(DomainEvent::KeyAdded(_))));
    assert_eq!(event_detail(&delivery).version(), Some(7.into()));
    assert_eq!(**delivery.raw(), sent);
}

#[test]
fn byte_order_mark_before_the_body_is_skipped() {
    let body = [b"\xef\xbb\xbf".as_slice(), &bytes(&key_added())].concat();
    assert_eq!(Delivery::parse(&HeaderMap::new(), &body), parse(&key_added()));
    let twice = [b"\xef\xbb\xbf".as_slice(), &body].concat();
    assert_eq!(Delivery::parse(&HeaderMap::new(), &twice), Err(Rejection::Malformed));
}

#[test]
fn lone_surrogate_is_read_as_replacement_character() {
    let body = key_added().to_string().replace("key-7", r"Party \ud83c");
    let delivery = Delivery::parse(&HeaderMap::new(), body.as_bytes()).unwrap();
    let Some(DomainEvent::KeyAdded(key)) = delivery.event() else { panic!("{:?}", delivery.event()) };
    assert_eq!(key.key_uuid.as_ref().map(spkey::Secret::expose), Some("Party \u{fffd}"));
}

#[test]
fn invalid_utf_8_is_read_as_replacement_character() {
    let mut body = bytes(&key_added());
    let at = body.windows(5).position(|window| window == b"key-7").unwrap();
    body[at] = 0xff;
    let delivery = Delivery::parse(&HeaderMap::new(), &body).unwrap();
    let Some(DomainEvent::KeyAdded(key)) = delivery.event() else { panic!("{:?}", delivery.event()) };
    assert_eq!(key.key_uuid.as_ref().map(spkey::Secret::expose), Some("\u{fffd}ey-7"));
}

#[test]
fn timestamp_and_version_may_be_text_or_fractions() {
    for (timestamp, millis) in [
        (json!(1_767_268_800_123_u64), Some(1_767_268_800_123)),
        (json!(1_767_268_800_123.0), Some(1_767_268_800_123)),
        (json!("1767268800123"), Some(1_767_268_800_123)),
        (json!(1500.5), Some(1_500_500)),
        (json!(0), Some(0)),
        (json!(-1), Some(-1000)),
        (json!(1e300), None),
        (json!("NaN"), None),
        (json!("inf"), None),
        (json!("yesterday"), None),
        (json!(null), None),
    ] {
        let delivery = parse(&envelope("spk.api", &json!({ "timestamp": timestamp }))).unwrap();
        let read = event_detail(&delivery).timestamp();
        assert_eq!(read.map(|time| time.unix_millis()), millis, "{timestamp}");
    }
    let delivery = parse(&envelope("spk.api", &json!({ "version": "7", "aggregateId": 123 }))).unwrap();
    assert_eq!(event_detail(&delivery).version(), Some(7.into()));
    assert_eq!(event_detail(&delivery).aggregate_id().as_deref(), Some("123"));
}

#[test]
fn debug_shows_neither_secrets_nor_contents() {
    let mut sent = key_added();
    sent["detail"]["data"] = json!({ "type": "PinShown", "pin": "s3cret" });
    let mut inside_text = sent.clone();
    inside_text["detail"] = sent["detail"].to_string().into();
    for sent in [sent, inside_text] {
        let verifier = Verifier::header("X-Secret", ["s3cret"]).unwrap();
        let given = headers(&[(HeaderName::from_static("x-secret"), "s3cret")]);
        let delivery = verifier.verify(&given, &bytes(&sent)).unwrap();
        let printed = format!("{verifier:?} {delivery:?} {:?} {:?}", delivery.detail(), delivery.event());
        assert!(!printed.contains("s3cret"), "{printed}");
        assert!(printed.contains(ID) && printed.contains("PinShown"), "{printed}");
    }
}
