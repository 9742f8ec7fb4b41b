//! What is traced of a call: one span, by OpenTelemetry's names, and an event for each retry.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use spkey::mock::wiremock::matchers::any;
use spkey::mock::wiremock::{Mock, MockServer, ResponseTemplate};
use spkey::{Client, RetryPolicy};
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry;

type Fields = BTreeMap<String, String>;

/// Keeps the spans and events of this crate, with their fields as text.
#[derive(Clone, Default)]
struct Kept {
    spans: Arc<Mutex<Vec<(String, Fields)>>>,
    events: Arc<Mutex<Vec<Fields>>>,
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
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if attributes.metadata().target().starts_with("spkey") {
            let mut fields = Fields::new();
            attributes.record(&mut Into(&mut fields));
            self.spans.lock().unwrap().push((attributes.metadata().name().to_owned(), fields));
        }
    }

    fn on_record(&self, _: &Id, record: &Record<'_>, _: Context<'_, S>) {
        if let Some((_, fields)) = self.spans.lock().unwrap().last_mut() {
            record.record(&mut Into(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("spkey") {
            let mut fields = Fields::new();
            event.record(&mut Into(&mut fields));
            self.events.lock().unwrap().push(fields);
        }
    }
}

fn assert_has(fields: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(fields.get(*name).map(String::as_str), Some(*value), "{name} in {fields:?}");
    }
}

/// Makes a call to a server that responds with each status that many times.
async fn traced(responses: &[(u16, u64)]) -> (Kept, MockServer) {
    let server = MockServer::start().await;
    for (status, times) in responses {
        let response = ResponseTemplate::new(*status).set_body_json(json!({}));
        Mock::given(any()).respond_with(response).up_to_n_times(*times).mount(&server).await;
    }
    let client = Client::builder().base_url(server.uri()).api_key("k");
    let client = client.retry(RetryPolicy::default().base_delay(Duration::ZERO)).build().unwrap();
    let kept = Kept::default();
    let call = client.set_organization(4711).org_id("o").send();
    let _ = call.with_subscriber(registry().with(kept.clone())).await;
    (kept, server)
}

#[tokio::test]
async fn call_is_a_span_and_retry_an_event() {
    let (kept, server) = traced(&[(503, 1), (200, 1)]).await;
    let spans = kept.spans.lock().unwrap().clone();
    let [(name, fields)] = &spans[..] else { panic!("one span: {spans:?}") };
    assert_eq!(name, "spkey.call");
    assert_has(
        fields,
        &[
            ("otel.kind", "client"),
            ("spkey.operation", "set_organization"),
            ("http.request.method", "POST"),
            ("url.template", "/locks/{lockId}/SetOrganization"),
            ("server.address", "127.0.0.1"),
            ("server.port", &server.address().port().to_string()),
            ("http.response.status_code", "200"),
            ("spkey.attempts", "2"),
            ("spkey.outcome", "Applied"),
        ],
    );
    assert_eq!(fields.get("error.type"), None);
    let events = kept.events.lock().unwrap().clone();
    let [retry] = &events[..] else { panic!("one event: {events:?}") };
    let expected =
        [("message", "spkey.retry"), ("spkey.operation", "set_organization"), ("attempt", "1"), ("status", "503")];
    assert_has(retry, &expected);
    assert_has(retry, &[("wait_ms", "0"), ("cause", "Api")]);
    assert!(!format!("{spans:?} {events:?}").contains("4711"), "no value of the path");
}

#[tokio::test]
async fn failed_call_has_its_kind_and_outcome_in_the_span() {
    let (kept, _server) = traced(&[(404, 1)]).await;
    let spans = kept.spans.lock().unwrap().clone();
    let expected = [("http.response.status_code", "404"), ("spkey.attempts", "1"), ("spkey.outcome", "NotApplied")];
    assert_has(&spans[0].1, &expected);
    assert_has(&spans[0].1, &[("error.type", "Api")]);
    assert!(kept.events.lock().unwrap().is_empty());
}
