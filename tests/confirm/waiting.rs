//! When it is looked, and how often.

use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use spkey::{Confirmation, Ticket, Unknowable};

use crate::case::{Scene, event, events, now};

async fn open_lock(scene: &Scene) -> Ticket {
    scene.set("open_lock", vec![(504, json!({}))]);
    scene.client().open_lock(7).send().await.unwrap_err().ticket().unwrap()
}

async fn reads(scene: &Scene) -> usize {
    let requests = scene.server.received_requests().await.unwrap();
    requests.iter().filter(|request| request.method.as_str() == "GET").count()
}

#[tokio::test]
async fn single_look_says_that_it_is_not_settled() {
    let scene = Scene::start().await;
    let ticket = open_lock(&scene).await;
    scene.set("get_lock_events", vec![(200, events(&[]))]);
    let confirmation = scene.client().confirm(&ticket).once().await.unwrap();
    assert!(matches!(&confirmation, Confirmation::NotSeen(evidence) if !evidence.settled), "{confirmation:?}");
    assert_eq!(reads(&scene).await, 1);
}

#[tokio::test]
async fn last_look_begins_when_the_time_of_the_command_is_over() {
    let scene = Scene::start().await;
    let ticket = open_lock(&scene).await;
    scene.set("get_lock_events", vec![(200, events(&[]))]);
    let settle = Duration::from_millis(600);
    let confirmation = scene.client().confirm(&ticket).settle(settle).await.unwrap();
    let Confirmation::NotSeen(evidence) = confirmation else { panic!("{confirmation:?}") };
    assert!(evidence.settled && evidence.read_at >= ticket.ended_at() + settle, "{evidence:?}");
    assert!((2..=4).contains(&reads(&scene).await), "{}", reads(&scene).await);
}

#[tokio::test]
async fn ticket_of_a_command_whose_time_is_over_needs_one_look() {
    let scene = Scene::start().await;
    let mut ticket = serde_json::to_value(open_lock(&scene).await).unwrap();
    let hour_ago = SystemTime::now() - Duration::from_secs(3_600);
    let millis = hour_ago.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() * 1_000;
    (ticket["sentAt"], ticket["endedAt"]) = (json!(millis), json!(millis));
    let ticket: Ticket = serde_json::from_value(ticket).unwrap();
    scene.set("get_lock_events", vec![(200, events(&[]))]);
    let started = Instant::now();
    let confirmation = scene.client().confirm(&ticket).await.unwrap();
    assert!(matches!(&confirmation, Confirmation::NotSeen(evidence) if evidence.settled), "{confirmation:?}");
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(reads(&scene).await, 1);
}

/// A page of many, counted from 1.
fn page(number: u64, pages: u64, of: &[Value]) -> (u16, Value) {
    let total = (pages - 1) * 2 + 1;
    (200, json!({ "events": of, "page": number, "totalPages": pages, "pageSize": 2, "totalEvents": total }))
}

#[tokio::test]
async fn pages_are_read_back_until_the_event_is_found_or_too_much_happened() {
    let scene = Scene::start().await;
    let ticket = open_lock(&scene).await;
    let mark = serde_json::to_value(&ticket).unwrap()["inputs"]["requestId"].clone();
    let mine = event("LockOpenRequested", 7, now(), &json!({ "requestId": mark }));
    let other = event("LockOpenRequested", 8, now(), &json!({ "reason": "another" }));
    let both = [other.clone(), other.clone()];
    let found = vec![page(9, 9, &both[..1]), page(8, 9, &both), page(7, 9, &[mine.clone(), other.clone()])];
    scene.set("get_lock_events", found);
    let confirmation = scene.client().confirm(&ticket).await.unwrap();
    assert!(matches!(confirmation, Confirmation::Applied(_)), "{confirmation:?}");
    assert_eq!(reads(&scene).await, 3);

    let many = (0..10).map(|back| page(19 - back, 19, if back == 0 { &both[..1] } else { &both })).collect();
    scene.set("get_lock_events", many);
    let confirmation = scene.client().confirm(&ticket).once().await.unwrap();
    let is_too_much = matches!(confirmation, Confirmation::CannotBeKnown(Unknowable::TooMuchSince));
    assert!(is_too_much, "{confirmation:?}");

    // Events of long before it end the search.
    let old = event("KeyAdded", 1, "2020-01-01T00:00:00Z".to_owned(), &json!({}));
    scene.set("get_lock_events", vec![page(9, 9, &both[..1]), page(8, 9, &[old, other])]);
    let confirmation = scene.client().confirm(&ticket).once().await.unwrap();
    assert!(matches!(confirmation, Confirmation::NotSeen(_)), "{confirmation:?}");
}

#[tokio::test]
async fn command_is_never_repeated() {
    let scene = Scene::start().await;
    let ticket = open_lock(&scene).await;
    scene.set("get_lock_events", vec![(200, events(&[]))]);
    scene.client().confirm(&ticket).settle(Duration::from_millis(300)).await.unwrap();
    let requests = scene.server.received_requests().await.unwrap();
    assert_eq!(requests.iter().filter(|request| request.method.as_str() == "POST").count(), 1);
}
