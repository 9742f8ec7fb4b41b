//! What holds for every server, every value and every response, tested with random ones on real sockets.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod support;

use std::sync::LazyLock;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde_json::{Value, json};
use spkey::reqwest::Method;
use spkey::types::{AccessLevel, DeviceType};
use spkey::{Client, ErrorKind, Outcome, RetryClass, RetryPolicy};
use support::Server;
use support::behaviour::{Behaviour, Framing};
use support::calls::{CLASSES, builder, call, is_repeatable};
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// A server and a client that all values share. To make them for each value takes too long.
static GOOD: LazyLock<(Server, Client)> = LazyLock::new(|| {
    let server = RUNTIME.block_on(Server::start([Behaviour::good()]));
    let client = builder(server.url()).retry(RetryPolicy::none()).build().unwrap();
    (server, client)
});

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    use Behaviour as B;
    let statuses = prop::sample::select(vec![200, 204, 301, 400, 401, 404, 408, 429, 500, 503, 520, 521, 524, 526]);
    let framing = prop::sample::select(vec![Framing::Length, Framing::Chunked, Framing::Close]);
    let retry_after = prop::sample::select(vec!["retry-after: 0", "retry-after: 3600", "retry-after: soon", "x: y"]);
    prop_oneof![
        3 => Just(B::good()),
        12 => (statuses, retry_after).prop_map(|(status, header)| B::with_header(status, header)),
        6 => prop::sample::select(vec![
            B::RespondAndClose, B::ResetUnread, B::ResetAfterRequest, B::CloseAfterRequest, B::TruncatedHead,
            B::TruncatedBody, B::TruncatedChunks, B::ShortLength, B::TwoResponses, B::InterimFirst(103), B::Gibberish, B::FloodHead,
        ]),
        3 => prop::sample::select(vec![400, 404, 429, 500, 521]).prop_map(B::TruncatedStatus),
        1 => (prop::sample::select(vec![200, 400, 429]), framing).prop_map(|(status, how)| B::FloodBody(status, how)),
        1 => prop::sample::select(vec![B::Stall, B::StallInHead, B::StallInBody, B::ReadNothing]),
    ]
}

/// Whether the response says that the command was carried out.
fn says_success(behaviour: &Behaviour) -> bool {
    use Behaviour as B;
    match behaviour {
        B::Respond(status, ..) | B::FloodBody(status, _) => (200..300).contains(status),
        behaviour => matches!(
            behaviour,
            B::RespondAndClose
                | B::StallInBody
                | B::TruncatedBody
                | B::TruncatedChunks
                | B::ShortLength
                | B::TwoResponses
                | B::InterimFirst(_)
        ),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn call_is_delivered_and_reported_right_whatever_the_server_does(
        script in prop::collection::vec(behaviour(), 1..6),
        class in prop::sample::select(CLASSES.to_vec()),
        most in 1..5_u32,
    ) {
        RUNTIME.block_on(async {
            let server = Server::start(script).await;
            let policy = RetryPolicy::default().base_delay(Duration::ZERO).max_attempts(most);
            let limit = Duration::from_millis(150);
            let client = builder(server.url()).retry(policy).attempt_timeout(limit).timeout(limit * 20).build().unwrap();
            // The second call comes upon whatever the first has left of the connection.
            for _ in 0..2 {
                let before = server.requests().len();
                let result = call(&client, class).await;
                let arrived = server.requests().split_off(before);
                prop_assert!(arrived.len() <= most as usize, "{} of {most} attempts arrived", arrived.len());
                if !is_repeatable(class) {
                    let again = arrived.iter().rev().skip(1).find(|request| !request.behaviour.rejects());
                    prop_assert!(again.is_none(), "delivered again after {again:?}");
                }
                let Err(error) = result else { continue };
                prop_assert!(error.attempts() <= most && arrived.len() <= error.attempts() as usize, "{error:?}");
                if error.outcome() == Outcome::NotApplied {
                    let done = arrived.iter().find(|request| !request.behaviour.rejects());
                    prop_assert!(done.is_none(), "{error:?} after {done:?}");
                }
                if error.outcome() == Outcome::Applied {
                    prop_assert!(arrived.iter().any(|request| says_success(&request.behaviour)), "{error:?}");
                }
            }
            server.set_script([Behaviour::good()]);
            let client = client.with_attempt_timeout(Duration::from_secs(30)).with_timeout(Duration::from_secs(60));
            // A connection that the server had closed may still cost one call that is not retried, and no more.
            let usable = call(&client, class).await.is_ok() || call(&client, class).await.is_ok();
            prop_assert!(usable, "a fault of the server stays with the client");
            Ok(())
        })?;
    }
}

/// Texts that try to leave a path segment, and any others.
fn path_value() -> impl Strategy<Value = String> {
    let pieces = [
        ".", "..", "/", "\\", "%2e", "%2E", "%2f", "%5c", "%", "%25", "?", "#", "&", "=", ";", ":", "@", " ", "+",
        "\0", "\t", "\r\n", "a", "é", "\u{202e}", "//", "{lockId}", "%00", "|", "~",
    ];
    let pieces = prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..5).prop_map(|pieces| pieces.concat());
    prop_oneof![pieces, any::<String>(), "\\PC*"]
}

/// Checks that a request stayed where its operation is, with these values in it, or was not sent at all.
fn check_path(template: &[&str], values: &[&str], result: Result<(), spkey::Error>) -> Result<(), TestCaseError> {
    let (server, _) = &*GOOD;
    // A server that decodes before it routes would read these as another path.
    let climbs = |value: &&str| matches!(*value, "" | "." | "..") || value.contains(['/', '\\']);
    prop_assert_eq!(result.is_err(), values.iter().any(climbs), "{:?}", values);
    if let Err(error) = result {
        prop_assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0), "{:?}", error);
        return Ok(());
    }
    let request = server.requests().pop().unwrap();
    let segments: Vec<_> = request.target.split('/').skip(1).collect();
    prop_assert_eq!(segments.len(), template.len(), "{}", request.target);
    let mut values = values.iter();
    for (segment, expected) in segments.iter().zip(template) {
        let decoded = percent_decode_str(segment).decode_utf8().unwrap();
        let expected = if *expected == "{}" { values.next().unwrap() } else { expected };
        prop_assert_eq!(&*decoded, *expected, "{}", request.target);
    }
    Ok(())
}

/// Calls that share a server look at its last request: one at a time.
static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// What random values have found.
#[test]
fn backslash_in_a_path_parameter_is_rejected() {
    let (_, client) = &*GOOD;
    for value in [".\\x", "a\\..\\b", "\\", "..\\..\\users"] {
        let call = client.delete_unified_temp_key(value);
        assert_eq!(RUNTIME.block_on(call.send()).unwrap_err().kind(), ErrorKind::Request, "{value}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn path_parameter_never_reaches_another_operation(key in path_value(), door in path_value()) {
        let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (_, client) = &*GOOD;
        let call = client.delete_unified_temp_key(key.as_str());
        let result = RUNTIME.block_on(call.send()).map(drop);
        check_path(&["temp-keys", "{}"], &[&key], result)?;

        let call = client.request(Method::GET, "/temp-keys/{key}/doors/{door}/open");
        let call = call.path_param("key", &key).path_param("door", &door);
        let result = RUNTIME.block_on(call.send::<Value>()).map(drop);
        check_path(&["temp-keys", "{}", "doors", "{}", "open"], &[&key, &door], result)?;
    }

    #[test]
    fn query_arrives_as_it_was_given(email in any::<String>()) {
        let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (server, client) = &*GOOD;
        let call = client.request(Method::GET, "/users/by-email").query("email", &email).query("searchOnly", true);
        RUNTIME.block_on(call.send::<Value>()).map(drop).unwrap();
        let request = server.requests().pop().unwrap();
        let url = spkey::reqwest::Url::parse(&format!("http://localhost{}", request.target)).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(pairs, [("email".to_owned(), email), ("searchOnly".to_owned(), "true".to_owned())]);
    }

    #[test]
    fn rejection_keeps_its_status(
        status in 300..600_u16,
        body in error_body(),
        retry_after in prop_oneof!["[ -~]{0,40}", "[0-9]{1,30}", "\\PC{0,20}", Just("Sun, 31 Dec 9999 23:59:59 GMT".to_owned())],
        id in "\\PC{0,40}|a{2000}",
    ) {
        let headers = vec![format!("retry-after: {retry_after}"), format!("x-request-id: {id}")];
        let error = RUNTIME.block_on(async {
            let server = Server::start([Behaviour::Respond(status, headers, body.clone())]).await;
            let client = builder(server.url()).retry(RetryPolicy::none()).build().unwrap();
            call(&client, RetryClass::AtMostOnce).await.unwrap_err()
        });
        prop_assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(status)));
        if status != 304 {
            prop_assert_eq!(error.body(), &body.as_bytes()[..body.len().min(spkey::KEPT_BODY_BYTES)]);
        }
        if let Ok(seconds) = retry_after.trim_matches(' ').parse::<u64>() {
            let plain = !retry_after.contains('+');
            prop_assert_eq!(error.retry_after(), plain.then_some(Duration::from_secs(seconds)));
        }
        prop_assert!(!error.to_string().contains(char::is_control), "more than one line: {error}");
        prop_assert!(error.to_string().chars().count() < 1000, "it is long: {error}");
    }

    #[test]
    fn unknown_enum_value_survives(text in any::<String>()) {
        macro_rules! check {
            ($($name:ident)+) => {$(
                let value: $name = serde_json::from_value(json!(text)).unwrap();
                prop_assert_eq!(value.as_str(), &text);
                prop_assert_eq!(serde_json::to_value(&value).unwrap(), json!(text));
                prop_assert_eq!(&$name::other(text.as_str()), &value);
                prop_assert_eq!(text.parse().is_ok_and(|known: $name| known == value), $name::KNOWN.contains(&value));
            )+};
        }
        check!(AccessLevel DeviceType);
    }
}

/// Bodies that errors come with: JSON of the known fields with anything in them, any JSON, and any text.
fn error_body() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\u{0}-\u{1f}\u{7f}-\u{9f}\u{2028}a]{0,600}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        prop::sample::select(vec!["error", "message", "code", "details", "errors", "field", "success"])
            .prop_map(ToOwned::to_owned),
        any::<String>(),
    ];
    let json = leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    prop_oneof![4 => json.prop_map(|json| json.to_string()), 1 => any::<String>(), 1 => "[\\[{\"]{0,200}"]
}
