//! Bodies that no honest sender makes: rejected or read, never a panic.

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use serde_json::{Value, json};
use spkey::DomainEvent;
use spkey::reqwest::header::HeaderMap;
use spkey::webhook::{Delivery, Detail, Rejection};

use crate::{envelope, parse, shadow_detail};

fn nested(open: &str, close: &str) -> String {
    format!("{}{}", open.repeat(50_000), close.repeat(50_000))
}

#[test]
fn body_that_is_no_envelope_is_rejected() {
    let bodies = [
        "null".into(),
        "[]".into(),
        "{}".into(),
        "\u{feff}{}".into(),
        "\\ud83c".into(),
        "{\"id\":\"\\".into(),
        nested("[", "]"),
        nested("{\"detail\":", "}"),
        "{\"id\":\"1\",\"source\":\"spk.api\",\"detail\":{}} {}".into(),
    ];
    for body in &bodies {
        let rejection = Delivery::parse(&HeaderMap::new(), body.as_bytes()).unwrap_err();
        assert!(matches!(rejection, Rejection::Malformed | Rejection::Truncated), "{}", &body[..body.len().min(80)]);
    }
}

#[test]
fn deep_nesting_and_huge_numbers_lose_no_delivery() {
    for value in [nested("[", "]"), format!("{}1{}", "{\"a\":".repeat(50_000), "}".repeat(50_000)), "1e400".into()] {
        let data = format!(r#"{{ "type": "KeyAdded", "lockId": 123, "uuid": {value}, "keyIndexNumber": "4" }}"#);
        let body = format!(r#"{{ "id": "1", "source": "spk.api", "detail": {{ "data": {data} }} }}"#);
        let delivery = Delivery::parse(&HeaderMap::new(), body.as_bytes()).unwrap();
        let Some(DomainEvent::KeyAdded(key)) = delivery.event() else { panic!("{:?}", delivery.event()) };
        assert_eq!((key.lock_id.unwrap().get(), key.key_index_number), (123, Some(4)));
        let state = json!({ "reportedState": format!(r#"{{ "1/6/0": true, "x": {value} }}"#) });
        let delivery = parse(&envelope("spk.iot.shadow", &state)).unwrap();
        let state = shadow_detail(&delivery).reported().unwrap().unwrap();
        assert_eq!(**state.get("1/6/0".parse().unwrap()).unwrap(), true);
    }
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
    /// What is accepted can be read in every part without a panic, and is what was sent.
    #[test]
    fn any_detail_is_accepted_and_read_without_a_panic(
        source in r"spk\.api|spk\.iot\.shadow|.{0,8}", data in any_json(), rest in any_json()
    ) {
        let detail = json!({
            "data": data, "reportedState": rest, "desiredState": rest.to_string(), "metadata": rest, "timestamp": rest,
            "aggregateId": rest, "partnerId": rest, "version": rest
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
                assert_eq!(shadow.desired().is_ok(), rest.is_null() || rest.is_object());
                assert_eq!(shadow.desired().is_ok_and(|state| state.is_some()), rest.is_object());
                let _ = (format!("{:?}", shadow.reported()), shadow.metadata(), shadow.version());
            }
            _ => assert!(!source.starts_with("spk.")),
        }
        let _ = format!("{delivery:?} {:?} {:?}", delivery.detail(), delivery.event());
    }

    #[test]
    fn any_envelope_is_accepted_or_rejected_without_a_panic(sent in any_json(), noise: Vec<u8>) {
        if let Ok(delivery) = parse(&sent) {
            assert!(!delivery.id().is_empty());
            let _ = format!("{delivery:?} {:?} {:?}", delivery.detail(), delivery.event());
        }
        let rejection = Delivery::parse(&HeaderMap::new(), &noise).unwrap_err();
        assert!(matches!(rejection, Rejection::Malformed | Rejection::Truncated));
    }
}
