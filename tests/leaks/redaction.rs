//! What an error shows of a response that repeats the request: the message, without the values that nobody else may see.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spkey::types::AccessLevel;
use spkey::{BoxError, Client, Error, Response, SensitiveJson, Token};

use crate::support::Server;
use crate::support::behaviour::Behaviour;
use crate::support::calls::{USER, builder};

const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.made-up";

fn message(text: &str) -> Behaviour {
    Behaviour::status(400, &json!({ "message": text }).to_string())
}

/// The error that a call ends with on a server that behaves like this. The client sends [`TOKEN`].
async fn error<T, F>(behaviour: Behaviour, call: impl FnOnce(Client) -> F) -> Error
where
    F: Future<Output = Result<Response<T>, Error>>,
{
    let server = Server::start([behaviour]).await;
    let client = builder(server.url()).bearer_token(TOKEN).build().unwrap();
    call(client).await.map(drop).unwrap_err()
}

/// What the error of a hub's command with those arguments shows of that message.
async fn shown_of_command(text: &str, arguments: Value) -> String {
    error(message(text), |client| client.send_hub_command("hub-1").command("Any").args(arguments).send())
        .await
        .to_string()
}

/// What the error of a call for that address shows of that message.
async fn shown_of_address(text: &str, address: &str) -> String {
    error(message(text), |client| client.get_user_by_email().email(address).send()).await.to_string()
}

mod values {
    use super::*;

    #[tokio::test]
    async fn number_inside_sensitive_json_is_redacted() {
        let shown = shown_of_command("wrong pin 93716420", json!({ "pin": 93_716_420 })).await;
        assert!(shown.contains("wrong pin [redacted] ("), "{shown}");
        let shown = shown_of_command("wrong pin 4821.", json!([{ "pin": 4821 }])).await;
        assert!(shown.contains("wrong pin [redacted]. ("), "{shown}");
    }

    fn nested_130_levels() -> Value {
        (0..130).fold(json!("made-up-secret"), |inner, level| match level % 2 {
            0 => json!([inner]),
            _ => json!({ "inner": inner }),
        })
    }

    #[tokio::test]
    async fn value_130_levels_deep_in_sensitive_json_is_redacted() {
        let shown = shown_of_command("rejected: made-up-secret", nested_130_levels()).await;
        assert!(shown.contains("rejected: [redacted] ("), "{shown}");
    }

    /// As it comes in a response, from which it can be passed on. It is too deep to be parsed.
    #[tokio::test]
    async fn value_130_levels_deep_in_deserialized_sensitive_json_is_redacted() {
        let received: SensitiveJson = serde_json::from_str(&nested_130_levels().to_string()).unwrap();
        let call = |client: Client| client.send_hub_command("hub-1").command("Any").args(received).send();
        let shown = error(message("rejected: made-up-secret"), call).await.to_string();
        assert!(shown.contains("rejected: [redacted] ("), "{shown}");
    }

    #[tokio::test]
    async fn enum_id_and_name_are_shown() {
        for text in ["User not found", "no lock 123 named Front door", USER, "USER is no valid level"] {
            let grant = |client: Client| {
                let grant = client.add_accessible_lock(USER).lock_id(123).lock_name("Front door");
                grant.access_level(AccessLevel::User).granted_by(USER).send()
            };
            let shown = error(message(text), grant).await.to_string();
            assert!(shown.contains(&format!(": {text} (")), "{shown}");
        }
    }

    #[tokio::test]
    async fn value_of_a_custom_request_is_redacted() {
        use spkey::reqwest::Method;

        for text in ["no key-4711", "no +41790000000", "no pin 4821 of made-up-secret"] {
            let shown = error(message(text), |client| async move {
                let call = client.request(Method::POST, "/keys/{key}").path_param("key", "key-4711");
                let call = call.query("phone", "+41790000000");
                call.json(&json!({ "pins": [{ "pin": 4821, "of": "made-up-secret" }] })).send::<()>().await
            });
            let shown = shown.await.to_string();
            for secret in ["4711", "4179", "4821", "secret"] {
                assert!(!shown.contains(secret), "{shown}");
            }
            assert!(shown.contains(": no ") && shown.contains("[redacted]"), "{shown}");
        }
    }
}

mod encodings {
    use super::*;

    const ADDRESS: &str = "jürgen \"q\" o'neill@example.com";

    #[tokio::test]
    async fn value_is_redacted_in_every_encoding_and_case() {
        for repeated in [
            ADDRESS,
            // Another case, of letters beyond ASCII too.
            "JÜRGEN \"Q\" O'NEILL@EXAMPLE.COM",
            "Jürgen \"Q\" O'Neill@Example.com",
            // In JSON within the message, with and without escapes for what is beyond ASCII.
            "jürgen \\\"q\\\" o'neill@example.com",
            "j\\u00fcrgen \\\"q\\\" o'neill@example.com",
            "J\\u00DCRGEN \\\"Q\\\" O'NEILL@EXAMPLE.COM",
            // In a URL, as this crate and as others encode it.
            "j%C3%BCrgen%20%22q%22%20o%27neill%40example.com",
            "j%c3%bcrgen%20%22q%22%20o%27neill%40example.com",
            "J%C3%9CRGEN%20%22Q%22%20O%27NEILL%40EXAMPLE.COM",
            "j%C3%BCrgen%20%22q%22%20o%27neill%40example%2Ecom",
        ] {
            let shown = shown_of_address(&format!("no user <{repeated}> here"), ADDRESS).await;
            assert!(shown.contains("no user <[redacted]> here ("), "{repeated}: {shown}");
        }
    }

    #[tokio::test]
    async fn value_with_a_control_character_is_redacted() {
        for value in ["a\nb\u{200b}c", "pin\t4821"] {
            let shown = shown_of_command(&format!("no {value} here"), json!([value])).await;
            assert!(shown.contains("no [redacted] here ("), "{shown}");
            let shown = shown_of_command(&format!("no {} here", json!(value)), json!([value])).await;
            assert!(!shown.contains("4821") && !shown.contains("\\nb"), "{shown}");
        }
    }

    #[tokio::test]
    async fn sharp_s_and_dotted_i_do_not_uncover_a_value() {
        for (address, repeated) in
            [("Straße@example.com", "straße@example.com"), ("İnci@example.com", "İNCİ@example.com")]
        {
            let shown = shown_of_address(&format!("no {repeated}"), address).await;
            assert!(shown.contains("no [redacted] ("), "{shown}");
        }
    }
}

mod credentials {
    use super::*;

    #[tokio::test]
    async fn token_that_is_repeated_or_truncated_is_redacted() {
        for length in [8, 14, 20, TOKEN.len()] {
            let text = format!("invalid token {}\u{2026}", &TOKEN[..length]);
            let shown = shown_of_address(&text, "a@example.com").await;
            assert!(shown.contains("invalid token [redacted]\u{2026} ("), "{shown}");
        }
    }

    #[tokio::test]
    async fn token_that_ends_beyond_what_is_shown_is_redacted() {
        for before in [280, 290, 299] {
            let shown = shown_of_address(&format!("{}{TOKEN}", "x ".repeat(before / 2)), "a@example.com").await;
            assert!(!shown.contains(&TOKEN[..2]), "{shown}");
        }
    }

    #[tokio::test]
    async fn header_of_the_caller_is_redacted() {
        let call = |client: Client| client.open_lock(123).header("x-gateway-key", "made-up gateway key").send();
        let shown = error(message("no made-up gateway key"), call).await.to_string();
        assert!(shown.contains(": no [redacted] ("), "{shown}");
    }

    #[tokio::test]
    async fn page_is_not_in_the_debug_of_its_response() {
        let server = Server::start([Behaviour::status(200, "<a href='/open/made-up-key'>")]).await;
        let client = builder(server.url()).build().unwrap();
        let page = client.get_temp_key("key-1").send().await.unwrap();
        assert!(page.contains("made-up-key"));
        assert_eq!(format!("{page:?}"), "Response { status: 200, .. }");
    }

    #[tokio::test]
    async fn token_in_the_request_id_is_not_shown() {
        let header = vec![format!("x-request-id: id-{TOKEN}")];
        for (status, body) in [(404, ""), (500, "{}"), (200, "<html>"), (200, "")] {
            let server = Server::start([Behaviour::Respond(status, header.clone(), body.to_owned())]).await;
            let fixed = builder(server.url()).bearer_token(TOKEN).build().unwrap();
            let source = || async { Ok::<_, BoxError>(Token::new(TOKEN)) };
            let fetched = builder(server.url()).token_source(source).build().unwrap();
            for client in [fixed, fetched] {
                let error = client.open_lock(123).send().await.unwrap_err();
                assert!(error.to_string().contains(", request id id-[redacted])"), "{status}: {error}");
                let debug = format!("{error:?} {error:#?}");
                assert!(!debug.contains(&TOKEN[..12]), "{status}: {debug}");
            }
        }
    }
}

mod message {
    use super::*;

    #[tokio::test]
    async fn line_separator_and_direction_change_are_not_shown() {
        let text = "a\u{2028}b\u{2029}c\u{202e}d\u{202a}e\u{2066}f\u{200f}g\u{feff}h\ni\rj\tk\u{85}l\u{1b}m\u{0}n";
        let shown = shown_of_address(text, "a@example.com").await;
        assert!(shown.contains(": a b c d e f g h i j k l m n ("), "{shown}");
        let header = vec!["x-request-id: a\tb".to_owned()];
        let error = error(Behaviour::Respond(404, header, String::new()), |client| client.open_lock(1).send()).await;
        assert!(!error.to_string().contains(char::is_control), "{error}");
    }

    #[tokio::test]
    async fn long_message_and_equal_values_take_no_noticeable_time() {
        let value = "made-up value ".repeat(20);
        let text = "made-up valu ".repeat(63 * 1024 / 13);
        let started = Instant::now();
        let shown = shown_of_command(&text, json!(vec![value; 300])).await;
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
        assert!(shown.chars().count() < 600, "{} characters", shown.chars().count());
    }

    #[tokio::test]
    async fn nearly_equal_values_have_a_bounded_cost() {
        let values: Vec<_> = (0..300).map(|number| "made-up value ".repeat(20) + &number.to_string()).collect();
        let text = "made-up valu ".repeat(63 * 1024 / 13);
        let started = Instant::now();
        shown_of_command(&text, json!(values)).await;
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }

    #[tokio::test]
    async fn long_message_is_shown_up_to_300_characters() {
        let shown = shown_of_address(&"#".repeat(63 * 1024), "a@example.com").await;
        assert_eq!(shown.matches('#').count(), 300);
    }
}
