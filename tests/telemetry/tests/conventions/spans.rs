use std::time::{Duration, SystemTime};

use opentelemetry::Value;
use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;
use tokio::time::timeout;

use crate::recorded::{Spans, attribute, builder};
use crate::support::behaviour::Behaviour;
use crate::support::{Server, closed_port};

/// The call and its attempts.
fn call_and_attempts(spans: &Spans) -> (SpanData, Vec<SpanData>) {
    let (calls, attempts): (Vec<_>, Vec<_>) =
        spans.ended().into_iter().partition(|span| span.span_kind == SpanKind::Internal);
    assert_eq!(calls.len(), 1, "{calls:?}");
    for attempt in &attempts {
        assert_eq!((&attempt.span_kind, attempt.parent_span_id), (&SpanKind::Client, calls[0].span_context.span_id()));
    }
    (calls[0].clone(), attempts)
}

fn assert_has(span: &SpanData, expected: &[(&str, Value)]) {
    for (name, value) in expected {
        assert_eq!(attribute(&span.attributes, name).as_ref(), Some(value), "{name} of {}", span.name);
    }
}

fn duration(span: &SpanData) -> Duration {
    span.end_time.duration_since(span.start_time).unwrap()
}

fn responds(status: u16) -> Behaviour {
    Behaviour::Respond(status, vec!["x-request-id: 8f2e-FRA".into()], "{}".into())
}

#[tokio::test]
async fn each_attempt_is_a_client_span_in_the_span_of_its_call() {
    let (spans, server) = (Spans::install(), Server::start([responds(503), responds(200)]).await);
    let client = builder(server.url()).build().unwrap();
    client.set_organization(123).org_id("made-up").send().await.unwrap();

    let (call, attempts) = call_and_attempts(&spans);
    assert_eq!(
        (&*call.name, call.parent_span_id, &call.status),
        ("spkey.set_organization", SpanId::INVALID, &Status::Unset)
    );
    assert_has(&call, &[("spkey.attempts", 2.into()), ("spkey.outcome", "applied".into())]);
    assert_has(&call, &[("http.response.status_code", 200.into())]);
    assert_eq!(call.events.events.iter().map(|event| &*event.name).collect::<Vec<_>>(), ["spkey.retry"]);

    let [first, second] = &attempts[..] else { panic!("two attempts: {attempts:?}") };
    let port: i64 = server.url().rsplit(':').next().unwrap().parse().unwrap();
    for attempt in [first, second] {
        assert_eq!(attempt.name, "POST /locks/{lockId}/SetOrganization");
        assert_has(attempt, &[("http.request.method", "POST".into()), ("server.port", port.into())]);
        assert_has(attempt, &[("url.template", "/locks/{lockId}/SetOrganization".into())]);
        assert_has(attempt, &[("server.address", "127.0.0.1".into()), ("spkey.request_id", "8f2e-FRA".into())]);
        assert!(duration(attempt) <= duration(&call));
    }
    assert_eq!(first.status, Status::error(""));
    assert_has(first, &[("http.response.status_code", 503.into()), ("error.type", "503".into())]);
    assert_eq!(attribute(&first.attributes, "http.request.resend_count"), None);
    assert_eq!(second.status, Status::Unset);
    assert_has(second, &[("http.response.status_code", 200.into()), ("http.request.resend_count", 1.into())]);
    assert_has(second, &[("spkey.retry.wait_ms", 0.into())]);
    assert_eq!(attribute(&second.attributes, "error.type"), None);
}

#[tokio::test]
async fn attempt_has_its_own_duration_and_the_wait_before_it() {
    let retry_after = Behaviour::Respond(429, vec!["retry-after: 1".into()], "{}".into());
    let (spans, server) = (Spans::install(), Server::start([retry_after, responds(200)]).await);
    builder(server.url()).build().unwrap().open_lock(123).send().await.unwrap();
    let (call, attempts) = call_and_attempts(&spans);
    let wait = attribute(&attempts[1].attributes, "spkey.retry.wait_ms");
    assert!(matches!(wait, Some(Value::I64(1000..))), "{wait:?}");
    let between = attempts[1].start_time.duration_since(attempts[0].end_time).unwrap();
    assert!(between >= Duration::from_millis(990), "{between:?}");
    let attempts: Duration = attempts.iter().map(duration).sum();
    assert!(duration(&call) >= between + attempts, "the wait is the call's and not an attempt's");
}

#[tokio::test]
async fn failures_are_errors_with_the_status_or_the_kind() {
    for (behaviour, error_type, status) in [
        (responds(404), "404", Some(404)),
        (responds(500), "500", Some(500)),
        (Behaviour::CloseAfterRequest, "transport", None),
        (Behaviour::Stall, "timeout", None),
        (Behaviour::TruncatedBody, "transport", Some(200)),
    ] {
        let (spans, server) = (Spans::install(), Server::start([behaviour.clone()]).await);
        let client = builder(server.url()).attempt_timeout(Duration::from_millis(300)).build().unwrap();
        client.open_lock(123).send().await.unwrap_err();
        let (call, attempts) = call_and_attempts(&spans);
        assert_eq!(attempts.len(), 1, "{behaviour:?}");
        for span in [&call, &attempts[0]] {
            assert_eq!(span.status, Status::error(""), "{behaviour:?}");
            assert_has(span, &[("error.type", error_type.into())]);
            let recorded = attribute(&span.attributes, "http.response.status_code");
            assert_eq!(recorded, status.map(Value::I64), "{behaviour:?}");
        }
    }
    let spans = Spans::install();
    builder(&closed_port().await).build().unwrap().open_lock(123).send().await.unwrap_err();
    let (call, attempts) = call_and_attempts(&spans);
    assert_has(&call, &[("error.type", "connect".into()), ("spkey.outcome", "not-applied".into())]);
    assert_eq!(attempts.len(), 3);
    assert_has(&attempts[2], &[("error.type", "connect".into()), ("http.request.resend_count", 2.into())]);
}

#[tokio::test]
async fn call_that_is_dropped_is_a_cancelled_error_that_ended_when_it_was_dropped() {
    let (spans, server) = (Spans::install(), Server::start([Behaviour::Stall]).await);
    let client = builder(server.url()).build().unwrap();
    let mut call = Box::pin(client.open_lock(123).send());
    while server.requests().is_empty() {
        assert!(timeout(Duration::from_millis(5), call.as_mut()).await.is_err());
    }
    let before = SystemTime::now();
    drop(call);
    let (call, attempts) = call_and_attempts(&spans);
    for span in [&call, &attempts[0]] {
        assert_eq!(span.status, Status::error(""));
        assert_has(span, &[("error.type", "cancelled".into())]);
        assert!(span.end_time >= before, "{}", span.name);
    }
    assert_has(&call, &[("spkey.outcome", "unknown".into()), ("spkey.attempts", 1.into())]);
}
