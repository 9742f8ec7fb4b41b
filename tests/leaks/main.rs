//! One secret goes into each place that can hold one, and everything that can be printed is searched for all of them.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod calls;
mod printed;
mod redaction;
mod redirects;
mod secrets;
#[path = "../support/mod.rs"]
mod support;

use std::error::Error as _;
use std::fmt::Debug;
use std::time::Duration;

use calls::{calls, with_credentials};
use printed::{Printed, Traces};
use secrets::Secrets;
use serde_json::json;
use spkey::reqwest::Method;
use spkey::{BoxError, Client, Error, Operation, Response, Secret, Token};
use support::behaviour::Behaviour;
use support::calls::{CLASSES, USER, call};
use support::{Server, closed_port};

#[tokio::test]
async fn nothing_that_is_printed_shows_a_secret() {
    let (secrets, traces, mut printed) = (Secrets::new(), Traces::default(), Printed::default());
    let _installed = traces.install();
    for behaviour in secrets.behaviours() {
        let silent = behaviour == Behaviour::ReadNothing;
        let server = Server::start([behaviour]).await;
        let fixed = with_credentials(server.url(), &secrets).bearer_token(secrets.bearer.as_str());
        let source = |secret: &str| {
            let secret = secret.to_owned();
            move || {
                let token = Token::new(secret.as_str()).expires_in(Duration::from_secs(3600));
                async { Ok::<_, BoxError>(token) }
            }
        };
        let fetched = with_credentials(server.url(), &secrets).token_source(source(&secrets.bearer));
        let fetched = fetched.api_key_source(source(&secrets.api_key));
        for builder in [fixed, fetched] {
            let limit = if silent { Duration::from_millis(20) } else { Duration::from_secs(20) };
            let builder = builder.attempt_timeout(limit);
            printed.debug(&builder);
            let client = builder.build().unwrap();
            printed.debug(&client);
            calls(&client, &secrets, &mut printed).await;
        }
    }
    let client =
        with_credentials(&closed_port().await, &secrets).bearer_token(secrets.bearer.as_str()).build().unwrap();
    calls(&client, &secrets, &mut printed).await;

    let text = traces.text();
    assert!(text.contains("spkey.call") && text.contains("spkey.retry"), "nothing was traced: {text}");
    printed.text("traces", text);
    printed.check(&secrets);
}

fn rejected<T: Debug + 'static>(printed: &mut Printed, result: Result<Response<T>, Error>) {
    let error = result.unwrap_err();
    assert_eq!(error.attempts(), 0, "{error}");
    printed.error(error);
}

#[tokio::test]
async fn value_that_is_rejected_before_it_is_sent_is_not_shown() {
    let (secrets, mut printed) = (Secrets::new(), Printed::default());
    let bad = format!("{}\r\n{}", secrets.bearer, secrets.api_key);
    let builders = [
        Client::builder().bearer_token(bad.as_str()),
        Client::builder().api_key(bad.as_str()),
        Client::builder().bearer_token("x").admin(bad.as_str()),
        Client::builder().api_key("x").base_url(format!("https://x:{}@example.com", secrets.password)),
        Client::builder().api_key("x").base_url(format!("https://example.com?key={}", secrets.api_key)),
        Client::builder().api_key("x").base_url(format!("https://[{}", secrets.api_key)),
        Client::builder().api_key("x").base_url(format!("{}://example.com", secrets.invalid)),
    ];
    for builder in builders {
        printed.debug(&builder);
        printed.error(builder.build().unwrap_err());
    }
    let client = support::calls::client(&closed_port().await);
    let (invalid, key) = (secrets.invalid.as_str(), secrets.temp_key.as_str());
    rejected(&mut printed, client.get_user_profile(invalid).send().await);
    rejected(&mut printed, client.set_organization(secrets.pin.repeat(2)).org_id("made-up").send().await);
    rejected(&mut printed, client.delete_unified_temp_key(format!("../{key}")).send().await);
    rejected(&mut printed, client.open_lock(1).header("x-gateway-key", &format!("{}\n", secrets.header)).send().await);
    rejected(&mut printed, client.open_lock(1).header(&format!("{} :", secrets.header), "1").send().await);
    let call = client.request(Method::GET, "/locks/{lockId}").path_param("lock", key);
    rejected(&mut printed, call.send::<()>().await);
    let grant = client.add_accessible_lock(USER).access_level(invalid).lock_id(key);
    printed.debug(&grant);
    rejected(&mut printed, grant.send().await);
    printed.check(&secrets);
}

#[tokio::test]
async fn text_of_a_token_source_that_fails_is_not_shown() {
    let (secrets, traces, mut printed) = (Secrets::new(), Traces::default(), Printed::default());
    let _installed = traces.install();
    for fault in 0..3 {
        let token = secrets.bearer.clone();
        let source = move || {
            let token = token.clone();
            async move {
                match fault {
                    0 => Ok(Token::new(format!("{token}\n"))),
                    1 => Err::<_, BoxError>(token.into()),
                    _ => std::panic::resume_unwind(Box::new(token)),
                }
            }
        };
        let client = with_credentials(&closed_port().await, &secrets).token_source(source).build().unwrap();
        let error = call(&client, CLASSES[0]).await.unwrap_err();
        // The source's own error is the caller's, who knows what is in its text.
        assert_eq!(error.source().map(ToString::to_string), (fault == 1).then(|| secrets.bearer.clone()));
        printed.text("Display of an error", error.to_string());
        printed.debug(&error);
        printed.debug(&client);
    }
    printed.text("traces", traces.text());
    printed.check(&secrets);
}

#[test]
fn debug_of_what_holds_a_secret_does_not_show_it() {
    let (secrets, mut printed) = (Secrets::new(), Printed::default());
    printed.debug(&Secret::from(secrets.pin.as_str()));
    printed.debug(&Token::new(secrets.bearer.as_str()).expires_in(Duration::from_secs(1)));
    printed.debug(&spkey::SensitiveJson::from(json!({ "pin": secrets.pin })));
    printed.debug(&Operation::find("open_temp_key"));
    printed.check(&secrets);
}
