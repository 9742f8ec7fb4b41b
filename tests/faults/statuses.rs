//! Every status: whether it proves that nothing was done, and who is retried.

use spkey::{ErrorKind, Outcome, RetryClass};

use crate::support::Server;
use crate::support::behaviour::Behaviour;
use crate::support::calls::{call, client};
use crate::{Retried, check};

async fn check_statuses(statuses: &[u16], outcome: Outcome, retried: Retried) {
    for status in statuses {
        check(Behaviour::status(*status, "<html>"), ErrorKind::Api, outcome, retried).await;
    }
}

#[tokio::test]
async fn status_429_is_not_applied_and_retried_unless_no_retry() {
    check_statuses(&[429], Outcome::NotApplied, Retried::AllButNoRetry).await;
}

#[tokio::test]
async fn server_error_is_unknown_and_retried_if_repeatable() {
    check_statuses(&[408, 500, 502, 503, 504, 520, 522, 524], Outcome::Unknown, Retried::Repeatable).await;
}

#[tokio::test]
async fn edge_error_without_origin_is_unknown_and_retried_if_repeatable() {
    check_statuses(&[521, 523, 525, 526], Outcome::Unknown, Retried::Repeatable).await;
}

#[tokio::test]
async fn every_other_4xx_is_a_final_rejection() {
    let statuses = [400, 401, 402, 403, 404, 409, 410, 418, 422, 451, 499];
    check_statuses(&statuses, Outcome::NotApplied, Retried::None).await;
}

#[tokio::test]
async fn every_other_status_is_unknown_and_final() {
    let statuses = [300, 301, 302, 303, 304, 307, 308, 399, 501, 505, 599, 600, 999];
    check_statuses(&statuses, Outcome::Unknown, Retried::None).await;
}

#[tokio::test]
async fn status_503_with_retry_after_is_unknown_and_retried_if_repeatable() {
    let response = Behaviour::with_header(503, "retry-after: 0");
    check(response, ErrorKind::Api, Outcome::Unknown, Retried::Repeatable).await;
}

#[tokio::test]
async fn outcome_of_a_call_is_that_of_the_attempt_that_may_have_done_most() {
    let histories = [
        (vec![Behaviour::status(500, ""), Behaviour::status(404, "")], Outcome::Unknown),
        (vec![Behaviour::status(521, ""), Behaviour::status(404, "")], Outcome::Unknown),
        (vec![Behaviour::ResetAfterRequest, Behaviour::status(429, "")], Outcome::Unknown),
        (vec![Behaviour::TruncatedBody, Behaviour::status(400, "")], Outcome::Applied),
        (vec![Behaviour::TruncatedBody, Behaviour::status(500, ""), Behaviour::status(521, "")], Outcome::Applied),
        (vec![Behaviour::status(429, ""), Behaviour::status(400, "")], Outcome::NotApplied),
    ];
    for (script, outcome) in histories {
        let server = Server::start(script.clone()).await;
        let error = call(&client(server.url()), RetryClass::Idempotent).await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{script:?}");
    }
}
