//! What an error tells whoever gets it: what to do next, and what the answer said of itself.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use spkey::RetryClass::{Never, Once, Repeatable, Safe};
use spkey::{Error, RetryClass, Token};
use support::Server;
use support::behaviour::{Behaviour, Framing};
use support::calls::{CLASSES, builder, call, client};

async fn failed(script: &[Behaviour], class: RetryClass) -> Error {
    let server = Server::start(script.to_vec()).await;
    call(&client(server.url()), class).await.unwrap_err()
}

#[tokio::test]
async fn an_error_says_what_to_do_next() {
    let answer = |status| Behaviour::status(status, "");
    let look = "it may have been carried out: look before sending it again";
    let harmless = "it may have been carried out: it is harmless to send it again later";
    let credentials = "it was refused: check the credentials and what they may do";
    let applied = "it was carried out: do not send it again, read its result instead";
    let version = "check the base URL, and for a newer version of this crate";
    let flood = Behaviour::FloodBody(200, Framing::Length);
    for (class, script, advice) in [
        (Once, vec![answer(401)], credentials),
        (Safe, vec![answer(403)], credentials),
        (Once, vec![answer(404)], "it was refused: check the ids"),
        (Never, vec![answer(429)], "it was refused: wait before sending it again"),
        (Once, vec![answer(422)], "it was refused: mend the request"),
        (Once, vec![answer(302)], "redirects are not followed: check the base URL"),
        (Once, vec![answer(523)], "it was not carried out: send it again later"),
        (Safe, vec![answer(523)], "it only reads: send it again later"),
        (Safe, vec![answer(500)], "it only reads: send it again later"),
        (Safe, vec![answer(408)], "it only reads: send it again later"),
        (Safe, vec![Behaviour::CutBody], "it only reads: send it again later"),
        (Safe, vec![answer(500), answer(404)], "it was refused: check the ids"),
        (Safe, vec![answer(200)], version),
        (Safe, vec![flood.clone()], version),
        (Repeatable, vec![answer(500)], harmless),
        (Repeatable, vec![answer(500), answer(404)], harmless),
        (Repeatable, vec![Behaviour::CutBody], applied),
        (Once, vec![answer(500)], look),
        (Never, vec![Behaviour::CloseAfterRequest], look),
        (Once, vec![answer(200)], applied),
        (Once, vec![flood], applied),
    ] {
        let error = failed(&script, class).await;
        assert!(error.to_string().ends_with(&format!("); {advice}")), "{class:?} {script:?}: {error}");
    }
    for class in CLASSES {
        let error = call(&client(&support::nobody().await), class).await.unwrap_err();
        assert!(error.to_string().ends_with("; check the network and the base URL, and send it again"), "{error}");
    }
}

#[tokio::test]
async fn an_error_has_the_headers_of_the_answer_and_the_id_of_the_request() {
    let long = "7".repeat(200);
    for (headers, id, shown) in [
        (vec!["cf-ray: 8f2e-FRA".to_owned()], Some("8f2e-FRA"), "(1 attempt, request id 8f2e-FRA)"),
        (vec!["cf-ray: 8f2e-FRA".to_owned(), "x-request-id: 42".to_owned()], Some("42"), "(1 attempt, request id 42)"),
        (vec![format!("x-request-id: {long}")], Some(&*long), &format!("(1 attempt, request id {})", &long[..100])),
        (Vec::new(), None, "(1 attempt)"),
    ] {
        let error = failed(&[Behaviour::Answer(404, headers.clone(), String::new())], Once).await;
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
async fn what_was_never_sent_is_only_to_be_mended() {
    let error = client(&support::nobody().await).open_lock().send().await.unwrap_err();
    assert_eq!(error.to_string(), "open_lock: lock_id is missing: set it by `.lock_id(..)`");

    let server = Server::start([Behaviour::status(429, "")]).await;
    let asked = AtomicU32::new(0);
    let client = builder(server.url()).token_source(move || {
        let first = asked.fetch_add(1, Ordering::Relaxed) == 0;
        async move { if first { Ok(Token::new("made-up").expires_in(Duration::ZERO)) } else { Err("made up".into()) } }
    });
    let error = call(&client.build().unwrap(), Once).await.unwrap_err();
    let after_one =
        "the token source failed: see the error's source (1 attempt); it was not carried out: send it again later";
    assert!(error.to_string().ends_with(after_one), "{error}");
}
