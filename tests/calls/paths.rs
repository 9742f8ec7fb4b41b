//! No value of a path can make a request another operation's, or send it to another host.

use serde_json::{Value, json};
use spkey::mock::wiremock::{MockServer, ResponseTemplate};
use spkey::reqwest::Method;

use crate::{USER, assert_not_sent, client, requests, server, success};

#[tokio::test]
async fn path_parameter_cannot_reach_another_operation() {
    let server = server(success()).await;
    let client = client(&server);
    for value in ["", ".", "..", "../locks/1", "a/b", "a\\b"] {
        let fix = "hubId: it is empty, a dot or two, or holds a slash: pass the id alone";
        assert_not_sent(client.get_hub_status(value).send().await, fix);
    }
    for value in ["%2e%2e", "..\u{9}", "a?b=c", "a#b", "@example.com", ";x", "a b"] {
        client.get_hub_status(value).send().await.unwrap();
    }
    for value in ["", ".", "..", "../locks/1", "a/b", "%2e%2e", "1", "1/2"] {
        assert_not_sent(client.get_user_profile(value).send().await, "user_id: not a user's id: give a UUID");
    }
    for value in ["", ".", "..", "1/2", "%31", "+1", "01", " 1", USER] {
        assert_not_sent(client.open_lock(value).send().await, "lock_id: not a lock's id: give a positive integer");
    }
    let received = server.received_requests().await.unwrap();
    assert_eq!(received.len(), 7);
    for request in received {
        let segments: Vec<_> = request.url.path().split('/').collect();
        assert!(matches!(segments[..], ["", "hubs", _, "status"]) && request.url.query().is_none(), "{}", request.url);
    }
}

/// `{path}` with `@example.com` as its value would send the credentials to another host.
#[tokio::test]
async fn path_in_which_a_value_could_leave_its_place_is_rejected() {
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
            assert_not_sent(request.send::<Value>().await, "each segment be fixed text or one {name}");
        }
    }
    assert_eq!(requests(&server).await, 0);
}

#[tokio::test]
async fn url_of_the_longest_length_is_sent_and_a_longer_one_is_not() {
    let server = server(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let client = client(&server);
    let room = 65_534 - format!("{}/search?q=", server.uri()).len();
    let call = |length| client.request(Method::GET, "/search").query("q", "q".repeat(length)).send::<Value>();
    call(room).await.unwrap();
    assert_not_sent(call(room + 1).await, "its URL is too long: send shorter values");
    assert_eq!(requests(&server).await, 1);
}
