//! Requests as they arrive, and requests that are rejected before anything is sent.

use spkey::reqwest::Method;
use spkey::{Client, Error, ErrorKind, Outcome};

use crate::support::Server;
use crate::support::behaviour::Behaviour;
use crate::support::calls::{USER, builder, client};

/// A server that responds with success, and a client of it.
async fn good() -> (Server, Client) {
    let server = Server::start([Behaviour::good()]).await;
    let client = client(server.url());
    (server, client)
}

/// The values of a header of the last request.
fn header(server: &Server, name: &str) -> Vec<String> {
    let request = server.requests().pop().unwrap();
    let headers = request.head.lines().filter_map(|line| line.split_once(": "));
    headers.filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).collect()
}

fn assert_rejected_unsent(server: &Server, error: &Error, advice: &str) {
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Request, Outcome::NotApplied, 0));
    assert!(error.to_string().contains(advice), "{error}");
    assert_eq!(server.connections(), 0, "something was sent");
}

mod body {
    use std::time::Duration;

    use super::*;

    const NONE: [&str; 0] = [];

    /// A good server, and its clients: one whose attempts are longer than the connection may take, and one of shorter ones.
    async fn with_every_limit() -> (Server, [Client; 2]) {
        let (server, client) = good().await;
        let short = client.with_attempt_timeout(Duration::from_secs(2));
        (server, [client, short])
    }

    #[tokio::test]
    async fn post_without_body_has_a_content_length_of_0() {
        let (server, clients) = with_every_limit().await;
        for client in clients {
            client.unlink_camera_from_lock("camera-1").send().await.unwrap();
            assert_eq!(header(&server, "content-length"), ["0"]);
            assert_eq!(header(&server, "content-type"), NONE);
            for method in [Method::POST, Method::PUT, Method::PATCH] {
                client.request(method.clone(), "/anything").send::<serde_json::Value>().await.unwrap();
                assert_eq!(header(&server, "content-length"), ["0"], "{method}");
                assert_eq!(header(&server, "transfer-encoding"), NONE, "{method}");
            }
        }
    }

    #[tokio::test]
    async fn get_and_delete_without_body_announce_none() {
        let (server, [client, short]) = with_every_limit().await;
        client.get_user_profile(USER).send().await.unwrap();
        assert_eq!(header(&server, "content-length"), NONE);
        client.delete_unified_temp_key("key-1").send().await.unwrap();
        assert_eq!(server.requests().pop().unwrap().method, "DELETE");
        assert_eq!(header(&server, "content-length"), NONE);
        for client in [client, short] {
            client.get_user_profile(USER).send().await.unwrap();
            assert_eq!(header(&server, "transfer-encoding"), NONE);
            assert_eq!(header(&server, "content-type"), NONE);
        }
    }

    #[tokio::test]
    async fn post_with_body_has_its_length_and_type() {
        let (server, clients) = with_every_limit().await;
        for client in clients {
            client.set_organization(123).org_id("made-up").send().await.unwrap();
            let length = server.requests().pop().unwrap().body.len().to_string();
            assert_eq!(header(&server, "content-length"), [length]);
            assert_eq!(header(&server, "content-type"), ["application/json"]);
        }
    }
}

mod header {
    use super::*;

    #[tokio::test]
    async fn header_of_the_caller_arrives_with_every_attempt() {
        let server = Server::start([Behaviour::status(429, ""), Behaviour::good()]).await;
        let call = client(server.url()).open_lock(123).header("x-trace", "1").header("X-Other", "two words");
        call.send().await.unwrap();
        for request in server.requests() {
            assert!(request.head.contains("\r\nx-trace: 1\r\nx-other: two words\r\n"), "{}", request.head);
        }
        assert_eq!(server.requests().len(), 2);
    }

    #[tokio::test]
    async fn header_of_one_call_is_not_sent_with_another() {
        let (server, client) = good().await;
        client.open_lock(123).header("x-trace", "1").send().await.unwrap();
        client.open_lock(123).send().await.unwrap();
        assert_eq!(header(&server, "x-trace"), [""; 0]);
    }

    #[tokio::test]
    async fn header_that_the_client_owns_is_rejected() {
        let (server, client) = good().await;
        let names = [
            "authorization",
            "Authorization",
            "x-api-key",
            "X-API-Key",
            "X-Admin-API-Key",
            "host",
            "Host",
            "content-length",
            "Content-Type",
            "transfer-encoding",
            "connection",
            "cookie",
            "user-agent",
            "x-user-id",
            "X-Org-Id",
        ];
        for name in names {
            let error = client.open_lock(123).header(name, "1").send().await.unwrap_err();
            let advice = format!("open_lock: header: `{}` is set by the client", name.to_ascii_lowercase());
            assert_rejected_unsent(&server, &error, &advice);
        }
    }

    #[tokio::test]
    async fn header_with_a_line_break_is_rejected() {
        let (server, client) = good().await;
        for value in ["1\r\nx-injected: 1", "1\n", "1\r", "\0"] {
            let error = client.open_lock(123).header("x-trace", value).send().await.unwrap_err();
            assert_rejected_unsent(&server, &error, "the value of `x-trace` is not valid in HTTP");
        }
        for name in ["x-trace\r\nx-injected", "x trace", "x-trace:", ""] {
            let error = client.open_lock(123).header(name, "1").send().await.unwrap_err();
            assert_rejected_unsent(&server, &error, "the name is not valid in HTTP");
        }
    }

    #[tokio::test]
    async fn valid_header_does_not_excuse_a_rejected_one() {
        let (server, client) = good().await;
        let call = client.open_lock(123).header("host", "example.com").header("x-trace", "1");
        assert_rejected_unsent(&server, &call.send().await.unwrap_err(), "`host` is set by the client");
    }
}

mod path {
    use super::*;

    #[tokio::test]
    async fn custom_path_that_changes_when_it_is_parsed_is_rejected() {
        let (server, client) = good().await;
        let paths = [
            "/locks/1/.. ",
            "/locks/1/. ",
            "/locks/1/..\t",
            "/locks/1/..\n",
            "/locks/1/..\u{0}",
            "/locks/1/.\t.",
            "/locks/.\n./users",
            "/locks/1/../2",
            "/locks/1/..",
            "/locks/./1",
            "/locks/%2e%2e/users",
            "/locks/..\\users",
            "/locks/1/OpenLock ",
            "/locks/a b",
            "/locks/1?x=1",
            "/locks/1#x",
            "@example.com/locks",
            ".example.com/locks",
            "",
        ];
        for path in paths {
            let error = client.request(Method::POST, path).send::<()>().await.unwrap_err();
            let seen = (error.kind(), error.outcome(), error.attempts());
            assert_eq!(seen, (ErrorKind::Request, Outcome::NotApplied, 0), "{path:?}");
            assert_eq!(server.connections(), 0, "{path:?} was sent");
        }
    }

    #[tokio::test]
    async fn custom_path_without_its_parameter_or_with_another_is_rejected() {
        let (server, client) = good().await;
        let error = client.request(Method::GET, "/locks/{lockId}").send::<()>().await.unwrap_err();
        assert_rejected_unsent(&server, &error, "lockId of the path is missing");
        let call = client.request(Method::GET, "/locks/{lockId}").path_param("lock", 1);
        assert_rejected_unsent(&server, &call.send::<()>().await.unwrap_err(), "the path has no such parameter");
        for value in ["", ".", "..", "1/..", "1\\2", "../users"] {
            let call = client.request(Method::GET, "/locks/{lockId}/State").path_param("lockId", value);
            assert_rejected_unsent(&server, &call.send::<()>().await.unwrap_err(), "pass the id alone");
        }
    }
}

mod future {
    use super::*;

    /// Who awaits a call holds its future in their own, moves it into a task, or has many of them.
    #[cfg(target_pointer_width = "64")]
    #[tokio::test]
    async fn future_of_a_call_is_at_most_1024_bytes() {
        let (_server, client) = good().await;
        let open = size_of_val(&client.open_lock(123).send());
        let grant = size_of_val(&client.add_accessible_lock(USER).lock_id(1).lock_name("x").send());
        println!("size of the future of a call: {open} and {grant} bytes");
        assert!(open.max(grant) <= 1_024, "{open} and {grant} bytes");
    }

    #[tokio::test]
    async fn call_can_be_spawned_and_outlives_its_client() {
        let (server, client) = good().await;
        let spawned = tokio::spawn(client.open_lock(123).send());
        drop(client);
        spawned.await.unwrap().unwrap();
        assert_eq!(server.requests().len(), 1);
    }

    #[tokio::test]
    async fn clone_of_a_call_is_sent_as_the_call() {
        let (server, client) = good().await;
        let call = client.open_lock(123).reason("parcel").request_id("1").header("x-trace", "1");
        call.clone().send().await.unwrap();
        call.send().await.unwrap();
        let requests = server.requests();
        assert_eq!((&requests[0].head, &requests[0].body), (&requests[1].head, &requests[1].body));
    }

    #[tokio::test]
    async fn settings_of_a_call_apply_to_it_alone() {
        let server = Server::start([Behaviour::status(429, "")]).await;
        let client = builder(server.url()).build().unwrap();
        let once = client.open_lock(123).retry_policy(spkey::RetryPolicy::none());
        assert_eq!(once.send().await.unwrap_err().attempts(), 1);
        assert_eq!(client.open_lock(123).send().await.unwrap_err().attempts(), 3);

        let short = std::time::Duration::from_millis(50);
        server.set_script([Behaviour::Stall]);
        for call in [client.open_lock(123).timeout(short), client.open_lock(123).attempt_timeout(short)] {
            let error = call.send().await.unwrap_err();
            assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Timeout, Outcome::Unknown, 1));
            assert!(error.elapsed() < spkey::DEFAULT_ATTEMPT_TIMEOUT / 3, "{error:?}");
        }
    }
}
