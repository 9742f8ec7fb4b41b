//! A secret of its own goes into every place that can hold one, and everything that can be printed is searched for all of
//! them.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod support;

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fmt::{Debug, Display};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use spkey::reqwest::Method;
use spkey::reqwest::redirect::Policy;
use spkey::{BoxError, Client, ClientBuilder, Error, Operation, ResponseValue, RetryPolicy, Secret, Token};
use support::behaviour::{Behaviour, ECHO, Part};
use support::calls::{CLASSES, USER, builder, call};
use support::{Server, nobody};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;

/// A secret a place, none like another.
struct Secrets {
    bearer: String,
    api_key: String,
    admin_key: String,
    password: String,
    pin: String,
    url: String,
    temp_key: String,
    email: String,
    body: String,
    cookie: String,
    answer: String,
}

impl Secrets {
    fn new() -> Self {
        let secret = || std::iter::repeat_with(fastrand::alphanumeric).take(24).collect::<String>();
        Self {
            bearer: secret(),
            api_key: secret(),
            admin_key: secret(),
            password: secret(),
            pin: std::iter::repeat_with(|| fastrand::digit(10)).take(16).collect(),
            url: secret(),
            temp_key: secret(),
            email: secret(),
            body: secret(),
            cookie: secret(),
            answer: secret(),
        }
    }

    fn all(&self) -> [(&'static str, &str); 11] {
        [
            ("bearer token", &self.bearer),
            ("API key", &self.api_key),
            ("admin key", &self.admin_key),
            ("password", &self.password),
            ("PIN", &self.pin),
            ("URL with a login", &self.url),
            ("temporary key", &self.temp_key),
            ("e-mail address", &self.email),
            ("value of a body", &self.body),
            ("cookie", &self.cookie),
            ("secret of an answer", &self.answer),
        ]
    }

    /// An address whose form on the wire is another than here.
    fn address(&self) -> String {
        format!("{}@example.com", self.email)
    }

    /// Answers that hold all that they can, and repeat the request, part by part.
    fn behaviours(&self) -> Vec<Behaviour> {
        let answer = &self.answer;
        let headers = vec![format!("set-cookie: id={}", self.cookie), format!("location: /keys/{}", self.temp_key)];
        let refusals = [
            json!({ "error": "Bad Request", "message": ECHO, "stack": answer }).to_string(),
            json!({ "error": ECHO, "trace": { "secret": answer } }).to_string(),
            json!({ "success": false, "errors": [ECHO, answer], "code": 7 }).to_string(),
            json!({ "details": [{ "field": ECHO, "message": ECHO, "code": answer }], "code": answer }).to_string(),
            format!("<html>{ECHO} {answer}</html>"),
        ];
        let secret = json!({ "pin": answer, "url": answer });
        let successes = [
            json!({ "success": true, "event": secret, "url": answer, "pin": answer }).to_string(),
            json!({ "success": answer, "event": 1, "email": { "x": answer }, "uuid": { "x": 1 } }).to_string(),
            json!([answer, ECHO]).to_string(),
            format!("<html>{ECHO} {answer}</html>"),
        ];
        let mut all = Vec::new();
        for part in [Part::Target, Part::DecodedTarget, Part::Credentials, Part::Body] {
            let refused = [302, 400, 401, 429, 500, 521]
                .into_iter()
                .flat_map(|status| refusals.iter().map(move |body| (status, body)));
            for (status, body) in refused.chain(successes.iter().map(|body| (200, body))) {
                all.push(Behaviour::Echo(status, headers.clone(), body.clone(), part));
            }
        }
        all.extend([Behaviour::ResetAfterRequest, Behaviour::CutBody, Behaviour::Gibberish, Behaviour::ReadNothing]);
        all
    }
}

/// Everything that was printed, and where.
#[derive(Default)]
struct Printed(Vec<(String, String)>);

impl Printed {
    fn text(&mut self, place: impl Display, text: impl Into<String>) {
        self.0.push((place.to_string(), text.into()));
    }

    fn debug(&mut self, value: &impl Debug) {
        let place = std::any::type_name_of_val(value);
        self.text(place, format!("{value:?} {value:#?}"));
    }

    fn error(&mut self, error: Error) {
        self.text("Display of an error", format!("{error} {error:#}"));
        self.debug(&error);
        self.debug(&error.api());
        self.debug(error.headers());
        self.debug(&error.request_id());
        let mut source = error.source();
        while let Some(error) = source {
            self.text("source of an error", format!("{error} {error:?} {error:#?}"));
            source = error.source();
        }
        let panic = catch_unwind(AssertUnwindSafe(|| failed(error).unwrap())).unwrap_err();
        self.text("panic", panic.downcast_ref::<String>().unwrap());
    }

    fn answer<T: Debug>(&mut self, answer: Result<ResponseValue<T>, Error>) {
        match answer {
            Err(error) => self.error(error),
            Ok(answer) => {
                self.debug(&answer);
                self.debug(answer.headers());
            }
        }
    }

    fn check(&self, secrets: &Secrets) {
        assert!(!self.0.is_empty());
        let mut leaks = BTreeMap::new();
        for (place, text) in &self.0 {
            for (name, secret) in secrets.all() {
                if text.to_ascii_lowercase().contains(&secret.to_ascii_lowercase()) {
                    leaks.entry(format!("{place} shows the {name}")).or_insert(text);
                }
            }
        }
        assert!(leaks.is_empty(), "{leaks:#?}");
    }
}

fn failed(error: Error) -> Result<(), Error> {
    Err(error)
}

/// What our own spans and events write, at every level.
#[derive(Clone, Default)]
struct Traces(Arc<Mutex<Vec<u8>>>);

impl Traces {
    fn install(&self) -> tracing::subscriber::DefaultGuard {
        let traces = self.clone();
        let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_span_events(FmtSpan::FULL);
        let layer = layer.with_writer(move || traces.clone());
        let ours = filter_fn(|metadata| metadata.target().starts_with("spkey"));
        tracing::subscriber::set_default(tracing_subscriber::registry().with(layer.with_filter(ours)))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Traces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

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

    let call = client.delete_unified_temp_key().temp_key_uuid(secrets.temp_key.as_str());
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

#[tokio::test]
async fn no_redirect_is_followed() {
    let elsewhere = Server::start([Behaviour::good()]).await;
    let port = elsewhere.url().rsplit(':').next().unwrap().to_owned();
    for status in 300..400 {
        for location in [
            elsewhere.url().to_owned(),
            format!("http://localhost:{port}/users/{USER}/profile"),
            format!("https://127.0.0.1:{port}/"),
            format!("//127.0.0.1:{port}/"),
            "/elsewhere".to_owned(),
        ] {
            let server = Server::start([Behaviour::with_header(status, &format!("location: {location}"))]).await;
            let client = builder(server.url()).bearer_token("made-up.token").build().unwrap();
            for (calls, class) in CLASSES.into_iter().enumerate() {
                let error = call(&client, class).await.unwrap_err();
                assert_eq!(error.status(), Some(status));
                assert_eq!(server.requests().len(), calls + 1, "{status} to {location} was followed");
            }
        }
    }
    assert_eq!(elsewhere.connections(), 0, "something was sent to where a redirect led");
}

#[tokio::test]
async fn no_redirect_is_followed_where_the_caller_allows_them() {
    let elsewhere = Server::start([Behaviour::good()]).await;
    for status in [301, 302, 303, 307, 308] {
        let redirect = Behaviour::with_header(status, &format!("location: {}/elsewhere", elsewhere.url()));
        let server = Server::start([redirect]).await;
        let client = builder(server.url()).http(|http| http.redirect(Policy::limited(5))).build().unwrap();
        for class in CLASSES {
            call(&client, class).await.unwrap_err();
        }
        let opened = client.open_temp_key().temp_key_uuid("made-up-key").send().await;
        assert_eq!(opened.is_ok(), status == 303, "{status}");
    }
    assert_eq!(elsewhere.connections(), 0, "something was sent to where a redirect led");
}
