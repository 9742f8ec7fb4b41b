//! What an error says: what to do next, and what the response said of itself.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use spkey::RetryClass::{AtMostOnce, Idempotent, NoRetry, Safe};
use spkey::{Client, Error, ErrorKind, LockId, Outcome, RetryClass, Token, UserId};
use support::behaviour::{Behaviour, Framing};
use support::calls::{CLASSES, builder, call, client};
use support::{Server, closed_port};

async fn failed(script: &[Behaviour], class: RetryClass) -> Error {
    let server = Server::start(script.to_vec()).await;
    call(&client(server.url()), class).await.unwrap_err()
}

mod advice {
    use super::*;

    const CREDENTIALS: &str = "rejected: check the credentials and their permissions";
    const CHECK: &str = "it may have taken effect: find out by `confirm` before repeating it";
    const READ_STATE: &str =
        "it may have taken effect: read the current state first, a late repeat can overwrite a newer value";
    const APPLIED: &str = "it took effect: do not repeat it, read its result instead";
    const VERSION: &str = "check the base URL, and for a newer version of this crate";
    const READS: &str = "it only reads: retry later";

    fn status(status: u16) -> Vec<Behaviour> {
        vec![Behaviour::status(status, "")]
    }

    async fn check(class: RetryClass, script: &[Behaviour], advice: &str) {
        let error = failed(script, class).await;
        assert!(error.to_string().ends_with(&format!("); {advice}")), "{class:?} {script:?}: {error}");
    }

    #[tokio::test]
    async fn rejection_says_what_to_fix() {
        check(AtMostOnce, &status(401), CREDENTIALS).await;
        check(Safe, &status(403), CREDENTIALS).await;
        check(AtMostOnce, &status(404), "rejected: check the ids").await;
        check(NoRetry, &status(429), "rejected: wait before retrying").await;
        check(AtMostOnce, &status(422), "rejected: fix the request").await;
        check(AtMostOnce, &status(302), "redirects are not followed: check the base URL").await;
        check(Safe, &[status(500), status(404)].concat(), "rejected: check the ids").await;
    }

    #[tokio::test]
    async fn read_may_be_retried_later() {
        for script in [status(523), status(500), status(408), vec![Behaviour::TruncatedBody]] {
            check(Safe, &script, READS).await;
        }
        check(Safe, &status(200), VERSION).await;
        check(Safe, &[Behaviour::FloodBody(200, Framing::Length)], VERSION).await;
    }

    #[tokio::test]
    async fn unknown_command_is_checked_before_it_is_repeated() {
        for status in [500, 521, 523, 525, 526] {
            check(AtMostOnce, &self::status(status), CHECK).await;
        }
        check(NoRetry, &[Behaviour::CloseAfterRequest], CHECK).await;
    }

    #[tokio::test]
    async fn unknown_idempotent_command_is_never_said_to_be_harmless_to_repeat_later() {
        let scripts = [
            status(500),
            status(523),
            [status(500), status(404)].concat(),
            vec![Behaviour::CloseAfterRequest],
            vec![Behaviour::ResetUnread],
        ];
        for script in scripts {
            check(Idempotent, &script, READ_STATE).await;
            let text = failed(&script, Idempotent).await.to_string();
            for promise in ["harmless", "retry later", "send it again", "repeat it later", "safe to"] {
                assert!(!text.contains(promise), "{script:?}: {text}");
            }
        }
    }

    #[tokio::test]
    async fn applied_command_is_not_to_be_repeated() {
        check(Idempotent, &[Behaviour::TruncatedBody], APPLIED).await;
        check(AtMostOnce, &status(200), APPLIED).await;
        check(AtMostOnce, &[Behaviour::FloodBody(200, Framing::Length)], APPLIED).await;
    }

    #[tokio::test]
    async fn missing_connection_is_to_be_checked() {
        for class in CLASSES {
            let error = call(&client(&closed_port().await), class).await.unwrap_err();
            assert!(error.to_string().ends_with("; check the network and the base URL, then retry"), "{error}");
        }
    }

    #[tokio::test]
    async fn command_without_a_new_token_did_not_take_effect() {
        let server = Server::start(status(429)).await;
        let asked = AtomicU32::new(0);
        let client =
            builder(server.url()).token_source(move || {
                let first = asked.fetch_add(1, Ordering::Relaxed) == 0;
                async move {
                    if first { Ok(Token::new("made-up").expires_in(Duration::ZERO)) } else { Err("made up".into()) }
                }
            });
        let error = call(&client.build().unwrap(), AtMostOnce).await.unwrap_err();
        let expected =
            "the token source failed: see the error's source (1 attempt); it did not take effect: retry later";
        assert!(error.to_string().ends_with(expected), "{error}");
    }
}

mod unsent {
    use super::*;

    #[tokio::test]
    async fn every_missing_or_invalid_input_is_named_with_its_setter() {
        let client = client(&closed_port().await);
        let error = client.open_lock("front door").send().await.unwrap_err();
        assert_eq!(error.to_string(), "open_lock: lock_id: not a lock's id: give a positive integer, like 123");

        let error = client.set_organization(123).send().await.unwrap_err();
        assert_eq!(error.to_string(), "set_organization: org_id is missing: set it by `.org_id(..)`");

        let error = client.add_accessible_lock("me").access_level("KING").send().await.unwrap_err().to_string();
        for problem in [
            "user_id: ",
            "access_level: not a known AccessLevel: give one of ",
            "lock_id is missing: set it by `.lock_id(..)`",
            "lock_name is missing: set it by `.lock_name(..)`",
            "granted_by is missing: set it by `.granted_by(..)`",
        ] {
            assert!(error.contains(problem), "{error}");
        }
        assert!(!error.contains("KING") && !error.contains("attempt"), "{error}");
    }

    #[tokio::test]
    async fn failed_id_becomes_an_error_of_the_request_that_is_not_applied() {
        async fn open(client: &Client, lock: &str, user: &str) -> Result<(), Error> {
            let lock: LockId = lock.parse()?;
            let _user = UserId::try_from(user)?;
            client.open_lock(lock).send().await?;
            Ok(())
        }
        let server = Server::start([Behaviour::good()]).await;
        let client = client(server.url());
        let user = support::calls::USER;
        for (lock, user, says) in
            [("0", user, "not a lock's id"), (user, user, "not a lock's id"), ("1", "me", "not a user's id")]
        {
            let error = open(&client, lock, user).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotApplied));
            assert_eq!((error.attempts(), error.status(), error.operation()), (0, None, None));
            assert!(error.to_string().starts_with(&format!("spkey: {says}")), "{error}");
        }
        assert_eq!(server.connections(), 0);
        open(&client, "1", user).await.unwrap();
    }
}

mod response {
    use super::*;

    #[tokio::test]
    async fn headers_and_request_id_of_the_response_are_kept() {
        let long = "7".repeat(200);
        for (headers, id, shown) in [
            (vec!["cf-ray: 8f2e-FRA".to_owned()], Some("8f2e-FRA"), "(1 attempt, request id 8f2e-FRA)"),
            (
                vec!["cf-ray: 8f2e-FRA".to_owned(), "x-request-id: 42".to_owned()],
                Some("42"),
                "(1 attempt, request id 42)",
            ),
            (vec![format!("x-request-id: {long}")], Some(&*long), &format!("(1 attempt, request id {})", &long[..100])),
            (Vec::new(), None, "(1 attempt)"),
        ] {
            let error = failed(&[Behaviour::Respond(404, headers.clone(), String::new())], AtMostOnce).await;
            assert_eq!(error.request_id(), id);
            assert!(error.to_string().contains(shown), "{error}");
            for header in headers {
                let (name, value) = header.split_once(": ").unwrap();
                assert_eq!(error.headers()[name], value);
            }
            assert!(error.elapsed() > Duration::ZERO);
            let debug = format!("{error:?}");
            assert!(debug.starts_with("Error { kind: Api, status: Some(404), outcome: NotApplied, "), "{debug}");
        }
    }

    #[tokio::test]
    async fn predicates_tell_statuses_apart() {
        type Predicate = fn(&Error) -> bool;
        let predicates: [(u16, Predicate); 5] = [
            (401, Error::is_unauthorized),
            (403, Error::is_forbidden),
            (404, Error::is_not_found),
            (409, Error::is_conflict),
            (429, Error::is_rate_limited),
        ];
        for status in [400, 401, 403, 404, 409, 429, 500] {
            let error = failed(&[Behaviour::status(status, "")], AtMostOnce).await;
            for (of, is) in predicates {
                assert_eq!(is(&error), of == status, "{of} of {status}");
            }
            assert!(!error.is_timeout() && !error.is_connect());
        }
    }
}
