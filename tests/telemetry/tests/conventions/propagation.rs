use std::str::FromStr;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, TraceState};

use crate::recorded::{Spans, builder};
use crate::support::Server;
use crate::support::behaviour::Behaviour;

/// The value of a header of each request.
fn sent(server: &Server, name: &str) -> Vec<Option<String>> {
    let value = |head: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.map(ToOwned::to_owned)
    };
    server.requests().iter().map(|request| value(&request.head)).collect()
}

/// A context as it comes from another program.
fn remote(flags: TraceFlags) -> Context {
    let state = TraceState::from_str("vendor=made-up").unwrap();
    let span = SpanContext::new(TraceId::from(0xaa), SpanId::from(0xbb), flags, true, state);
    Context::new().with_remote_span_context(span)
}

#[tokio::test]
async fn each_attempt_sends_the_context_of_its_own_span() {
    let spans = Spans::install();
    let server = Server::start([Behaviour::status(503, ""), Behaviour::good()]).await;
    let client = builder(server.url()).build().unwrap();
    client.set_organization(123).org_id("made-up").send().await.unwrap();
    let attempts: Vec<_> = spans
        .ended()
        .into_iter()
        .filter(|span| span.span_kind == SpanKind::Client)
        .map(|span| span.span_context)
        .collect();
    let expected: Vec<_> =
        attempts.iter().map(|span| Some(format!("00-{}-{}-01", span.trace_id(), span.span_id()))).collect();
    assert_eq!(expected.len(), 2);
    assert_eq!(sent(&server, "traceparent"), expected);
    assert_eq!(sent(&server, "tracestate"), [None, None]);
}

#[tokio::test]
async fn context_is_sent_without_spans_too_with_its_state() {
    for (flags, text) in [(TraceFlags::SAMPLED, "01"), (TraceFlags::NOT_SAMPLED, "00")] {
        let server = Server::start([Behaviour::good()]).await;
        let client = builder(server.url()).build().unwrap();
        let attached = remote(flags).attach();
        client.open_lock(123).send().await.unwrap();
        drop(attached);
        let parent = format!("00-{:032x}-{:016x}-{text}", 0xaa, 0xbb);
        assert_eq!(sent(&server, "traceparent"), [Some(parent)]);
        assert_eq!(sent(&server, "tracestate"), [Some("vendor=made-up".to_owned())]);
    }
}

#[tokio::test]
async fn nothing_is_sent_without_a_context_and_a_header_of_the_caller_stays() {
    let server = Server::start([Behaviour::good()]).await;
    let client = builder(server.url()).build().unwrap();
    client.open_lock(123).send().await.unwrap();
    let attached = remote(TraceFlags::SAMPLED).attach();
    client.open_lock(123).header("traceparent", "the caller's").send().await.unwrap();
    drop(attached);
    assert_eq!(sent(&server, "traceparent"), [None, Some("the caller's".to_owned())]);
    assert_eq!(sent(&server, "tracestate"), [None, None]);
}
