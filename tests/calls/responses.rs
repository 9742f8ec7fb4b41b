//! What a call makes of a response: statuses, bodies that cannot be read, pages.

use serde_json::{Value, json};
use spkey::mock::wiremock::{MockServer, ResponseTemplate};
use spkey::reqwest::Method;
use spkey::{Client, ErrorKind, MAX_RESPONSE_BYTES, Outcome, RetryClass};

use crate::{USER, call, client, server};

#[tokio::test]
async fn error_names_the_status_and_its_reason_if_it_has_one() {
    for (status, shown) in [(404, "open_lock: 404 Not Found (1 attempt)"), (599, "open_lock: 599 (1 attempt)")] {
        let server = server(ResponseTemplate::new(status)).await;
        let error = call(&client(&server), RetryClass::AtMostOnce).await.unwrap_err();
        assert!(error.to_string().starts_with(shown), "{error}");
    }
}

#[tokio::test]
async fn unreadable_success_is_applied_and_not_retried() {
    for (body, problem) in [
        ("", "it is empty or truncated, at line 1 column 0"),
        ("<html></html>", "it is not JSON, at line 1 column 1"),
        (r#"{"success": tr"#, "it is empty or truncated, at line 1 column 14"),
        ("[\"hunter2\"]", "it is no JSON object"),
        ("\u{0}", "it is not JSON, at line 1 column 1"),
    ] {
        let server = server(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
        for class in [RetryClass::Idempotent, RetryClass::AtMostOnce] {
            let error = call(&client(&server), class).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.outcome(), error.status()),
                (ErrorKind::Decode, Outcome::Applied, Some(200))
            );
            assert_eq!((error.attempts(), error.body()), (1, body.as_bytes()), "{class:?} {body}");
            assert!(error.to_string().contains(problem), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }
}

#[tokio::test]
async fn field_that_cannot_be_understood_is_missing_and_named() {
    let body = r#"{ "success": true, "version": "hunter2", "aggregateId": 7, "event": 1e400 }"#;
    let server = server(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
    let response = client(&server).set_organization(123).org_id("acme").send().await.unwrap();
    assert_eq!((response.success, response.version, response.aggregate_id.as_deref()), (Some(true), None, Some("7")));
    assert_eq!(response.ignored(), ["version"]);
}

#[tokio::test]
async fn read_that_lacks_what_is_promised_names_the_field() {
    let body = r#"{ "locks": [{ "lockId": "1" }, { "lockId": "hunter2" }] }"#;
    let server = server(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
    let error = client(&server).get_accessible_locks(USER).send().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Applied));
    let shown = error.to_string();
    assert!(shown.contains("locks[1].lockId is missing or not of its type"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

mod html {
    use super::*;

    fn page(body: Vec<u8>) -> ResponseTemplate {
        ResponseTemplate::new(200).set_body_raw(body, "text/html")
    }

    #[tokio::test]
    async fn page_is_text_as_it_was_sent() {
        let text = "<!doctype html>\n<p>Türöffner</p>\r\n";
        let server = server(page(text.into())).await;
        let response = client(&server).get_temp_key("a-key").send().await.unwrap();
        assert_eq!((response.status().as_u16(), response.as_str()), (200, text));
        let page: String = response.into_inner();
        assert_eq!(page, text);
    }

    #[tokio::test]
    async fn page_that_is_not_utf_8_is_read_with_replacement_characters() {
        let server = server(page(b"T\xfcr".to_vec())).await;
        let response = client(&server).get_temp_key("a-key").send().await.unwrap();
        assert_eq!(*response, "T\u{fffd}r");
    }

    #[tokio::test]
    async fn page_of_the_largest_size_is_read_and_a_larger_one_is_rejected() {
        let largest = server(page(vec![b' '; MAX_RESPONSE_BYTES])).await;
        let response = client(&largest).get_temp_key("a-key").send().await.unwrap();
        assert_eq!(response.len(), MAX_RESPONSE_BYTES);
        let larger = server(page(vec![b' '; MAX_RESPONSE_BYTES + 1])).await;
        let error = client(&larger).get_temp_key("a-key").send().await.unwrap_err();
        assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::TooLarge, Outcome::Applied, 1));
        assert!(error.to_string().contains("the response is larger than 8 MiB"), "{error}");
    }
}

mod redaction {
    use super::*;

    const MESSAGE: &str = "PIN 482153 for Ada Lovelace, Front door, 4711, USER with key k-made-up, token t-made-up";

    async fn echo() -> (MockServer, Client) {
        let server = server(ResponseTemplate::new(400).set_body_json(json!({ "message": MESSAGE }))).await;
        let builder = Client::builder().base_url(server.uri()).bearer_token("t-made-up").api_key("k-made-up");
        let client = builder.build().unwrap();
        (server, client)
    }

    #[tokio::test]
    async fn credentials_and_personal_data_are_redacted() {
        let (_server, client) = echo().await;
        let error = client.add_resident(4711).name("Ada Lovelace").send().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "add_resident: 400 Bad Request: PIN 482153 for [redacted], Front door, 4711, USER with key [redacted], \
             token [redacted] (1 attempt); rejected: fix the request"
        );
        assert_eq!(error.api().unwrap().message.as_deref(), Some(MESSAGE), "it is there on purpose");
    }

    #[tokio::test]
    async fn secret_is_redacted() {
        let (_server, client) = echo().await;
        let error = client.open_lock_with_pin(4711).pin("482153").send().await.unwrap_err();
        assert!(error.to_string().contains("PIN [redacted] for Ada Lovelace, Front door, 4711, USER"), "{error}");
    }

    #[tokio::test]
    async fn id_enum_value_and_name_of_a_lock_are_shown() {
        let (_server, client) = echo().await;
        let grant = client.add_accessible_lock(USER).lock_id(4711).lock_name("Front door").access_level("USER");
        let error = grant.granted_by(USER).send().await.unwrap_err();
        assert!(error.to_string().contains("for Ada Lovelace, Front door, 4711, USER with"), "{error}");
    }

    /// What the values of a custom request are is not known: each may be a PIN.
    #[tokio::test]
    async fn values_of_a_custom_request_are_redacted() {
        let message = "PIN 48215 of lock 1 and key a-made-up-key from ada@example.com with key k-made-up is wrong";
        let server =
            server(ResponseTemplate::new(400).set_body_json(json!({ "error": "Bad", "message": message }))).await;
        let client = Client::builder().base_url(server.uri()).api_key("k-made-up").build().unwrap();
        let call = client.request(Method::POST, "/locks/{lockId}/keys/{key}").path_param("lockId", 1);
        let call = call.path_param("key", "a-made-up-key").query("from", "ada@example.com");
        let error = call.json(&json!({ "pin": "48215" })).send::<Value>().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "request: 400 Bad Request: PIN [redacted] of lock 1 and key [redacted] from [redacted] with key [redacted] \
             is wrong (1 attempt); rejected: fix the request"
        );
        assert_eq!(error.api().unwrap().message.as_deref(), Some(message), "it is there on purpose");
    }
}
