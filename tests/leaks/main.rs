//! A secret of its own goes into every place that can hold one, and everything that can be printed is searched for all of
//! them.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod printed;
mod redirects;
mod secrets;
#[path = "../support/mod.rs"]
mod support;

use std::error::Error as _;
use std::time::Duration;

use printed::{Printed, Traces};
use secrets::Secrets;
use serde_json::json;
use spkey::reqwest::Method;
use spkey::{BoxError, Client, ClientBuilder, Operation, RetryPolicy, Secret, Token};
use support::behaviour::Behaviour;
use support::calls::{CLASSES, USER, builder, call};
use support::{Server, nobody};

/// Makes a call for each place of a request that can hold a secret.
async fn calls(client: &Client, secrets: &Secrets, printed: &mut Printed) {
    let call = client.get_user_by_email().email(secrets.address());
    printed.debug(&call);
    printed.answer(call.send().await);

    let call = client.open_lock_with_pin().lock_id(1).body_map(|body| body.pin(secrets.pin.as_str()));
    printed.debug(&call);
    printed.answer(call.send().await);

    let call = client.set_matter_pin().device_id(&secrets.body).body_map(|body| body.pin_code(secrets.pin.as_str()));
    printed.debug(&call);
    printed.answer(call.send().await);

    // Its form on the wire is another than here.
    let call = client.delete_unified_temp_key().temp_key_uuid(format!("{} 1", secrets.temp_key));
    printed.debug(&call);
    printed.answer(call.send().await);

    let call = client.open_temp_key().temp_key_uuid(secrets.temp_key.as_str());
    printed.debug(&call);
    printed.answer(call.send().await);

    let call = client.set_organization().lock_id(1).body_map(|body| body.org_id(&secrets.body));
    printed.debug(&call);
    printed.answer(call.send().await);

    let call = client.add_resident().lock_id(1).body_map(|body| body.name(&secrets.body).email(secrets.address()));
    printed.debug(&call);
    printed.answer(call.send().await);

    let call = client.admin_create_rtsp_camera().body_map(|camera| {
        let url = format!("rtsp://x:{}@camera", secrets.url);
        let camera = camera.camera_id(&secrets.body).name(&secrets.body).rtsp_url(url.as_str());
        camera.username(secrets.body.as_str()).password(secrets.password.as_str())
    });
    printed.debug(&call);
    printed.answer(call.send().await);

    let call = client.request(Method::POST, "/users/{userId}/Anything").path_param("userId", &secrets.temp_key);
    let call = call.query("email", secrets.address()).json(&json!({ "deep": [{ "pin": secrets.pin }] }));
    printed.answer(call.send::<spkey::OpaqueJson>().await);
}

fn with_credentials(url: &str, secrets: &Secrets) -> ClientBuilder {
    let policy = RetryPolicy::default().base_delay(Duration::ZERO).max_attempts(2);
    let builder = builder(url).retry(policy).attempt_timeout(Duration::from_secs(20));
    builder.api_key(secrets.api_key.as_str()).admin(secrets.admin_key.as_str())
}

#[tokio::test]
async fn nothing_that_is_printed_shows_a_secret() {
    let (secrets, traces, mut printed) = (Secrets::new(), Traces::default(), Printed::default());
    let _installed = traces.install();
    for behaviour in secrets.behaviours() {
        let silent = behaviour == Behaviour::ReadNothing;
        let server = Server::start([behaviour]).await;
        let fixed = with_credentials(server.url(), &secrets).bearer_token(secrets.bearer.as_str());
        let token = secrets.bearer.clone();
        let source = move || {
            let token = Token::new(token.as_str()).expires_in(Duration::from_secs(3600));
            async { Ok::<_, BoxError>(token) }
        };
        let fetched = with_credentials(server.url(), &secrets).token_source(source);
        for builder in [fixed, fetched] {
            let limit = if silent { Duration::from_millis(20) } else { Duration::from_secs(20) };
            let builder = builder.attempt_timeout(limit);
            printed.debug(&builder);
            let client = builder.build().unwrap();
            printed.debug(&client);
            calls(&client, &secrets, &mut printed).await;
        }
    }
    let client = with_credentials(&nobody().await, &secrets).bearer_token(secrets.bearer.as_str()).build().unwrap();
    calls(&client, &secrets, &mut printed).await;

    let text = traces.text();
    assert!(text.contains("spkey.call") && text.contains("spkey.retry"), "nothing was traced: {text}");
    printed.text("traces", text);
    printed.check(&secrets);
}

#[tokio::test]
async fn what_is_refused_before_it_is_sent_is_not_shown() {
    let (secrets, mut printed) = (Secrets::new(), Printed::default());
    let bad = format!("{}\r\n{}", secrets.bearer, secrets.api_key);
    let builders = [
        Client::builder().bearer_token(bad.as_str()),
        Client::builder().api_key(bad.as_str()),
        Client::builder().bearer_token("x").admin(bad.as_str()),
        Client::builder().api_key("x").base_url(format!("https://x:{}@example.com", secrets.password)),
        Client::builder().api_key("x").base_url(format!("https://example.com?key={}", secrets.api_key)),
        Client::builder().api_key("x").base_url(format!("https://[{}", secrets.api_key)),
        Client::builder().api_key("x").base_url(format!("{}://example.com", secrets.body)),
    ];
    for builder in builders {
        printed.debug(&builder);
        printed.error(builder.build().unwrap_err());
    }
    let client = support::calls::client(&nobody().await);
    printed.error(client.get_user_profile().user_id(secrets.temp_key.as_str()).send().await.unwrap_err());
    printed.error(client.set_organization().lock_id(secrets.pin.as_str().repeat(2).as_str()).send().await.unwrap_err());
    printed.error(
        client.delete_unified_temp_key().temp_key_uuid(format!("../{}", secrets.temp_key)).send().await.unwrap_err(),
    );
    let call = client.request(Method::GET, "/locks/{lockId}").path_param("lock", &secrets.temp_key);
    printed.error(call.send::<()>().await.unwrap_err());
    let grant = client.add_accessible_lock().user_id(USER);
    let grant = grant.body_map(|grant| grant.access_level(secrets.body.as_str()).lock_id(secrets.temp_key.as_str()));
    printed.debug(&grant);
    printed.error(grant.send().await.unwrap_err());
    printed.check(&secrets);
}

#[tokio::test]
async fn a_token_source_that_fails_is_not_quoted() {
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
        let client = with_credentials(&nobody().await, &secrets).token_source(source).build().unwrap();
        let error = call(&client, CLASSES[0]).await.unwrap_err();
        // The source's own error is the caller's, and its text is where the caller put it.
        assert_eq!(error.source().map(ToString::to_string), (fault == 1).then(|| secrets.bearer.clone()));
        printed.text("Display of an error", error.to_string());
        printed.debug(&error);
        printed.debug(&client);
    }
    printed.text("traces", traces.text());
    printed.check(&secrets);
}

#[test]
fn what_holds_a_secret_does_not_show_it() {
    let (secrets, mut printed) = (Secrets::new(), Printed::default());
    printed.debug(&Secret::from(secrets.pin.as_str()));
    printed.debug(&Token::new(secrets.bearer.as_str()).expires_in(Duration::from_secs(1)));
    printed.debug(&spkey::OpaqueJson::from(json!({ "pin": secrets.pin })));
    printed.debug(&Operation::find("open_temp_key"));
    printed.check(&secrets);
}
