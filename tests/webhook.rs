//! Webhooks: who is let in, what is read, what is dropped.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use serde_json::{Value, json};
use spkey::DomainEvent;
use spkey::reqwest::StatusCode;
use spkey::reqwest::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
};
use spkey::webhook::{Deduplicator, Delivery, Detail, MAX_DELIVERY_BYTES, MAX_ID_BYTES, Rejection, Verifier};

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

fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
}

fn bearer(secret: &str) -> HeaderMap {
    headers(&[(AUTHORIZATION, &format!("Bearer {secret}"))])
}

#[test]
fn an_event_is_read_with_all_that_is_said_of_it() {
    let delivery = parse(&key_added()).unwrap();
    assert_eq!(delivery.id(), ID);
    assert_eq!(delivery.source(), "spk.api");
    assert_eq!(delivery.detail_type(), Some("Sample"));
    assert_eq!(delivery.time(), Some("2026-01-01T12:00:00Z"));
    assert_eq!(delivery.partner_id(), Some("partner-1"));
    assert_eq!(**delivery.raw(), key_added());
    let Detail::Event(detail) = delivery.detail() else { panic!("{:?}", delivery.detail()) };
    assert_eq!(detail.aggregate_type(), Some("lock"));
    assert_eq!(detail.aggregate_id().as_deref(), Some("123"));
    assert_eq!(detail.version(), Some(7.0));
    assert_eq!(detail.timestamp(), Some(SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_268_800_123)));
    let Some(DomainEvent::KeyAdded(key)) = delivery.event() else { panic!("{:?}", delivery.event()) };
    assert_eq!(key.key_uuid.as_deref(), Some("key-7"));
}

#[test]
fn the_states_of_a_shadow_are_read_when_asked_for() {
    let detail = json!({
        "partnerId": "partner-1", "thingName": "thing-7", "version": 3, "reportedState": "{\"locked\":true}",
        "desiredState": { "locked": false }, "deltaState": "{locked", "metadata": "null"
    });
    let delivery = parse(&envelope("spk.iot.shadow", &detail)).unwrap();
    let Detail::Shadow(shadow) = delivery.detail() else { panic!("{:?}", delivery.detail()) };
    assert_eq!(shadow.thing_name(), Some("thing-7"));
    assert_eq!(shadow.version(), Some(3.0));
    assert_eq!(*shadow.reported_state().unwrap().unwrap(), json!({ "locked": true }));
    assert_eq!(*shadow.desired_state().unwrap().unwrap(), json!({ "locked": false }));
    assert!(shadow.delta_state().unwrap_err().to_string().contains("deltaState"));
    assert!(shadow.metadata().unwrap().is_none());
    assert!(delivery.event().is_none());

    let empty = parse(&envelope("spk.iot.shadow", &json!({ "reportedState": "" }))).unwrap();
    let Detail::Shadow(shadow) = empty.detail() else { panic!("{:?}", empty.detail()) };
    assert!(shadow.reported_state().unwrap().is_none());
    assert!(shadow.desired_state().unwrap().is_none());
}

#[test]
fn a_source_that_is_newer_is_taken_and_kept() {
    let envelope = envelope("spk.moon", &json!({ "partnerId": "partner-1", "phase": 3 }));
    let delivery =
        Verifier::none().partner_id("partner-1").unwrap().verify(&HeaderMap::new(), &bytes(&envelope)).unwrap();
    assert!(matches!(delivery.detail(), Detail::Unknown));
    assert!(delivery.event().is_none());
    assert_eq!(**delivery.raw(), envelope);
}

#[test]
fn an_envelope_needs_an_id_a_source_and_a_detail_and_no_more() {
    let least = json!({ "id": ID, "source": "spk.api", "detail": {} });
    let delivery = parse(&least).unwrap();
    assert_eq!((delivery.detail_type(), delivery.time(), delivery.partner_id()), (None, None, None));
    let Detail::Event(detail) = delivery.detail() else { panic!("{:?}", delivery.detail()) };
    assert_eq!((detail.aggregate_type(), detail.aggregate_id(), detail.version()), (None, None, None));
    assert!(detail.timestamp().is_none() && detail.event().is_none());

    for (key, value) in [
        ("id", Value::Null),
        ("id", json!("")),
        ("id", json!(7)),
        ("id", json!("x".repeat(MAX_ID_BYTES + 1))),
        ("source", Value::Null),
        ("source", json!(["spk.api"])),
        ("detail", Value::Null),
        ("detail", json!("{}")),
        ("detail", json!([])),
    ] {
        let mut envelope = least.clone();
        envelope[key] = value;
        assert_eq!(parse(&envelope), Err(Rejection::Malformed), "{envelope}");
    }
}

#[test]
fn figures_that_no_clock_holds_are_none() {
    for timestamp in [json!(-1), json!(1e300), json!("1767268800123"), json!(null)] {
        let delivery = parse(&envelope("spk.api", &json!({ "timestamp": timestamp }))).unwrap();
        let Detail::Event(detail) = delivery.detail() else { panic!("{:?}", delivery.detail()) };
        assert_eq!(detail.timestamp(), None, "{timestamp}");
    }
    let delivery = parse(&envelope("spk.api", &json!({ "timestamp": 1500.0, "aggregateId": 123 }))).unwrap();
    let Detail::Event(detail) = delivery.detail() else { panic!("{:?}", delivery.detail()) };
    assert_eq!(detail.timestamp(), Some(SystemTime::UNIX_EPOCH + Duration::from_millis(1500)));
    assert_eq!(detail.aggregate_id().as_deref(), Some("123"));
}

#[test]
fn a_bearer_token_must_be_the_secret_to_the_letter() {
    let verifier = Verifier::bearer(["the-secret"]).unwrap();
    let body = bytes(&key_added());
    for value in ["Bearer the-secret", "bearer the-secret"] {
        assert!(verifier.verify(&headers(&[(AUTHORIZATION, value)]), &body).is_ok(), "{value}");
    }
    for value in [
        "Bearer the-secre",
        "Bearer the-secret1",
        "Bearer The-secret",
        "Bearer xhe-secret",
        "Bearer the-secres",
        "Bearer  the-secret",
        "Bearer the-secret,the-secret",
        "Bearer",
        "Bearer ",
        "",
        "the-secret",
        "Basic the-secret",
        "Bearerthe-secret",
    ] {
        let given = headers(&[(AUTHORIZATION, value)]);
        assert_eq!(verifier.verify(&given, &body), Err(Rejection::Unauthenticated), "{value}");
    }
    let other = headers(&[(USER_AGENT, "Bearer the-secret")]);
    assert_eq!(verifier.verify(&other, &body), Err(Rejection::Unauthenticated));
    assert_eq!(verifier.verify(&HeaderMap::new(), &body), Err(Rejection::Unauthenticated));
}

#[test]
fn a_header_must_be_the_secret_and_be_there_once() {
    let name = HeaderName::from_static("x-webhook-secret");
    let verifier = Verifier::header("X-Webhook-Secret", ["the-secret"]).unwrap();
    let body = bytes(&key_added());
    assert!(verifier.verify(&headers(&[(name.clone(), "the-secret")]), &body).is_ok());
    for value in ["", "the-secre", "the-secret1", "THE-SECRET", "Bearer the-secret"] {
        let given = headers(&[(name.clone(), value)]);
        assert_eq!(verifier.verify(&given, &body), Err(Rejection::Unauthenticated), "{value}");
    }
    assert_eq!(verifier.verify(&bearer("the-secret"), &body), Err(Rejection::Unauthenticated));
    let mut twice = headers(&[(name.clone(), "the-secret")]);
    twice.append(name.clone(), HeaderValue::from_static("wrong"));
    assert_eq!(verifier.verify(&twice, &body), Err(Rejection::Unauthenticated));
    let mut not_text = HeaderMap::new();
    not_text.insert(name, HeaderValue::from_bytes(b"the-secret\xff").unwrap());
    assert_eq!(verifier.verify(&not_text, &body), Err(Rejection::Unauthenticated));
}

#[test]
fn each_of_several_secrets_is_enough() {
    let verifier = Verifier::bearer(["first", "second", "third-and-longer"]).unwrap();
    let body = bytes(&key_added());
    for secret in ["first", "second", "third-and-longer"] {
        assert!(verifier.verify(&bearer(secret), &body).is_ok(), "{secret}");
    }
    assert_eq!(verifier.verify(&bearer("firstsecond"), &body), Err(Rejection::Unauthenticated));
}

#[test]
fn a_verifier_that_would_let_all_or_none_in_is_not_made() {
    for secrets in [vec![], vec![""], vec!["good", ""], vec!["two words"], vec!["broken\n"], vec!["sécret"]] {
        assert!(Verifier::bearer(secrets.clone()).is_err(), "{secrets:?}");
        assert!(Verifier::header("X-Secret", secrets.clone()).is_err(), "{secrets:?}");
    }
    for name in ["", "X Secret", "X-Secret:", "geheim\n"] {
        assert!(Verifier::header(name, ["the-secret"]).is_err(), "{name}");
    }
    assert!(Verifier::none().partner_id("").is_err());
}

#[test]
fn a_delivery_for_another_partner_is_refused() {
    let verifier = Verifier::bearer(["the-secret"]).unwrap().partner_id("partner-1").unwrap();
    assert!(verifier.verify(&bearer("the-secret"), &bytes(&key_added())).is_ok());
    for partner in [json!("partner-2"), json!("Partner-1"), json!("partner-1 "), json!(["partner-1"]), Value::Null] {
        let mut envelope = key_added();
        envelope["detail"]["partnerId"] = partner;
        let refused = verifier.verify(&bearer("the-secret"), &bytes(&envelope));
        assert_eq!(refused, Err(Rejection::WrongPartner), "{envelope}");
    }
    let mut elsewhere = key_added();
    elsewhere["detail"].as_object_mut().unwrap().remove("partnerId");
    elsewhere["partnerId"] = json!("partner-1");
    assert_eq!(verifier.verify(&bearer("the-secret"), &bytes(&elsewhere)), Err(Rejection::WrongPartner));
}

#[test]
fn the_secret_comes_before_the_body() {
    let verifier = Verifier::bearer(["the-secret"]).unwrap();
    for body in [&b"not JSON"[..], &vec![b'['; MAX_DELIVERY_BYTES + 1]] {
        assert_eq!(verifier.verify(&bearer("wrong"), body), Err(Rejection::Unauthenticated));
    }
}

#[test]
fn a_large_delivery_is_refused() {
    let mut body = bytes(&key_added());
    body.resize(MAX_DELIVERY_BYTES, b' ');
    assert!(Delivery::parse(&HeaderMap::new(), &body).is_ok());
    body.push(b' ');
    assert_eq!(Delivery::parse(&HeaderMap::new(), &body), Err(Rejection::TooLarge));
    assert!(Verifier::none().max_bytes(body.len()).verify(&HeaderMap::new(), &body).is_ok());
    assert_eq!(Verifier::none().max_bytes(10).verify(&HeaderMap::new(), &body), Err(Rejection::TooLarge));
}

#[test]
fn a_body_that_is_compressed_or_cut_is_refused() {
    let body = bytes(&key_added());
    let length = |length: usize| headers(&[(CONTENT_LENGTH, &length.to_string())]);
    assert!(Delivery::parse(&length(body.len()), &body).is_ok());
    assert!(Delivery::parse(&headers(&[(CONTENT_ENCODING, "identity")]), &body).is_ok());
    assert_eq!(Delivery::parse(&headers(&[(CONTENT_ENCODING, "gzip")]), &body), Err(Rejection::Encoded));
    assert_eq!(Delivery::parse(&length(body.len() + 1), &body), Err(Rejection::Cut));
    assert_eq!(Delivery::parse(&length(body.len()), &body[..body.len() - 1]), Err(Rejection::Cut));
}

#[test]
fn a_hostile_body_is_refused() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(50_000), close.repeat(50_000));
    let bodies = [
        String::new(),
        "null".into(),
        "[]".into(),
        "{".into(),
        "\u{feff}{}".into(),
        deep("[", "]"),
        deep("{\"detail\":", "}"),
        format!("{{\"id\":\"1\",\"source\":\"spk.api\",\"detail\":{{\"data\":{}}}}}", deep("[", "]")),
        "{\"id\":\"1\",\"source\":\"spk.api\",\"detail\":{\"version\":1e999}}".into(),
        "{\"id\":\"1\",\"source\":\"spk.api\",\"detail\":{}} {}".into(),
    ];
    for body in &bodies {
        let refused = Delivery::parse(&HeaderMap::new(), body.as_bytes());
        assert_eq!(refused, Err(Rejection::Malformed), "{}", &body[..body.len().min(80)]);
    }
    assert_eq!(Delivery::parse(&HeaderMap::new(), b"{\"id\":\"\xff\"}"), Err(Rejection::Malformed));

    let state = json!({ "reportedState": deep("[", "]") });
    let delivery = parse(&envelope("spk.iot.shadow", &state)).unwrap();
    let Detail::Shadow(shadow) = delivery.detail() else { panic!("{:?}", delivery.detail()) };
    assert!(shadow.reported_state().is_err());
}

/// JSON of any shape, in which the names of an envelope are not rare.
fn any_json() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        "id|source|detail|partnerId|data|type|version|timestamp|lockId|reportedState|deltaState",
        "KeyAdded|AlarmTriggered|MatterPinSet|ProfileUpdated|spk.api|spk.iot.shadow",
        ".{0,8}",
    ];
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| json!(f64::from(number) / 4.0)),
        name.clone().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(name.clone(), inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    /// What is taken can be read to the last corner without a panic, and is what was sent.
    #[test]
    fn whatever_is_posted_is_taken_whole_or_refused(
        source in r"spk\.api|spk\.iot\.shadow|.{0,8}", data in any_json(), rest in any_json(), noise: Vec<u8>
    ) {
        let refused = Delivery::parse(&HeaderMap::new(), &noise);
        assert!(matches!(refused, Err(Rejection::Malformed)));
        let detail = json!({
            "data": data, "reportedState": rest, "desiredState": rest.to_string(), "timestamp": rest, "aggregateId": rest
        });
        let sent = envelope(&source, &detail);
        let delivery = parse(&sent).unwrap();
        assert_eq!(**delivery.raw(), sent);
        match delivery.detail() {
            Detail::Event(detail) => {
                let _ = (detail.timestamp(), detail.aggregate_id(), detail.version());
                let none = data.is_null() || data == "null";
                assert_eq!(detail.event().is_none(), none);
            }
            Detail::Shadow(shadow) => {
                let state = shadow.desired_state().unwrap();
                assert_eq!(state.is_none(), rest.is_null());
                let _ = shadow.reported_state();
            }
            _ => assert!(!source.starts_with("spk.")),
        }
        let _ = format!("{delivery:?} {:?} {:?}", delivery.detail(), delivery.event());
    }
}

#[test]
fn what_never_will_be_taken_is_answered_with_4xx_and_a_cut_one_with_5xx() {
    let statuses = [
        (Rejection::Unauthenticated, StatusCode::UNAUTHORIZED),
        (Rejection::WrongPartner, StatusCode::FORBIDDEN),
        (Rejection::TooLarge, StatusCode::PAYLOAD_TOO_LARGE),
        (Rejection::Encoded, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (Rejection::Malformed, StatusCode::BAD_REQUEST),
        (Rejection::Cut, StatusCode::SERVICE_UNAVAILABLE),
    ];
    for (rejection, status) in statuses {
        assert_eq!(rejection.status(), status);
    }
}

#[test]
fn nothing_that_is_printed_has_a_secret() {
    let mut envelope = key_added();
    envelope["detail"]["data"] = json!({ "type": "PinShown", "pin": "s3cret" });
    let verifier = Verifier::header("X-Secret", ["s3cret"]).unwrap();
    let given = headers(&[(HeaderName::from_static("x-secret"), "s3cret")]);
    let delivery = verifier.verify(&given, &bytes(&envelope)).unwrap();
    let printed = format!("{verifier:?} {delivery:?} {:?} {:?}", delivery.detail(), delivery.event());
    assert!(!printed.contains("s3cret"), "{printed}");
    assert!(printed.contains(ID) && printed.contains("PinShown"), "{printed}");
}

#[test]
fn an_id_is_new_once() {
    let seen = Deduplicator::default();
    assert!(seen.is_new("a"));
    assert!(!seen.is_new("a"));
    assert!(seen.is_new("A"));
    seen.forget("a");
    assert!(seen.is_new("a"));
    assert!(!seen.is_new("a"));
}

#[test]
fn one_of_many_at_once_is_new() {
    let seen = Deduplicator::default();
    let new = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| (0..500).filter(|id| seen.is_new(&id.to_string())).count())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
    });
    assert_eq!(new, 500);
}

#[test]
fn no_more_ids_are_remembered_than_twice_the_capacity() {
    let seen = Deduplicator::new(100, Duration::from_secs(3600));
    let ids: Vec<_> = (0..1000).map(|id| id.to_string()).collect();
    assert!(ids.iter().all(|id| seen.is_new(id)));
    let remembered: HashSet<_> = ids.iter().rev().take_while(|id| !seen.is_new(id)).collect();
    assert!((100..=200).contains(&remembered.len()), "{}", remembered.len());
}

#[tokio::test(start_paused = true)]
async fn an_id_is_remembered_for_the_retention_and_forgotten_by_twice_that() {
    let hour = Duration::from_secs(3600);
    for start in [Duration::ZERO, hour / 2, Duration::from_secs(3599)] {
        let (kept, gone) = (Deduplicator::new(100, hour), Deduplicator::new(100, hour));
        tokio::time::advance(start).await;
        assert!(kept.is_new("a") && gone.is_new("a"));
        tokio::time::advance(Duration::from_secs(3599)).await;
        assert!(!kept.is_new("a"), "forgotten too early, from {start:?} on");
        assert!(gone.is_new("b"));
        tokio::time::advance(hour + Duration::from_secs(1)).await;
        assert!(gone.is_new("a"), "remembered too long, from {start:?} on");
    }

    let idle = Deduplicator::new(100, hour);
    assert!(idle.is_new("a"));
    tokio::time::advance(hour + hour / 2).await;
    assert!(idle.is_new("b"));
    tokio::time::advance(hour / 2).await;
    assert!(idle.is_new("a"), "remembered for longer since nothing came");
}
