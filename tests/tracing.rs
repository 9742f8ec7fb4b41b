//! What is traced of a call: a span with one for each attempt in it, by OpenTelemetry's names, and an event for each retry.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use spkey::mock::wiremock::matchers::any;
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};
use spkey::{BoxError, Client, ClientBuilder, RetryPolicy, Token};
use support::behaviour::Behaviour;
use support::calls::USER;
use support::{Server, closed_port};
use tokio::time::timeout;
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::set_default;
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry;

type Fields = BTreeMap<String, String>;

/// Keeps the spans and events of this crate, with their fields as text.
#[derive(Clone, Default)]
struct Kept {
    spans: Arc<Mutex<Vec<KeptSpan>>>,
    events: Arc<Mutex<Vec<Fields>>>,
}

impl Kept {
    /// A subscriber without the spans of other crates: one of a connection may live longer than the call that opened it, and
    /// keeps the call's open.
    fn subscriber(&self) -> impl Subscriber + Send + Sync + 'static {
        let ours = filter_fn(|metadata| metadata.target().starts_with("spkey"));
        registry().with(self.clone().with_filter(ours))
    }
}

#[derive(Clone, Debug)]
struct KeptSpan {
    id: Id,
    name: &'static str,
    parent: Option<Id>,
    fields: Fields,
    is_closed: bool,
}

struct Into<'a>(&'a mut Fields);

impl Visit for Into<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

impl<S: Subscriber> Layer<S> for Kept {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::new();
        attributes.record(&mut Into(&mut fields));
        let (id, name, parent) = (id.clone(), attributes.metadata().name(), context.current_span().id().cloned());
        self.spans.lock().unwrap().push(KeptSpan { id, name, parent, fields, is_closed: false });
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, _: Context<'_, S>) {
        if let Some(span) = self.spans.lock().unwrap().iter_mut().find(|span| span.id == *id) {
            record.record(&mut Into(&mut span.fields));
        }
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        if let Some(span) = self.spans.lock().unwrap().iter_mut().find(|span| span.id == id && !span.is_closed) {
            span.is_closed = true;
            // The registry uses the ids of closed spans again.
            span.id = Id::from_u64(u64::MAX);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Into(&mut fields));
        self.events.lock().unwrap().push(fields);
    }
}

fn assert_has(fields: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(fields.get(*name).map(String::as_str), Some(*value), "{name} in {fields:?}");
    }
}

/// The only span of that name.
fn only(kept: &Kept, name: &str) -> Fields {
    let spans = named(kept, name);
    assert_eq!(spans.len(), 1, "{spans:?}");
    spans[0].fields.clone()
}

fn named(kept: &Kept, name: &str) -> Vec<KeptSpan> {
    kept.spans.lock().unwrap().iter().filter(|span| span.name == name).cloned().collect()
}

fn builder(url: &str) -> ClientBuilder {
    Client::builder().base_url(url).api_key("k").retry(RetryPolicy::default().base_delay(Duration::ZERO))
}

/// Makes a call to a server that responds with each status that many times.
async fn traced(responses: &[(u16, u64)]) -> (Kept, MockServer) {
    let server = MockServer::start().await;
    for (status, times) in responses {
        let response = ResponseTemplate::new(*status).set_body_json(json!({})).insert_header("cf-ray", "8f2e-FRA");
        Mock::given(any()).respond_with(response).up_to_n_times(*times).mount(&server).await;
    }
    let client = builder(&server.uri()).build().unwrap();
    let kept = Kept::default();
    let call = client.set_organization(4711).org_id("o").send();
    let _ = call.with_subscriber(kept.subscriber()).await;
    (kept, server)
}

#[tokio::test]
async fn call_is_a_span_each_attempt_one_in_it_and_a_retry_an_event() {
    let (kept, server) = traced(&[(503, 1), (200, 1)]).await;
    let call = only(&kept, "spkey.call");
    assert_has(&call, &[("otel.name", "spkey.set_organization"), ("otel.kind", "internal")]);
    assert_has(&call, &[("spkey.operation", "set_organization"), ("http.response.status_code", "200")]);
    assert_has(&call, &[("spkey.attempts", "2"), ("spkey.outcome", "applied")]);
    assert_eq!((call.get("error.type"), call.get("otel.status_code")), (None, None));

    let attempts = named(&kept, "spkey.attempt");
    let [first, second] = &attempts[..] else { panic!("two attempts: {attempts:?}") };
    let port = server.address().port().to_string();
    for attempt in [first, second] {
        assert_has(&attempt.fields, &[("otel.name", "POST /locks/{lockId}/SetOrganization"), ("otel.kind", "client")]);
        assert_has(&attempt.fields, &[("spkey.operation", "set_organization"), ("http.request.method", "POST")]);
        assert_has(&attempt.fields, &[("url.template", "/locks/{lockId}/SetOrganization")]);
        assert_has(&attempt.fields, &[("server.address", "127.0.0.1"), ("server.port", &port)]);
        assert_has(&attempt.fields, &[("spkey.request_id", "8f2e-FRA")]);
        assert!(attempt.parent.is_some() && attempt.is_closed, "{attempt:?}");
    }
    assert_eq!(first.parent, second.parent);
    assert_has(
        &first.fields,
        &[("http.response.status_code", "503"), ("error.type", "503"), ("otel.status_code", "ERROR")],
    );
    assert_has(&second.fields, &[("http.response.status_code", "200")]);
    assert_has(&second.fields, &[("http.request.resend_count", "1"), ("spkey.retry.wait_ms", "0")]);
    for (attempt, name) in
        [(first, "http.request.resend_count"), (first, "spkey.retry.wait_ms"), (second, "error.type")]
    {
        assert_eq!(attempt.fields.get(name), None, "{name}");
    }

    let events = kept.events.lock().unwrap().clone();
    let [retry] = &events[..] else { panic!("one event: {events:?}") };
    assert_has(retry, &[("message", "spkey.retry"), ("spkey.operation", "set_organization"), ("attempt", "1")]);
    assert_has(retry, &[("wait_ms", "0"), ("http.response.status_code", "503"), ("error.type", "503")]);
    assert!(!format!("{:?} {events:?}", kept.spans.lock().unwrap()).contains("4711"), "no value of the path");
}

#[tokio::test]
async fn failed_call_and_its_attempt_have_the_status_as_error_type() {
    let (kept, _server) = traced(&[(404, 1)]).await;
    for name in ["spkey.call", "spkey.attempt"] {
        let fields = only(&kept, name);
        let expected = [("http.response.status_code", "404"), ("error.type", "404"), ("otel.status_code", "ERROR")];
        assert_has(&fields, &expected);
    }
    assert_has(&only(&kept, "spkey.call"), &[("spkey.attempts", "1"), ("spkey.outcome", "not-applied")]);
    assert!(kept.events.lock().unwrap().is_empty());
}

#[tokio::test]
async fn failure_without_a_status_has_its_kind_as_error_type() {
    let kept = Kept::default();
    let client = builder(&closed_port().await).build().unwrap();
    let call = client.open_lock(123).send();
    call.with_subscriber(kept.subscriber()).await.unwrap_err();
    assert_has(&only(&kept, "spkey.call"), &[("error.type", "connect"), ("spkey.attempts", "3")]);
    assert_has(&only(&kept, "spkey.call"), &[("spkey.outcome", "not-applied"), ("otel.status_code", "ERROR")]);
    assert_eq!(named(&kept, "spkey.attempt").len(), 3);
}

#[tokio::test]
async fn success_that_cannot_be_read_is_a_failure_of_the_call_and_not_of_the_attempt() {
    let server = Server::start([Behaviour::Respond(200, Vec::new(), "not JSON".into())]).await;
    let kept = Kept::default();
    let client = builder(server.url()).build().unwrap();
    client.open_lock(123).send().with_subscriber(kept.subscriber()).await.unwrap_err();
    let call = only(&kept, "spkey.call");
    assert_has(&call, &[("error.type", "decode"), ("spkey.outcome", "applied"), ("otel.status_code", "ERROR")]);
    let attempt = only(&kept, "spkey.attempt");
    assert_has(&attempt, &[("http.response.status_code", "200")]);
    assert_eq!(attempt.get("error.type"), None);
}

#[tokio::test]
async fn call_that_cannot_be_sent_has_no_attempt() {
    let kept = Kept::default();
    let client = builder(&closed_port().await).build().unwrap();
    client.set_organization(123).send().with_subscriber(kept.subscriber()).await.unwrap_err();
    assert_has(&only(&kept, "spkey.call"), &[("error.type", "request"), ("spkey.attempts", "0")]);
    assert!(named(&kept, "spkey.attempt").is_empty());
}

fn after_three_polls() -> impl FnMut() -> bool {
    let mut polls = 0;
    move || {
        polls += 1;
        polls > 3
    }
}

/// Begins a call, and drops it once the condition holds.
async fn dropped<T>(call: impl Future<Output = T>, mut condition: impl FnMut() -> bool) -> Kept {
    let kept = Kept::default();
    // Not `with_subscriber`: it ends before the spans are dropped, and a span gives its parent back to the current subscriber.
    let _installed = set_default(kept.subscriber());
    let mut call = Box::pin(call);
    while !condition() {
        let polled = timeout(Duration::from_millis(5), call.as_mut()).await;
        assert!(polled.is_err(), "the call ended");
    }
    drop(call);
    for span in kept.spans.lock().unwrap().iter() {
        assert!(span.is_closed, "{span:?}");
    }
    kept
}

#[tokio::test]
async fn call_that_is_dropped_after_it_was_sent_is_cancelled_and_unknown() {
    let server = Server::start([Behaviour::Stall]).await;
    let client = builder(server.url()).build().unwrap();
    let kept = dropped(client.open_lock(123).send(), || !server.requests().is_empty()).await;
    let call = only(&kept, "spkey.call");
    assert_has(&call, &[("error.type", "cancelled"), ("spkey.outcome", "unknown"), ("otel.status_code", "ERROR")]);
    assert_has(&call, &[("spkey.attempts", "1")]);
    assert_has(&only(&kept, "spkey.attempt"), &[("error.type", "cancelled"), ("otel.status_code", "ERROR")]);
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn call_that_is_dropped_before_its_connection_stands_is_cancelled_and_not_applied() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let client = builder(&url).http(|http| http.tls_certs_only([])).build().unwrap();
    let kept = dropped(client.open_lock(123).send(), after_three_polls()).await;
    let call = only(&kept, "spkey.call");
    assert_has(&call, &[("error.type", "cancelled"), ("spkey.outcome", "not-applied"), ("spkey.attempts", "1")]);
    assert_has(&only(&kept, "spkey.attempt"), &[("error.type", "cancelled")]);
}

#[tokio::test]
async fn call_that_is_dropped_while_it_waits_for_a_token_is_not_applied_and_has_no_attempt() {
    let client = builder(&closed_port().await).token_source(pending::<Result<Token, BoxError>>).build().unwrap();
    let kept = dropped(client.open_lock(123).send(), after_three_polls()).await;
    let call = only(&kept, "spkey.call");
    assert_has(&call, &[("error.type", "cancelled"), ("spkey.outcome", "not-applied"), ("spkey.attempts", "0")]);
    assert!(named(&kept, "spkey.attempt").is_empty());
}

#[tokio::test]
async fn call_that_is_dropped_while_it_waits_for_a_retry_keeps_what_its_attempts_amount_to() {
    let server = Server::start([Behaviour::status(503, "")]).await;
    let policy = RetryPolicy::default().base_delay(Duration::from_secs(3600)).max_delay(Duration::from_secs(3600));
    let client = builder(server.url()).retry(policy).timeout(Duration::from_secs(7200)).build().unwrap();
    let kept = Kept::default();
    let mut call = Box::pin(client.get_user_profile(USER).send().with_subscriber(kept.subscriber()));
    while !named(&kept, "spkey.attempt").first().is_some_and(|attempt| attempt.is_closed) {
        assert!(timeout(Duration::from_millis(5), call.as_mut()).await.is_err(), "the call ended");
    }
    drop(call);
    let call = only(&kept, "spkey.call");
    assert_has(&call, &[("error.type", "cancelled"), ("spkey.outcome", "unknown"), ("spkey.attempts", "1")]);
}
