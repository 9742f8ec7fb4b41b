//! Every entry of the contract, against a server that shows what the entry looks for, or does not.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use spkey::{Confirmation, DEFAULT_SETTLE, Error, Evidence, Ticket, Unknowable};

use tokio::time::timeout;

use crate::case::{Case, OTHER, Scene, cases, event, events};

/// Runs a test for every command that a read shows, each with a server of its own.
async fn for_each(test: impl AsyncFn(Case, Scene, Ticket) + Copy + Send + 'static) {
    let mut tested = 0;
    for case in cases().into_iter().filter(|case| case.entry["nothing"].is_null()) {
        let scene = Scene::start().await;
        let ticket = case.ticket(&scene, &scene.client(), 504).await;
        test(case, scene, ticket).await;
        tested += 1;
    }
    assert!(tested > 60, "{tested}");
}

impl Scene {
    /// What is known when the time of the command is over, with these responses to the read.
    async fn look(&self, case: &Case, ticket: &Ticket, responses: Vec<(u16, Value)>) -> Result<Confirmation, Error> {
        self.set(case.read(), responses);
        self.client().confirm(ticket).settle(Duration::ZERO).await
    }

    async fn known(&self, case: &Case, ticket: &Ticket, response: Value) -> Confirmation {
        self.look(case, ticket, vec![(200, response)]).await.unwrap_or_else(|error| panic!("{}: {error}", case.id))
    }
}

/// A response that does not show the effect, if it can be had with a 200.
fn not_in_effect(case: &Case, ticket: &Ticket) -> (u16, Value) {
    match if case.gone() { Some(case.shown(ticket)) } else { case.not_shown() } {
        Some(response) => (200, response),
        None => (404, json!({})),
    }
}

fn in_effect(case: &Case, ticket: &Ticket) -> Value {
    if case.gone() { case.not_shown().unwrap() } else { case.shown(ticket) }
}

#[track_caller]
fn assert_in_effect(case: &Case, confirmation: &Confirmation) -> Evidence {
    match confirmation {
        Confirmation::Applied(evidence) if case.is("proves", "command") => evidence.clone(),
        Confirmation::InEffect(evidence) if !case.is("proves", "command") => evidence.clone(),
        other => panic!("{}: {other:?}", case.id),
    }
}

#[track_caller]
fn assert_unknowable(case: &Case, confirmation: &Confirmation, expected: &Unknowable) {
    match confirmation {
        Confirmation::CannotBeKnown(why) if why == expected => {}
        other => panic!("{}: {other:?} is not {expected:?}", case.id),
    }
}

#[tokio::test]
async fn effect_that_is_there_is_seen() {
    for_each(async |case, scene, ticket| {
        let confirmation = scene.known(&case, &ticket, in_effect(&case, &ticket)).await;
        if case.gone() && case.is("absence", "unknown") {
            return assert_unknowable(&case, &confirmation, &Unknowable::AbsenceProvesNothing);
        }
        let evidence = assert_in_effect(&case, &confirmation);
        assert!(!evidence.by_another, "{}", case.id);
        for name in case.entry["recovers"].as_object().into_iter().flatten().map(|(name, _)| name) {
            assert!(evidence.recovered(name).is_some(), "{}: {name}", case.id);
        }
    })
    .await;
}

#[tokio::test]
async fn effect_that_is_not_there_is_not_seen_as_of_a_version_and_a_time() {
    for_each(async |case, scene, ticket| {
        let (status, response) = not_in_effect(&case, &ticket);
        let has_version = response["version"].is_number() || case.entry["event"].is_string();
        let confirmation = scene.look(&case, &ticket, vec![(status, response)]).await.unwrap();
        if !case.gone() && case.is("absence", "unknown") {
            return assert_unknowable(&case, &confirmation, &Unknowable::AbsenceProvesNothing);
        }
        let Confirmation::NotSeen(evidence) = &confirmation else { panic!("{}: {confirmation:?}", case.id) };
        assert!(evidence.settled && evidence.read_at >= ticket.ended_at(), "{}: {evidence:?}", case.id);
        assert_eq!(evidence.version.is_some(), has_version, "{}: {evidence:?}", case.id);
    })
    .await;
}

#[tokio::test]
async fn absence_proves_nothing_to_an_api_key_that_sees_its_own_organization_alone() {
    let mut tested = 0;
    for case in cases().iter().filter(|case| case.is("absence", "unknown-to-api-key")) {
        let scene = Scene::start().await;
        let client = scene.client_with_api_key();
        let ticket = case.ticket(&scene, &client, 504).await;
        scene.set(case.read(), vec![(200, case.not_shown().unwrap())]);
        let confirmation = client.confirm(&ticket).settle(Duration::ZERO).await.unwrap();
        assert_unknowable(case, &confirmation, &Unknowable::NarrowedByCredentials);
        tested += 1;
    }
    assert_eq!(tested, 4);
}

#[tokio::test]
async fn effect_that_names_another_or_is_older_is_anothers() {
    for_each(async |case, scene, ticket| {
        if case.gone() {
            return;
        }
        for (field, value) in case.entry["author"].as_object().into_iter().flatten() {
            let mut response = case.shown(&ticket);
            let list = case.entry["list"].as_str().unwrap();
            assert!(value.is_string());
            response[list][0][field] = OTHER.into();
            let evidence = assert_in_effect(&case, &scene.known(&case, &ticket, response).await);
            assert!(evidence.by_another, "{}: {field}", case.id);
        }
        let old = "2026-01-01T00:00:00.000Z";
        if let Some(time) = case.entry["time"].as_str() {
            let mut response = case.shown(&ticket);
            let item = match case.entry["list"].as_str() {
                Some(list) => &mut response[list][0],
                None => &mut response,
            };
            item[time] = old.into();
            let evidence = assert_in_effect(&case, &scene.known(&case, &ticket, response).await);
            assert!(evidence.by_another, "{}: {time}", case.id);
        }
        if case.is("proves", "event") {
            let mut response = case.shown(&ticket);
            response["events"][0]["timestamp"] = old.into();
            let confirmation = scene.known(&case, &ticket, response).await;
            assert!(matches!(confirmation, Confirmation::NotSeen(_)), "{}: {confirmation:?}", case.id);
        }
    })
    .await;
}

#[tokio::test]
async fn read_that_fails_is_an_error_of_the_read() {
    for_each(async |case, scene, ticket| {
        for status in [403, 503] {
            let error = scene.look(&case, &ticket, vec![(status, json!({}))]).await.unwrap_err();
            assert_eq!((error.operation(), error.status()), (Some(case.read()), Some(status)), "{}", case.id);
        }
    })
    .await;
}

#[tokio::test]
async fn effect_that_a_read_shows_late_is_seen_within_the_time_of_the_command() {
    let is_shown = |case: &Case| case.entry["nothing"].is_null() && !(case.gone() && case.is("absence", "unknown"));
    let tests = cases().into_iter().filter(is_shown).map(async |case| {
        let scene = Scene::start().await;
        let ticket = case.ticket(&scene, &scene.client(), 504).await;
        scene.set(case.read(), vec![not_in_effect(&case, &ticket), (200, in_effect(&case, &ticket))]);
        let client = scene.client();
        let confirmation = timeout(DEFAULT_SETTLE / 2, client.confirm(&ticket).into_future()).await;
        let confirmation = confirmation.unwrap_or_else(|_| panic!("{}: it is not seen", case.id)).unwrap();
        assert_in_effect(&case, &confirmation);
        scene
    });
    for scene in join_all(tests).await {
        // A server that is dropped blocks on a lock of tokio, which never comes free in a task that has used up its budget.
        tokio::task::yield_now().await;
        drop(scene);
    }
}

#[tokio::test]
async fn truncated_response_shows_no_absence() {
    for_each(async |case, scene, ticket| {
        let Some(whole) = case.not_shown() else { return };
        let mut truncated = Vec::new();
        if let Some(total) = case.entry["total"].as_str() {
            for wrong in [json!(2), Value::Null] {
                truncated.push(with(&whole, total, wrong));
            }
        }
        if let Some(more) = case.entry["more"].as_str() {
            truncated.push(with(&whole, more, json!(17)));
        } else if case.entry["event"].is_string() {
            truncated.extend([with(&whole, "totalEvents", json!(2)), with(&whole, "pageSize", Value::Null)]);
        }
        match case.entry["list"].as_str().or(case.entry["event"].as_str().map(|_| "events")) {
            Some(list) => {
                truncated.extend([with(&whole, list, Value::Null), without(&whole, list)]);
                if case.entry["event"].is_null() {
                    truncated.push(with(&whole, list, json!([{}])));
                }
            }
            None => truncated.push(json!({})),
        }
        for response in truncated {
            let confirmation = scene.known(&case, &ticket, response.clone()).await;
            let incomplete = matches!(confirmation, Confirmation::CannotBeKnown(Unknowable::Incomplete(_)));
            let hidden = !case.gone() && case.is("absence", "unknown");
            assert!(incomplete || hidden, "{}: {confirmation:?} of {response}", case.id);
        }
    })
    .await;
}

fn with(response: &Value, field: &str, value: Value) -> Value {
    let mut response = response.clone();
    response[field] = value;
    response
}

fn without(response: &Value, field: &str) -> Value {
    let mut response = response.clone();
    response.as_object_mut().unwrap().remove(field);
    response
}

#[tokio::test]
async fn missing_aggregate_says_nothing_unless_its_absence_is_what_is_looked_for() {
    for_each(async |case, scene, ticket| {
        let confirmation = scene.look(&case, &ticket, vec![(404, json!({}))]).await.unwrap();
        if case.is("on-404", "absent") {
            assert!(matches!(confirmation, Confirmation::NotSeen(_)), "{}: {confirmation:?}", case.id);
        } else {
            assert_unknowable(&case, &confirmation, &Unknowable::NotFound);
        }
    })
    .await;
}

#[tokio::test]
async fn effect_that_was_there_and_is_not_is_undone_if_the_state_is_newer_than_the_event() {
    for_each(async |case, scene, ticket| {
        if case.entry["history"].is_null() {
            return;
        }
        let (_, state) = not_in_effect(&case, &ticket);
        scene.set("get_lock_events", vec![(200, case.history(8))]);
        let undone = scene.known(&case, &ticket, with(&state, "version", json!(9))).await;
        assert!(matches!(undone, Confirmation::Undone(_)), "{}: {undone:?}", case.id);

        let older = scene.known(&case, &ticket, with(&state, "version", json!(7))).await;
        assert!(matches!(older, Confirmation::CannotBeKnown(Unknowable::Incomplete(_))), "{}: {older:?}", case.id);

        let other = events(&[event("OwnerTold", 8, crate::case::now(), &json!({}))]);
        scene.set("get_lock_events", vec![(200, other)]);
        let not_seen = scene.known(&case, &ticket, state).await;
        assert!(matches!(not_seen, Confirmation::NotSeen(_)), "{}: {not_seen:?}", case.id);
    })
    .await;
}

#[tokio::test]
async fn rejection_that_says_nothing_is_told_apart_from_already_so() {
    for_each(async |case, scene, _| {
        for status in [400, 404, 409, 422] {
            let ticket = case.ticket(&scene, &scene.client(), status).await;
            let hidden = case.is("absence", "unknown");
            // Nothing of it can still act: there is nothing to wait for.
            scene.set(case.read(), vec![not_in_effect(&case, &ticket)]);
            let invalid = scene.client().confirm(&ticket).await.unwrap();
            let is_not_seen = matches!(&invalid, Confirmation::NotSeen(evidence) if evidence.settled);
            assert!(is_not_seen || hidden, "{}: {invalid:?}", case.id);
            scene.set(case.read(), vec![(200, in_effect(&case, &ticket))]);
            let already = scene.client().confirm(&ticket).await.unwrap();
            if !(case.gone() && hidden) {
                assert_in_effect(&case, &already);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn command_that_nothing_shows_is_said_so_without_a_read() {
    let mut tested = 0;
    for case in cases().iter().filter(|case| case.entry["nothing"].is_string()) {
        let scene = Scene::start().await;
        let ticket = case.ticket(&scene, &scene.client(), 504).await;
        let requests = scene.server.received_requests().await.unwrap().len();
        let confirmation = scene.client().confirm(&ticket).await.unwrap();
        let why = case.entry["nothing"].as_str().unwrap().to_owned();
        assert_unknowable(case, &confirmation, &Unknowable::NotShown(why));
        assert_eq!(scene.server.received_requests().await.unwrap().len(), requests, "{}", case.id);
        tested += 1;
    }
    assert!(tested > 10, "{tested}");
}
