//! What is kept of a command, and what is not.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use spkey::mock::{MockSpKey, any};
use spkey::{Client, Confirmation, Error, RetryPolicy, Ticket, Unknowable};

use crate::case::{KEY, OTHER, Scene, cases};

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";

fn read(ticket: &Value) -> Result<Ticket, String> {
    serde_json::from_value(ticket.clone()).map_err(|error| error.to_string())
}

#[track_caller]
fn assert_unknowable(confirmation: Result<Confirmation, Error>, expected: &Unknowable) {
    match confirmation.unwrap() {
        Confirmation::CannotBeKnown(why) if why == *expected => {}
        other => panic!("{other:?} is not {expected:?}"),
    }
}

/// The ticket of an opening whose response was lost, as it is stored.
async fn stored(scene: &Scene) -> Value {
    scene.set("open_lock", vec![(504, json!({}))]);
    let error = scene.client().open_lock(7).send().await.unwrap_err();
    serde_json::to_value(error.ticket().unwrap()).unwrap()
}

#[tokio::test]
async fn ticket_of_every_command_is_the_same_after_it_was_stored() {
    for case in cases() {
        let scene = Scene::start().await;
        scene.set(&case.id, vec![(504, json!({}))]);
        let began = SystemTime::now() - Duration::from_millis(1);
        let ticket = case.call(&scene.client()).await.ticket().unwrap();
        let json = serde_json::to_string(&ticket).unwrap();
        assert_eq!(serde_json::from_str::<Ticket>(&json).unwrap(), ticket, "{}", case.id);
        assert_eq!(ticket.operation(), case.id);
        assert!(began <= ticket.sent_at() && ticket.sent_at() <= ticket.ended_at(), "{}: {ticket:?}", case.id);
        assert!(ticket.ended_at() <= SystemTime::now(), "{}", case.id);
    }
}

#[tokio::test]
async fn no_secret_is_in_the_json_of_a_ticket_and_no_input_in_its_debug_output() {
    let mut digests = 0;
    for case in cases() {
        let scene = Scene::start().await;
        scene.set(&case.id, vec![(504, json!({}))]);
        let ticket = case.call(&scene.client()).await.ticket().unwrap();
        let json = serde_json::to_string(&ticket).unwrap();
        let hidden = [KEY, "made-up", "password", "some%20text"];
        assert!(hidden.iter().all(|secret| !json.contains(secret)), "{}: {json}", case.id);
        digests += usize::from(json.contains("digests"));
        let shown = format!("{ticket:?} {ticket:#?}");
        let inputs = serde_json::to_value(&ticket).unwrap()["inputs"].clone();
        for (name, value) in inputs.as_object().unwrap() {
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            assert!(text.len() < 8 || !shown.contains(&text), "{}: {name}: {shown}", case.id);
        }
    }
    assert!(digests >= 9, "{digests}");
}

#[tokio::test]
async fn two_tickets_of_one_secret_have_nothing_in_common() {
    let scene = Scene::start().await;
    scene.set("add_key", vec![(504, json!({}))]);
    let digest = async || {
        let error = scene.client().add_key(7).key_uuid(KEY).send().await.unwrap_err();
        serde_json::to_value(error.ticket().unwrap()).unwrap()["digests"]["keyUuid"].as_str().unwrap().to_owned()
    };
    assert_ne!(digest().await, digest().await);
}

#[tokio::test]
async fn secret_that_could_be_guessed_is_not_kept_at_all() {
    let scene = Scene::start().await;
    scene.set("add_key", vec![(504, json!({}))]);
    let error = scene.client().add_key(7).key_uuid("4821").send().await.unwrap_err();
    let json = serde_json::to_string(&error.ticket().unwrap()).unwrap();
    assert!(!json.contains("4821") && !json.contains("digests"), "{json}");
    assert_unknowable(error.confirm(&scene.client()).once().await, &Unknowable::InputMissing);
}

#[tokio::test]
async fn unknown_format_is_an_error_that_says_what_to_do() {
    let scene = Scene::start().await;
    let mut ticket = stored(&scene).await;
    assert_eq!(ticket["format"], 1);
    ticket["format"] = json!(2);
    ticket["inputs"] = json!("of another kind");
    let expected = "a ticket of format 2 needs a newer version of spkey, this one reads format 1: update it";
    assert!(serde_json::from_str::<Ticket>(&ticket.to_string()).unwrap_err().to_string().starts_with(expected));
    for wrong in [json!(null), json!({}), json!({ "format": "1" }), json!([])] {
        assert!(read(&wrong).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn old_ticket_that_lacks_what_the_contract_asks_for_now_is_resolved_or_cannot_be_known() {
    let scene = Scene::start().await;
    let client = scene.client();
    let ticket = stored(&scene).await;
    let changed = |change: fn(&mut Value)| {
        let mut ticket = ticket.clone();
        change(&mut ticket);
        read(&ticket).unwrap()
    };
    let other = changed(|ticket| ticket["operation"] = json!("open_window"));
    assert_unknowable(client.confirm(&other).await, &Unknowable::UnknownOperation);
    let other = changed(|ticket| drop(ticket["inputs"].as_object_mut().unwrap().remove("requestId")));
    assert_unknowable(client.confirm(&other).await, &Unknowable::InputMissing);
    let other = changed(|ticket| drop(ticket["inputs"].as_object_mut().unwrap().remove("lockId")));
    assert_unknowable(client.confirm(&other).await, &Unknowable::InputMissing);
    let other = changed(|ticket| ticket["server"] = json!("https://api.spkey.co"));
    assert_unknowable(client.confirm(&other).await, &Unknowable::OtherServer);
    // An input that is a secret now, and was none when the ticket was made, or the other way round.
    scene.set("add_key", vec![(504, json!({}))]);
    let error = client.add_key(7).key_uuid(KEY).send().await.unwrap_err();
    let mut plain = serde_json::to_value(error.ticket().unwrap()).unwrap();
    plain["digests"] = json!({});
    plain["inputs"]["keyUuid"] = json!(KEY);
    for (uuid, is_there) in [(KEY, true), (OTHER, false)] {
        scene.set("get_lock_details", vec![(200, json!({ "version": 3, "keys": [{ "uuid": uuid }] }))]);
        scene.set("get_lock_events", vec![(200, crate::case::events(&[]))]);
        for ticket in [read(&plain).unwrap(), error.ticket().unwrap()] {
            let confirmation = client.confirm(&ticket).once().await.unwrap();
            assert_eq!(matches!(confirmation, Confirmation::InEffect(_)), is_there, "{confirmation:?}");
        }
    }
}

#[tokio::test]
async fn clock_that_was_set_back_hides_no_mark_and_no_event_is_told_by_it() {
    let scene = Scene::start().await;
    let mut ticket = stored(&scene).await;
    ticket["sentAt"] = json!(4_000_000_000_000_u64);
    ticket["endedAt"] = json!(4_000_000_000_000_u64);
    let mark = json!({ "requestId": ticket["inputs"]["requestId"] });
    let opened = crate::case::event("LockOpenRequested", 8, crate::case::now(), &mark);
    scene.set("get_lock_events", vec![(200, crate::case::events(&[opened]))]);
    let confirmation = scene.client().confirm(&read(&ticket).unwrap()).await.unwrap();
    assert!(matches!(confirmation, Confirmation::Applied(_)), "{confirmation:?}");
    ticket["marked"] = json!(false);
    assert_unknowable(scene.client().confirm(&read(&ticket).unwrap()).await, &Unknowable::ClockSetBack);
}

#[tokio::test]
async fn command_that_certainly_did_nothing_or_only_reads_has_no_ticket() {
    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    mock.given(spkey.open_lock(any())).fail(403, "no").fail(401, "no").fail(429, "no");
    mock.given(spkey.get_residents(any())).fail(504, "no");
    let once = |call: spkey::operations::OpenLock| call.retry_policy(RetryPolicy::none()).send();
    for _ in 0..3 {
        assert_eq!(once(spkey.open_lock(1)).await.unwrap_err().ticket(), None);
    }
    let error = spkey.get_residents(1).send().await.unwrap_err();
    assert_eq!(error.ticket(), None);
    assert_unknowable(error.confirm(&spkey).await, &Unknowable::NoTicket);
    let closed = Client::builder().base_url("http://127.0.0.1:1").api_key("made-up").build().unwrap();
    assert_eq!(once(closed.open_lock(1)).await.unwrap_err().ticket(), None);
}

#[tokio::test]
async fn command_that_does_more_than_a_read_shows_cannot_be_known() {
    let scene = Scene::start().await;
    scene.set("update_rtsp_camera", vec![(504, json!({}))]);
    let call = scene.client().update_rtsp_camera("c").name("Yard");
    let error = call.clone().password("made-up").send().await.unwrap_err();
    assert_unknowable(error.confirm(&scene.client()).await, &Unknowable::NotAllShown);
    scene.set("get_rtsp_camera", vec![(200, json!({ "cameraId": "c", "name": "Yard" }))]);
    let error = call.send().await.unwrap_err();
    let confirmation = error.confirm(&scene.client()).await.unwrap();
    assert!(matches!(confirmation, Confirmation::InEffect(_)), "{confirmation:?}");
}

#[tokio::test]
async fn every_call_has_a_mark_of_its_own_and_a_callers_mark_proves_nothing() {
    let scene = Scene::start().await;
    let mut marks = Vec::new();
    let call = scene.client().open_lock(7);
    scene.set("open_lock", vec![(504, json!({}))]);
    for _ in 0..3 {
        let ticket = serde_json::to_value(call.clone().send().await.unwrap_err().ticket().unwrap()).unwrap();
        marks.push(ticket["inputs"]["requestId"].as_str().unwrap().to_owned());
    }
    marks.sort_unstable();
    marks.dedup();
    assert_eq!(marks.len(), 3);

    let error = call.request_id("parcel").send().await.unwrap_err();
    let opened = crate::case::event("LockOpenRequested", 8, crate::case::now(), &json!({ "requestId": "parcel" }));
    scene.set("get_lock_events", vec![(200, crate::case::events(&[opened]))]);
    let confirmation = error.confirm(&scene.client()).await.unwrap();
    assert!(matches!(confirmation, Confirmation::InEffect(_)), "{confirmation:?}");
}

#[tokio::test]
async fn recovered_values_are_in_no_debug_output() {
    let scene = Scene::start().await;
    scene.set("add_wallet_key", vec![(504, json!({}))]);
    let error = scene.client().add_wallet_key(USER).wallet_type("APPLE").key_index(1).send().await.unwrap_err();
    let key = json!({ "keyId": KEY, "walletType": "APPLE", "keyIndex": 1 });
    scene.set("get_user_keys", vec![(200, json!({ "digitalKeys": [key] }))]);
    let confirmation = error.confirm(&scene.client()).await.unwrap();
    let Confirmation::InEffect(evidence) = &confirmation else { panic!("{confirmation:?}") };
    assert_eq!(evidence.recovered("keyId").unwrap().expose(), KEY);
    assert!(!format!("{confirmation:?}").contains(KEY), "{confirmation:?}");
}
