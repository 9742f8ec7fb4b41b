//! How a call behaves by default: what it sends, what it refuses to send, and what it makes of each answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use spkey::reqwest::Method;
use spkey::types::AccessLevel;
use spkey::{Auth, BoxError, Client, Error, ErrorKind, Outcome, RetryClass, RetryPolicy, Token, UserId};
use wiremock::matchers::{any, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";

fn at_once() -> RetryPolicy {
    RetryPolicy::default().base_delay(Duration::ZERO)
}

async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn client(server: &MockServer) -> Client {
    Client::builder().base_url(server.uri()).bearer_token("t").api_key("k").retry(at_once()).build().unwrap()
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

/// One call of each retry class.
async fn call(client: &Client, class: RetryClass) -> Result<(), Error> {
    let user = UserId::try_from(USER).unwrap();
    match class {
        RetryClass::Safe => client.get_user_profile().user_id(user).send().await.map(drop),
        RetryClass::Repeatable => {
            client.set_organization().lock_id(1).body_map(|b| b.org_id("o")).send().await.map(drop)
        }
        RetryClass::Once => client.open_lock().lock_id(1).send().await.map(drop),
        _ => client.open_lock_with_pin().lock_id(1).body_map(|b| b.pin("4821")).send().await.map(drop),
    }
}

const CLASSES: [RetryClass; 4] = [RetryClass::Safe, RetryClass::Repeatable, RetryClass::Once, RetryClass::Never];

#[tokio::test]
async fn each_status_is_repeated_as_its_class_allows() {
    let never_arrived = [521, 523, 525, 526];
    let may_have_acted = [408, 500, 502, 503, 504, 520, 522, 524];
    let answers = [300, 302, 307, 400, 401, 403, 404, 409, 410, 418, 422, 451, 501, 505, 507, 511, 530, 599];
    for (class, statuses, expected_attempts) in CLASSES.into_iter().flat_map(|class| {
        let harmless = matches!(class, RetryClass::Safe | RetryClass::Repeatable);
        [
            (class, &never_arrived[..], 3),
            (class, &[429][..], if class == RetryClass::Never { 1 } else { 3 }),
            (class, &may_have_acted[..], if harmless { 3 } else { 1 }),
            (class, &answers[..], 1),
        ]
    }) {
        for &status in statuses {
            let server = server(ResponseTemplate::new(status)).await;
            let error = call(&client(&server), class).await.unwrap_err();
            assert_eq!(requests(&server).await, expected_attempts, "{class:?} {status}");
            assert_eq!(error.attempts() as usize, expected_attempts, "{class:?} {status}");
            assert_eq!((error.status(), error.kind()), (Some(status), ErrorKind::Api));
            let untouched = never_arrived.contains(&status) || ((400..500).contains(&status) && status != 408);
            let expected = if untouched { Outcome::NotApplied } else { Outcome::Unknown };
            assert_eq!(error.outcome(), expected, "{class:?} {status}");
        }
    }
}

#[tokio::test]
async fn the_outcome_remembers_an_attempt_that_may_have_acted() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(500)).up_to_n_times(1).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(404)).mount(&server).await;
    let error = call(&client(&server), RetryClass::Repeatable).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(404), 2));
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn what_passes_is_overcome() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(503)).up_to_n_times(2).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(json!({}))).mount(&server).await;
    call(&client(&server), RetryClass::Safe).await.unwrap();
    assert_eq!(requests(&server).await, 3);
}

#[tokio::test]
async fn a_policy_for_one_call_holds_for_that_call() {
    let server = server(ResponseTemplate::new(503)).await;
    let client = client(&server);
    let error = call(&client.with_retry(RetryPolicy::none()), RetryClass::Safe).await.unwrap_err();
    assert_eq!((error.attempts(), requests(&server).await), (1, 1));
    let error = call(&client.with_retry(at_once().max_attempts(5)), RetryClass::Safe).await.unwrap_err();
    assert_eq!((error.attempts(), requests(&server).await), (5, 6));
    assert_eq!(call(&client, RetryClass::Safe).await.unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn a_time_limit_may_be_as_long_as_can_be_said() {
    let server = server(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let client = client(&server).with_timeout(Duration::MAX).with_attempt_timeout(Duration::MAX);
    call(&client, RetryClass::Once).await.unwrap();
}

#[tokio::test]
async fn a_retry_after_beyond_the_deadline_ends_the_call_at_once() {
    for value in ["3600", "3155760000", "99999999999999999999", "Tue, 31 Dec 2999 23:59:59 GMT"] {
        let server = server(ResponseTemplate::new(429).insert_header("retry-after", value)).await;
        let error = call(&client(&server), RetryClass::Safe).await.unwrap_err();
        assert_eq!(requests(&server).await, 1, "{value}");
        assert!(error.retry_after().unwrap() >= Duration::from_secs(3600), "{value}");
        assert!(error.elapsed() < Duration::from_secs(30), "{value}");
    }
}

#[tokio::test]
async fn a_retry_after_that_makes_no_sense_counts_as_not_said() {
    for value in ["soon", "-1", "1.5", "0"] {
        let server = server(ResponseTemplate::new(429).insert_header("retry-after", value)).await;
        let error = call(&client(&server), RetryClass::Safe).await.unwrap_err();
        assert_eq!(requests(&server).await, 3, "{value}");
        assert_eq!(error.retry_after(), (value == "0").then_some(Duration::ZERO), "{value}");
    }
}

#[tokio::test]
async fn a_call_ends_by_its_time_limit() {
    let server = server(ResponseTemplate::new(200).set_delay(Duration::from_secs(60))).await;
    for (limited, attempts) in [
        (client(&server).with_timeout(Duration::from_millis(100)), 1),
        (client(&server).with_attempt_timeout(Duration::from_millis(50)), 3),
    ] {
        let error = call(&limited, RetryClass::Safe).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Timeout, Outcome::Unknown));
        assert_eq!(error.attempts(), attempts);
        assert!(error.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn time_limits_set_on_the_http_client_do_not_shorten_a_call() {
    let answer = ResponseTemplate::new(200).set_body_json(json!({})).set_delay(Duration::from_millis(200));
    let server = server(answer).await;
    let builder = Client::builder().base_url(server.uri()).api_key("k");
    let client = builder.http(|http| http.timeout(Duration::from_millis(1))).build().unwrap();
    call(&client, RetryClass::Once).await.unwrap();
}

#[tokio::test]
async fn a_read_timeout_set_on_the_http_client_is_a_time_out() {
    let server = server(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
    let builder = Client::builder().base_url(server.uri()).api_key("k");
    let client = builder.http(|http| http.read_timeout(Duration::from_millis(100))).build().unwrap();
    let error = call(&client, RetryClass::Once).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Timeout, Outcome::Unknown, 1));
}

#[tokio::test]
async fn what_the_http_client_refuses_was_not_sent() {
    let server = server(ResponseTemplate::new(200)).await;
    let builder = Client::builder().base_url(server.uri()).api_key("k");
    let client = builder.http(|http| http.https_only(true)).build().unwrap();
    for class in CLASSES {
        let error = call(&client, class).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Request, Outcome::NotApplied, 0));
        assert!(error.to_string().contains("check what `http` sets"), "{error}");
    }
    assert_eq!(requests(&server).await, 0);
}

#[tokio::test]
async fn the_longest_url_that_can_be_sent_is_sent() {
    let server = server(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let client = client(&server);
    let room = 65_534 - format!("{}/search?q=", server.uri()).len();
    let call = |length| client.request(Method::GET, "/search").query("q", "q".repeat(length)).send::<Value>();
    call(room).await.unwrap();
    let error = call(room + 1).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn an_error_names_the_status_with_its_reason_where_it_has_one() {
    for (status, shown) in [(404, "open_lock: 404 Not Found (1 attempt)"), (599, "open_lock: 599 (1 attempt)")] {
        let server = server(ResponseTemplate::new(status)).await;
        let error = call(&client(&server), RetryClass::Once).await.unwrap_err();
        assert!(error.to_string().starts_with(shown), "{error}");
    }
}

#[tokio::test]
async fn a_path_parameter_cannot_reach_another_operation() {
    let server = server(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let client = client(&server);
    for value in ["", ".", "..", "../locks/1", "a/b", "a\\b", "%2e%2e", "..\u{9}"] {
        let result = client.get_user_profile().user_id(UserId::unchecked(value)).send().await;
        if let Err(error) = result {
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotApplied), "{value}");
            assert!(
                error.to_string().contains("{userId} of the path is empty, a dot or two, or holds a slash"),
                "{error}"
            );
        }
    }
    for request in server.received_requests().await.unwrap() {
        let segments: Vec<_> = request.url.path().split('/').collect();
        assert!(matches!(segments[..], ["", "users", _, "profile"]), "{}", request.url.path());
    }
}

#[tokio::test]
async fn a_request_that_is_not_complete_is_not_sent() {
    let server = server(ResponseTemplate::new(200)).await;
    let client = client(&server);
    let user = UserId::try_from(USER).unwrap();
    let missing_field = client
        .add_accessible_lock()
        .user_id(&user)
        .body_map(|grant| grant.lock_id(1).lock_name("Front door").access_level(AccessLevel::User));
    for (result, what_to_do) in [
        (missing_field.send().await.map(drop), "granted_by is missing: set it by `.granted_by(..)`"),
        (client.add_device().send().await.map(drop), "user_id is missing: set it by `.user_id(..)`"),
        (client.open_lock().lock_id(0).send().await.map(drop), "lock_id: not a lock's id: give a positive integer"),
        (client.open_lock().lock_id(USER).send().await.map(drop), "lock_id: not a lock's id"),
        (client.get_user_profile().user_id("123").send().await.map(drop), "user_id: not a user's id: give a UUID"),
        (
            client
                .add_accessible_lock()
                .user_id(&user)
                .body_map(|grant| grant.access_level("OWNRE"))
                .send()
                .await
                .map(drop),
            "access_level: not a known AccessLevel: give one of OWNER, ADMIN, USER, GUEST",
        ),
    ] {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Request, Outcome::NotApplied, 0));
        assert!(error.to_string().contains(what_to_do), "{error}");
    }
    assert_eq!(requests(&server).await, 0);
}

#[tokio::test]
async fn an_admin_operation_without_the_admin_key_is_not_sent() {
    let server = server(ResponseTemplate::new(200)).await;
    let error = client(&server).backfill_threedeye().send().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Credentials, Outcome::NotApplied, 0));
    assert!(error.to_string().contains("give it to the client builder's `admin`"), "{error}");
    assert_eq!(requests(&server).await, 0);
}

#[tokio::test]
async fn a_refused_token_is_refreshed_once_and_the_call_sent_again() {
    for class in [RetryClass::Safe, RetryClass::Repeatable, RetryClass::Once] {
        let server = MockServer::start().await;
        let fresh = Mock::given(header("authorization", "Bearer token-2"));
        fresh.respond_with(ResponseTemplate::new(200).set_body_json(json!({}))).mount(&server).await;
        Mock::given(any()).respond_with(ResponseTemplate::new(401)).mount(&server).await;
        let fetched = Arc::new(AtomicU32::new(0));
        let client = with_numbered_tokens(&server, &fetched);
        call(&client, class).await.unwrap();
        assert_eq!((requests(&server).await, fetched.load(Ordering::Relaxed)), (2, 2), "{class:?}");
        call(&client, class).await.unwrap();
        assert_eq!(
            (requests(&server).await, fetched.load(Ordering::Relaxed)),
            (3, 2),
            "{class:?}: the new one is kept"
        );
    }
}

#[tokio::test]
async fn a_token_that_is_refused_anew_ends_the_call() {
    let server = server(ResponseTemplate::new(401)).await;
    let fetched = Arc::new(AtomicU32::new(0));
    let error = call(&with_numbered_tokens(&server, &fetched), RetryClass::Safe).await.unwrap_err();
    assert_eq!((error.status(), error.outcome()), (Some(401), Outcome::NotApplied));
    assert_eq!((requests(&server).await, fetched.load(Ordering::Relaxed)), (2, 2));
}

fn with_numbered_tokens(server: &MockServer, fetched: &Arc<AtomicU32>) -> Client {
    let fetched = Arc::clone(fetched);
    let source = move || {
        let number = fetched.fetch_add(1, Ordering::Relaxed) + 1;
        async move { Ok::<_, BoxError>(Token::new(format!("token-{number}"))) }
    };
    Client::builder().base_url(server.uri()).token_source(source).retry(at_once()).build().unwrap()
}

#[tokio::test]
async fn the_user_agent_names_the_crate_and_the_app() {
    let server = server(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let builder = Client::builder().base_url(server.uri()).api_key("k").app("concierge/1.0");
    // Whatever the caller sets on the HTTP client, what this crate must own it sets afterwards.
    let client = builder.http(|http| http.user_agent("other")).build().unwrap();
    call(&client, RetryClass::Safe).await.unwrap();
    let agent = server.received_requests().await.unwrap()[0].headers["user-agent"].to_str().unwrap().to_owned();
    assert_eq!(agent, format!("spkey-rust/{} (concierge/1.0)", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn a_base_url_with_a_path_is_in_front_of_every_path() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({}));
    Mock::given(path("/v1/locks/1/OpenLock")).respond_with(answer).mount(&server).await;
    let client = Client::builder().base_url(format!("{}/v1/", server.uri())).api_key("k").build().unwrap();
    call(&client, RetryClass::Once).await.unwrap();
}

#[tokio::test]
async fn an_operation_that_the_contract_lacks_goes_the_same_way() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "label": "Cellar" }));
    let expected = Mock::given(method("POST")).and(path("/locks/a%20b/SetLabel"));
    expected
        .and(header("authorization", "Bearer t"))
        .and(header("x-api-key", "k"))
        .respond_with(answer)
        .mount(&server)
        .await;
    Mock::given(any()).respond_with(ResponseTemplate::new(503)).mount(&server).await;
    let client = client(&server);

    let request = || client.request(Method::POST, "/locks/{lockId}/SetLabel").path_param("lockId", "a b");
    let answer = request().query("q", "1 2").json(&json!({ "a": 1 })).send::<Value>().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer["label"]), (200, &json!("Cellar")));
    let sent = server.received_requests().await.unwrap().remove(0);
    assert_eq!((sent.url.query(), sent.body.as_slice()), (Some("q=1%202"), &br#"{"a":1}"#[..]));

    let unknown = || client.request(Method::POST, "/locks/{lockId}/Unknown").path_param("lockId", 1);
    assert_eq!(unknown().send::<Value>().await.unwrap_err().attempts(), 1, "once, unless said otherwise");
    let repeatable = unknown().retry_class(RetryClass::Repeatable);
    assert_eq!(repeatable.send::<Value>().await.unwrap_err().attempts(), 3);

    for (request, what_to_do) in [
        (client.request(Method::GET, "/locks/{lockId}"), "lockId of the path is missing: set it by path_param"),
        (
            client.request(Method::GET, "/locks/{lockId}/{door}").path_param("lockId}/{door", 1),
            "the path has no {lockId}/{door}",
        ),
        (client.request(Method::GET, "/locks").path_param("lockId", 1), "take the parameter out"),
        (request().path_param("lockId", ".."), "the path has no {lockId}"),
        (client.request(Method::GET, "/locks/{lockId}").path_param("lockId", ".."), "mend it"),
        (request().auth(Auth::Admin), "give it to the client builder's `admin`"),
    ] {
        let error = request.send::<Value>().await.unwrap_err();
        assert!(error.to_string().contains(what_to_do), "{error}");
        assert_eq!((error.attempts(), error.outcome()), (0, Outcome::NotApplied));
    }
}

/// `{path}` with `@example.com` as its value would send the credentials to another host.
#[tokio::test]
async fn a_path_in_which_a_value_could_leave_its_place_is_refused() {
    let server = MockServer::start().await;
    let client = client(&server);
    for path in [
        "{a}",
        "locks/{a}",
        "",
        "@example.com/{a}",
        ":1/{a}",
        "/locks?x={a}",
        "/locks#{a}",
        "/keys/no-{a}",
        "/a/{a}{b}",
        "/a/%{a}",
        "/a/../{a}",
        "/a/./{a}",
        "/a\\{a}",
        "/a\t/{a}",
        "/locks/{a",
        "/locks/a}",
        "/locks/{{a}}",
        "/locks/{a?b}",
        "/locks/{}",
    ] {
        for value in ["@example.com", ".example.com", "2e", "1&b=2"] {
            let request = client.request(Method::GET, path).path_param("a", value);
            let error = request.send::<Value>().await.unwrap_err();
            assert!(error.to_string().contains("each part be fixed text or one {name}"), "{path}: {error}");
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0), "{path}");
        }
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_success_that_cannot_be_read_has_taken_effect() {
    for (body, flaw) in [
        ("", "it is empty or cut short, at line 1 column 0"),
        ("<html></html>", "it is not JSON, at line 1 column 1"),
        (r#"{"success": tr"#, "it is empty or cut short, at line 1 column 14"),
        ("{\n\"version\": \"hunter2\"}", "a value is missing or of another type, at line 2 column 20"),
        ("[]", "a value is missing or of another type, at line 1 column 0"),
        ("\u{0}", "it is not JSON, at line 1 column 1"),
    ] {
        let server = server(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
        for class in [RetryClass::Repeatable, RetryClass::Once] {
            let error = call(&client(&server), class).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.outcome(), error.status()),
                (ErrorKind::Decode, Outcome::Applied, Some(200))
            );
            assert_eq!((error.attempts(), error.body()), (1, body.as_bytes()), "{class:?} {body}");
            assert!(error.to_string().contains(flaw), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }
}

#[tokio::test]
async fn an_error_shows_nothing_that_was_sent_even_where_the_service_repeats_it() {
    let message = "PIN 48215 of lock 1 with key k-made-up and token t-made-up is wrong";
    let server = server(ResponseTemplate::new(400).set_body_json(json!({ "error": "Bad", "message": message }))).await;
    let builder = Client::builder().base_url(server.uri()).bearer_token("t-made-up").api_key("k-made-up");
    let client = builder.build().unwrap();
    let call = client.request(Method::POST, "/locks/{lockId}/pin").path_param("lockId", 1);
    let error = call.json(&json!({ "pin": "48215" })).send::<Value>().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "request: 400 Bad Request: PIN [redacted] of lock 1 with key [redacted] and token [redacted] is wrong \
         (1 attempt); it was refused: mend the request"
    );
    assert_eq!(error.api().unwrap().message.as_deref(), Some(message), "it is there on purpose");
}
