//! Servers that misbehave, one fault at a time, for every class of operation: how often the request arrived, how long the
//! call took, and what the error says became of the command.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod connections;
#[cfg(feature = "rustls")]
mod http2;
#[path = "../support/mod.rs"]
mod support;
#[cfg(feature = "rustls")]
mod tls;

use std::time::Duration;

use futures_util::TryStreamExt;
use spkey::{ErrorKind, Outcome, RetryClass};
use support::Server;
use support::behaviour::{Behaviour, Framing, GOOD};
use support::calls::{CLASSES, builder, call, untrusting};

const ATTEMPTS: u32 = 3;

/// Which classes send the request again.
#[derive(Clone, Copy)]
pub(crate) enum Again {
    All,
    AllButNever,
    Harmless,
    None,
}

impl Again {
    pub(crate) fn applies_to(self, class: RetryClass) -> bool {
        match self {
            Self::All => true,
            Self::AllButNever => class != RetryClass::Never,
            Self::Harmless => matches!(class, RetryClass::Safe | RetryClass::Repeatable),
            Self::None => false,
        }
    }
}

/// Makes a call of every class to a server that does nothing but this, with time enough.
async fn check(behaviour: Behaviour, kind: ErrorKind, outcome: Outcome, again: Again) {
    check_within(Duration::from_secs(30), behaviour, kind, outcome, again).await;
}

/// The same, with that long an attempt.
async fn check_within(limit: Duration, behaviour: Behaviour, kind: ErrorKind, outcome: Outcome, again: Again) {
    let mut calls = tokio::task::JoinSet::new();
    for class in CLASSES {
        let behaviour = behaviour.clone();
        calls.spawn(async move {
            let server = Server::start([behaviour.clone()]).await;
            let client = builder(server.url()).attempt_timeout(limit).timeout(limit * 10).build().unwrap();
            let error = call(&client, class).await.unwrap_err();

            let attempts = if again.applies_to(class) { ATTEMPTS } else { 1 };
            let arrived = if behaviour.reads() { attempts as usize } else { 0 };
            assert_eq!(error.kind(), kind, "{class:?} {error:?}");
            assert_eq!(error.outcome(), outcome, "{class:?} {error:?}");
            assert_eq!(error.attempts(), attempts, "{class:?} {error:?}");
            assert_eq!(server.requests().len(), arrived, "{class:?} {error:?}");
            if outcome == Outcome::NotApplied {
                assert!(server.requests().iter().all(|request| request.behaviour.refuses()), "{class:?}");
            }
            let took = if kind == ErrorKind::Timeout { limit * attempts } else { Duration::ZERO };
            assert!(error.elapsed() >= took, "{class:?} gave up early: {:?}", error.elapsed());
            assert!(error.elapsed() < limit * 10, "{class:?} took {:?}", error.elapsed());

            // What one answer did to the client is over with it.
            server.rewrite([Behaviour::good()]);
            call(&client, class).await.unwrap();
        });
    }
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
}

/// The same, for a server that lets every attempt run out of time.
async fn check_silence(behaviour: Behaviour, outcome: Outcome) {
    check_within(Duration::from_secs(1), behaviour, ErrorKind::Timeout, outcome, Again::Harmless).await;
}

/// Makes a call of every class to a server that does this and then answers well. All of them succeed at once.
async fn check_success(behaviour: Behaviour) {
    for class in CLASSES {
        let server = Server::start([behaviour.clone(), Behaviour::good()]).await;
        let client = builder(server.url()).build().unwrap();
        for calls in 1..=3 {
            let id = call(&client, class).await.unwrap();
            assert!(id.is_none_or(|id| id == "the right one"), "{class:?}: an answer to nothing was taken for one");
            assert_eq!(server.requests().len(), calls, "{class:?}");
        }
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens() {
    for class in CLASSES {
        let client = builder(&support::nobody().await).build().unwrap();
        let error = call(&client, class).await.unwrap_err();
        let seen = (error.kind(), error.outcome(), error.attempts());
        assert_eq!(seen, (ErrorKind::Connect, Outcome::NotApplied, ATTEMPTS), "{class:?}");
    }
}

#[tokio::test]
async fn a_connection_that_is_reset_before_the_request_is_read() {
    check(Behaviour::ResetUnread, ErrorKind::Transport, Outcome::Unknown, Again::Harmless).await;
}

#[tokio::test]
async fn a_connection_that_is_reset_after_the_request() {
    check(Behaviour::ResetAfterRequest, ErrorKind::Transport, Outcome::Unknown, Again::Harmless).await;
}

#[tokio::test]
async fn a_connection_that_is_closed_after_the_request() {
    check(Behaviour::CloseAfterRequest, ErrorKind::Transport, Outcome::Unknown, Again::Harmless).await;
}

#[tokio::test]
async fn a_server_that_reads_nothing() {
    check_silence(Behaviour::ReadNothing, Outcome::Unknown).await;
}

#[tokio::test]
async fn a_server_that_says_nothing() {
    check_silence(Behaviour::Stall, Outcome::Unknown).await;
}

#[tokio::test]
async fn a_head_that_does_not_end() {
    check_silence(Behaviour::StallInHead, Outcome::Unknown).await;
}

#[tokio::test]
async fn a_head_that_is_cut() {
    check(Behaviour::CutHead, ErrorKind::Transport, Outcome::Unknown, Again::Harmless).await;
}

#[tokio::test]
async fn a_body_that_does_not_end() {
    check_silence(Behaviour::StallInBody, Outcome::Applied).await;
}

#[tokio::test]
async fn a_read_timeout_of_the_http_client_ends_an_answer_and_a_page() {
    let server = Server::start([Behaviour::StallInBody]).await;
    let http = |http| untrusting(http).read_timeout(Duration::from_millis(100));
    let client = builder(server.url()).http(http).build().unwrap();
    let error = call(&client, RetryClass::Once).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Timeout, Outcome::Applied, 1));

    let page = client.get_temp_key().temp_key_uuid("key-1").send().await.unwrap();
    let error = page.into_inner_stream().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn a_body_that_is_cut() {
    check(Behaviour::CutBody, ErrorKind::Transport, Outcome::Applied, Again::Harmless).await;
    check(Behaviour::CutChunked, ErrorKind::Transport, Outcome::Applied, Again::Harmless).await;
}

#[tokio::test]
async fn a_body_that_is_longer_than_its_length() {
    check(Behaviour::ShortLength, ErrorKind::Decode, Outcome::Applied, Again::None).await;
}

#[tokio::test]
async fn a_refusal_whose_body_is_cut_stays_a_refusal() {
    check(Behaviour::CutRefusal(404), ErrorKind::Api, Outcome::NotApplied, Again::None).await;
    check(Behaviour::CutRefusal(429), ErrorKind::Api, Outcome::NotApplied, Again::AllButNever).await;
}

#[tokio::test]
async fn a_second_answer_is_never_taken_for_that_of_the_next_call() {
    check_success(Behaviour::TwoAnswers).await;
}

#[tokio::test]
async fn interim_answers_are_passed_over() {
    check_success(Behaviour::InterimFirst(100)).await;
    check_success(Behaviour::InterimFirst(103)).await;
}

#[tokio::test]
async fn interim_answers_without_end() {
    check_silence(Behaviour::InterimFlood, Outcome::Unknown).await;
}

#[tokio::test]
async fn headers_without_end() {
    check(Behaviour::FloodHead, ErrorKind::Transport, Outcome::Unknown, Again::Harmless).await;
}

#[tokio::test]
async fn a_body_without_end() {
    for framing in [Framing::Length, Framing::Chunked, Framing::Close] {
        check(Behaviour::FloodBody(200, framing), ErrorKind::TooLarge, Outcome::Applied, Again::None).await;
    }
}

#[tokio::test]
async fn an_answer_has_eight_mebibytes_at_the_most() {
    const MOST: usize = 8 * 1024 * 1024;
    for framing in [Framing::Length, Framing::Chunked, Framing::Close] {
        check_success(Behaviour::Padded(MOST, framing)).await;
        check(Behaviour::Padded(MOST + 1, framing), ErrorKind::TooLarge, Outcome::Applied, Again::None).await;
    }
}

#[tokio::test]
async fn an_answer_that_says_it_is_too_large_is_not_waited_for() {
    check(Behaviour::Announce(8 * 1024 * 1024 + 1), ErrorKind::TooLarge, Outcome::Applied, Again::None).await;
}

#[tokio::test]
async fn a_refusal_without_end() {
    for framing in [Framing::Length, Framing::Chunked, Framing::Close] {
        check(Behaviour::FloodBody(400, framing), ErrorKind::Api, Outcome::NotApplied, Again::None).await;
    }
}

#[tokio::test]
async fn what_is_not_http() {
    check(Behaviour::Gibberish, ErrorKind::Transport, Outcome::Unknown, Again::Harmless).await;
}

#[tokio::test]
async fn a_success_that_is_a_page_or_nothing_was_carried_out() {
    for body in ["<html><h1>Signed in</h1></html>", "", " ", "null", "[]", "{\"success\":", "\u{0}"] {
        check(Behaviour::status(200, body), ErrorKind::Decode, Outcome::Applied, Again::None).await;
    }
    check(Behaviour::status(204, ""), ErrorKind::Decode, Outcome::Applied, Again::None).await;
}

#[tokio::test]
async fn every_status_has_its_row() {
    let rows = [
        (&[521, 523, 525, 526][..], Outcome::NotApplied, Again::All),
        (&[429], Outcome::NotApplied, Again::AllButNever),
        (&[408, 500, 502, 503, 504, 520, 522, 524], Outcome::Unknown, Again::Harmless),
        (&[400, 401, 402, 403, 404, 409, 410, 418, 422, 451, 499], Outcome::NotApplied, Again::None),
        (&[300, 301, 302, 303, 304, 307, 308, 399, 501, 505, 599, 600, 999], Outcome::Unknown, Again::None),
    ];
    for (statuses, outcome, again) in rows {
        for status in statuses {
            check(Behaviour::status(*status, "<html>"), ErrorKind::Api, outcome, again).await;
        }
    }
}

#[tokio::test]
async fn an_attempt_that_may_have_acted_is_not_forgotten() {
    let histories = [
        (vec![Behaviour::status(500, ""), Behaviour::status(404, "")], Outcome::Unknown),
        (vec![Behaviour::ResetAfterRequest, Behaviour::status(429, "")], Outcome::Unknown),
        (vec![Behaviour::CutBody, Behaviour::status(400, "")], Outcome::Applied),
        (vec![Behaviour::CutBody, Behaviour::status(500, ""), Behaviour::status(521, "")], Outcome::Applied),
        (vec![Behaviour::status(429, ""), Behaviour::status(400, "")], Outcome::NotApplied),
    ];
    for (script, outcome) in histories {
        let server = Server::start(script.clone()).await;
        let error = call(&support::calls::client(server.url()), RetryClass::Repeatable).await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{script:?}");
    }
}

#[tokio::test]
async fn what_a_refusal_said_is_kept() {
    let long = "x".repeat(100_000);
    for framing in ["content-length: 100002", "connection: close"] {
        let answer = Behaviour::Answer(404, vec![framing.to_owned()], format!("\"{long}\""));
        let server = Server::start([answer]).await;
        let error = call(&support::calls::client(server.url()), RetryClass::Once).await.unwrap_err();
        assert_eq!(error.body(), &format!("\"{long}").as_bytes()[..4 * 1024], "{framing}");
    }
    assert!(GOOD.len() < spkey::KEPT_BODY_BYTES);
}
