//! What a client, a variant of it, or a single call is configured with.

use std::time::Duration;

use spkey::mock::wiremock::matchers::path;
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};
use spkey::{Client, ErrorKind, Outcome, RetryClass, RetryPolicy};

use crate::{CLASSES, USER, assert_not_sent, at_once, call, client, requests, server, success};

mod time_limits {
    use super::*;

    #[tokio::test]
    async fn longest_duration_is_a_valid_time_limit() {
        let server = server(success()).await;
        let client = client(&server).with_timeout(Duration::MAX).with_attempt_timeout(Duration::MAX);
        call(&client, RetryClass::AtMostOnce).await.unwrap();
        let limited = client.open_lock(1).timeout(Duration::MAX).attempt_timeout(Duration::MAX);
        limited.send().await.unwrap();
    }

    #[tokio::test]
    async fn call_ends_by_its_time_limit() {
        let server = server(success().set_delay(Duration::from_secs(60))).await;
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
    async fn limits_of_the_http_client_do_not_shorten_a_call() {
        let server = server(success().set_delay(Duration::from_millis(200))).await;
        let builder = Client::builder().base_url(server.uri()).api_key("k");
        let client = builder.http(|http| http.timeout(Duration::from_millis(1))).build().unwrap();
        call(&client, RetryClass::AtMostOnce).await.unwrap();
    }

    #[tokio::test]
    async fn read_timeout_of_the_http_client_is_a_timeout() {
        let server = server(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
        let builder = Client::builder().base_url(server.uri()).api_key("k");
        let client = builder.http(|http| http.read_timeout(Duration::from_millis(100))).build().unwrap();
        let error = call(&client, RetryClass::AtMostOnce).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Timeout, Outcome::Unknown, 1));
    }
}

mod of_one_call {
    use super::*;

    #[tokio::test]
    async fn time_limits_and_policy_apply_to_that_call_only() {
        let server = server(success().set_delay(Duration::from_millis(300))).await;
        let client = client(&server);
        let limit = Duration::from_millis(50);
        for (call, attempts) in [
            (client.get_user_profile(USER).timeout(limit), 1),
            (client.get_user_profile(USER).attempt_timeout(limit), 3),
            (client.get_user_profile(USER).attempt_timeout(limit).retry_policy(at_once().max_attempts(2)), 2),
            (client.get_user_profile(USER).attempt_timeout(limit).retry_policy(RetryPolicy::none()), 1),
        ] {
            let error = call.send().await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, attempts));
        }
        client.get_user_profile(USER).send().await.unwrap();
    }

    #[tokio::test]
    async fn header_is_sent_with_that_call_and_every_retry_of_it() {
        let server = server(ResponseTemplate::new(503)).await;
        let client = client(&server);
        client.get_user_profile(USER).header("X-Trace", "a b").send().await.unwrap_err();
        client.get_user_profile(USER).retry_policy(RetryPolicy::none()).send().await.unwrap_err();
        let sent = server.received_requests().await.unwrap();
        let values: Vec<_> = sent.iter().map(|request| request.headers.get("x-trace")).collect();
        assert_eq!(values[..3], [Some(&"a b".parse().unwrap()); 3]);
        assert_eq!(values[3..], [None]);
    }

    #[tokio::test]
    async fn header_that_the_client_owns_or_http_forbids_is_rejected() {
        let server = server(success()).await;
        let client = client(&server);
        for name in ["Authorization", "X-API-KEY", "x-admin-api-key", "content-length", "host", "cookie", "x-user-id"] {
            let fix = format!("`{}` is set by the client", name.to_lowercase());
            assert_not_sent(client.open_lock(1).header(name, "hunter2").send().await, &fix);
        }
        let error = client.open_lock(1).header("x-trace", "hunter2\r\nx-api-key: other").send().await;
        assert!(!format!("{error:?}").contains("hunter2"));
        assert_not_sent(error, "the value of `x-trace` is not valid in HTTP");
        assert_not_sent(client.open_lock(1).header("x trace", "a").send().await, "the name is not valid in HTTP");
        assert_eq!(requests(&server).await, 0);
    }

    /// It owns what it needs.
    #[tokio::test]
    async fn call_can_be_cloned_and_spawned() {
        let server = server(success()).await;
        let call = {
            let (client, user) = (client(&server), USER.to_owned());
            client.get_user_profile(&user)
        };
        let both = [tokio::spawn(call.clone().send()), tokio::spawn(call.send())];
        for task in both {
            task.await.unwrap().unwrap();
        }
        assert_eq!(requests(&server).await, 2);
    }
}

#[tokio::test]
async fn request_that_the_http_client_rejects_is_not_sent() {
    let server = server(ResponseTemplate::new(200)).await;
    let builder = Client::builder().base_url(server.uri()).api_key("k");
    let client = builder.http(|http| http.https_only(true)).build().unwrap();
    for class in CLASSES {
        assert_not_sent(call(&client, class).await, "check what `http` sets");
    }
    assert_eq!(requests(&server).await, 0);
}

#[tokio::test]
async fn user_agent_names_the_crate_and_the_app() {
    let server = server(success()).await;
    let builder = Client::builder().base_url(server.uri()).api_key("k").app("concierge/1.0");
    // Whatever the caller sets on the HTTP client, what this crate must own it sets afterwards.
    let client = builder.http(|http| http.user_agent("other")).build().unwrap();
    call(&client, RetryClass::Safe).await.unwrap();
    let agent = server.received_requests().await.unwrap()[0].headers["user-agent"].to_str().unwrap().to_owned();
    assert_eq!(agent, format!("spkey-rust/{} (concierge/1.0)", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn path_of_the_base_url_precedes_every_path() {
    let server = MockServer::start().await;
    Mock::given(path("/v1/locks/1/OpenLock")).respond_with(success()).mount(&server).await;
    let client = Client::builder().base_url(format!("{}/v1/", server.uri())).api_key("k").build().unwrap();
    call(&client, RetryClass::AtMostOnce).await.unwrap();
}
