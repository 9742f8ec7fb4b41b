//! The partner of a delivery, compared with the partner of the verifier.

use serde_json::{Value, json};
use spkey::reqwest::StatusCode;
use spkey::reqwest::header::HeaderMap;
use spkey::webhook::{Delivery, Rejection, Verifier};

use crate::{bearer, bytes, key_added};

fn delivery_for(partner: &Value, verifier_partner: &str) -> Result<Delivery, Rejection> {
    let mut envelope = key_added();
    envelope["detail"]["partnerId"] = partner.clone();
    let verifier = Verifier::none().partner_id(verifier_partner).unwrap();
    verifier.verify(&HeaderMap::new(), &bytes(&envelope))
}

#[test]
fn delivery_for_another_partner_is_rejected_with_403() {
    let verifier = Verifier::bearer(["the-secret"]).unwrap().partner_id("partner-1").unwrap();
    assert!(verifier.verify(&bearer("the-secret"), &bytes(&key_added())).is_ok());
    for partner in [
        json!("partner-2"),
        json!("Partner-1"),
        json!("partner-1 "),
        json!(["partner-1"]),
        json!(1),
        json!(true),
        Value::Null,
    ] {
        let rejection = delivery_for(&partner, "partner-1").unwrap_err();
        assert_eq!((rejection, rejection.status()), (Rejection::WrongPartner, StatusCode::FORBIDDEN), "{partner}");
    }
    let mut elsewhere = key_added();
    elsewhere["detail"].as_object_mut().unwrap().remove("partnerId");
    elsewhere["partnerId"] = json!("partner-1");
    assert_eq!(verifier.verify(&bearer("the-secret"), &bytes(&elsewhere)), Err(Rejection::WrongPartner));
}

#[test]
fn numeric_partner_id_is_compared_as_text() {
    for partner in [json!(7), json!(7.0), json!("7")] {
        let delivery = delivery_for(&partner, "7").unwrap();
        assert_eq!(delivery.partner_id(), Some("7"), "{partner}");
    }
    for partner in [json!(8), json!(7.5), json!(-7), json!(70), json!("07"), json!("7.0")] {
        assert_eq!(delivery_for(&partner, "7"), Err(Rejection::WrongPartner), "{partner}");
    }
}

/// Two such numbers can read as one, so neither may pass for the other.
#[test]
fn numeric_partner_id_too_large_to_be_exact_is_rejected() {
    let body = r#"{"id":"1","source":"spk.api","detail":{"partnerId":100000000000000000001}}"#;
    let verifier = Verifier::none().partner_id("100000000000000000000").unwrap();
    assert_eq!(verifier.verify(&HeaderMap::new(), body.as_bytes()), Err(Rejection::WrongPartner));
}

#[test]
fn partner_id_that_no_delivery_can_have_is_not_built() {
    assert!(Verifier::none().partner_id("").is_err());
    for id in ["partner-1\n", " partner-1", "\"partner-1\"", "'partner-1'"] {
        let error = Verifier::none().partner_id(id).expect_err(id).to_string();
        assert!(error.contains("partner id"), "{error}");
    }
}
