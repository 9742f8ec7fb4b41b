//! Webhook requests as SpKey sends them.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use spkey::matter::State;
use spkey::mock::wiremock::matchers::any;
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};
use spkey::mock::{self, DeliveryRequest};
use spkey::webhook::{Delivery, Detail, Rejection, Verifier};
use spkey::{DomainEvent, Secret};

use crate::panic_of;

fn key_added() -> DeliveryRequest {
    let event = json!({ "type": "KeyAdded", "lockId": 123, "keyUuid": "key-7" });
    mock::delivery(DomainEvent::read(&event).unwrap())
}

fn read(request: &DeliveryRequest) -> Delivery {
    Delivery::parse(&request.headers(), &request.body()).unwrap()
}

#[test]
fn event_comes_with_its_context() {
    let happened = SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_268_800_123);
    let request = key_added().id("d-1").aggregate("lock", 123).version(7).partner_id("partner-1").time(happened);
    let delivery = read(&request);
    assert_eq!((delivery.id(), delivery.source(), delivery.partner_id()), ("d-1", "spk.api", Some("partner-1")));
    assert_eq!(delivery.time().unwrap().unix_millis(), 1_767_268_800_123);
    let Detail::Event(detail) = delivery.detail() else { panic!("an event") };
    assert_eq!((detail.aggregate_type(), detail.aggregate_id().as_deref()), (Some("lock"), Some("123")));
    assert_eq!(detail.version(), Some(7.into()));
    assert_eq!(detail.timestamp().unwrap().unix_millis(), 1_767_268_800_123);
    let Some(DomainEvent::KeyAdded(key)) = delivery.event() else { panic!("{:?}", delivery.event()) };
    assert_eq!((key.lock_id.unwrap().get(), key.key_uuid.as_ref().map(Secret::expose)), (123, Some("key-7")));
}

#[test]
fn envelope_is_that_of_event_bridge() {
    let envelope: Value = serde_json::from_slice(&key_added().body()).unwrap();
    let names: Vec<_> = envelope.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"];
    expected.sort_unstable();
    assert_eq!(
        names.iter().copied().collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>(),
        expected
    );
    assert_eq!(envelope["detail"]["data"], json!({ "type": "KeyAdded", "lockId": 123, "keyUuid": "key-7" }));
}

#[test]
fn unknown_event_is_delivered_as_it_is() {
    let event = json!({ "type": "LockPainted", "colour": "red" });
    let delivery = read(&mock::delivery(DomainEvent::read(&event).unwrap()));
    let Some(DomainEvent::Unknown(unknown)) = delivery.event() else { panic!("{:?}", delivery.event()) };
    assert_eq!(**unknown.raw(), event);
}

#[test]
fn each_delivery_has_an_id_of_its_own_and_keeps_it() {
    let (one, other) = (key_added(), key_added());
    assert_ne!(read(&one).id(), read(&other).id());
    assert_eq!(read(&one).id(), read(&one.clone()).id(), "a delivery that is retried is the same");
    assert_eq!(one.body(), one.body());
}

#[test]
fn secret_is_in_the_header_of_the_scheme() {
    let verify = |verifier: Verifier, request: &DeliveryRequest| {
        verifier.verify(&request.headers(), &request.body()).map(|delivery| delivery.id().to_owned())
    };
    let bearer = || Verifier::bearer(["the-secret"]).unwrap();
    let header = || Verifier::header("X-Webhook-Secret", ["the-secret"]).unwrap();
    let plain = key_added().id("d-1");
    assert_eq!(verify(Verifier::none(), &plain), Ok("d-1".to_owned()));
    assert_eq!(verify(bearer(), &plain), Err(Rejection::Unauthenticated));
    assert_eq!(verify(bearer(), &plain.clone().bearer("the-secret")), Ok("d-1".to_owned()));
    assert_eq!(verify(bearer(), &plain.clone().bearer("another")), Err(Rejection::Unauthenticated));
    assert_eq!(verify(header(), &plain.clone().header("X-Webhook-Secret", "the-secret")), Ok("d-1".to_owned()));
    assert_eq!(verify(header(), &plain.bearer("the-secret")), Err(Rejection::Unauthenticated));
}

#[test]
fn secret_that_a_header_cannot_hold_panics_at_its_line() {
    let expected = "authorization: a header cannot have that name or hold that value";
    let line = line!() + 1;
    assert_eq!(panic_of(|| drop(key_added().bearer("a\nb"))), (expected.to_owned(), line));
}

#[test]
fn debug_shows_neither_secret_nor_event() {
    let shown = format!("{:?}", key_added().bearer("the-secret"));
    assert!(shown.contains("KeyAdded") && !shown.contains("the-secret") && !shown.contains("key-7"), "{shown}");
}

#[test]
fn state_of_a_device_is_a_text_inside() {
    let reported = State::try_from(json!({ "1/257/0": 2 })).unwrap();
    let request = mock::shadow_delivery("thing-7", &reported).version(3).partner_id("partner-1");
    let delivery = read(&request);
    assert_eq!((delivery.source(), delivery.detail_type()), ("spk.iot.shadow", Some("Shadow Update")));
    assert_eq!(delivery.partner_id(), Some("partner-1"));
    let Detail::Shadow(shadow) = delivery.detail() else { panic!("a state") };
    assert_eq!(shadow.thing_name(), Some("thing-7"));
    assert_eq!(shadow.version(), Some(3.into()));
    assert_eq!(shadow.reported().unwrap().unwrap(), &reported);
}

#[tokio::test]
async fn delivery_is_posted_as_json_and_its_status_returned() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(202)).mount(&server).await;
    let delivery = key_added().bearer("the-secret");
    for _ in 0..2 {
        assert_eq!(delivery.send(&format!("{}/webhooks", server.uri())).await.unwrap(), 202);
    }
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        assert_eq!((request.method.as_str(), request.url.path()), ("POST", "/webhooks"));
        assert_eq!(request.headers["content-type"], "application/json");
        assert_eq!(request.headers["authorization"], "Bearer the-secret");
        assert_eq!(request.body, delivery.body());
    }
    delivery.send("http://127.0.0.1:1/webhooks").await.unwrap_err();
}
