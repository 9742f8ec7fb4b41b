//! What a program's OpenTelemetry gets of two calls to a mock of the service: one that is retried, whose event a webhook delivers,
//! and one that is dropped.
//!
//! ```sh
//! cargo run -p spkey-telemetry-tests --example telemetry
//! ```
//!
//! The exporters keep everything in memory, to be printed; in production they are those of `opentelemetry-otlp`.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::time::Duration;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanId, Status, TraceContextExt, TracerProvider};
use opentelemetry::{KeyValue, global};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, HistogramDataPoint, Metric, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, SdkMeterProvider};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use spkey::DomainEvent;
use spkey::mock::{self, DeliveryRequest, MockSpKey};
use spkey::types::{CommandResult, LockOpenRequestedEvent};
use spkey::webhook::Delivery;
use tracing::{Instrument, Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    print!("{}", run().await?);
    Ok(())
}

pub(crate) async fn run() -> Result<String, AnyError> {
    let span_exporter = InMemorySpanExporter::default();
    let tracers = SdkTracerProvider::builder().with_simple_exporter(span_exporter.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(tracers.tracer("example"));
    // What tells of the program's own source and threads is left out here.
    let layer = layer.with_location(false).with_threads(false).with_target(false).with_tracked_inactivity(false);
    tracing_subscriber::registry().with(tracing::level_filters::LevelFilter::INFO).with(layer).try_init()?;

    let metric_exporter = InMemoryMetricExporter::default();
    let meters = SdkMeterProvider::builder().with_periodic_exporter(metric_exporter.clone()).build();
    global::set_meter_provider(meters.clone()); // before the client is built

    let mock = MockSpKey::start().await;
    let spkey = mock.client();
    let busy = mock.given(spkey.open_lock(123)).fail(429, "slow down").header("cf-ray", "8f2e-FRA");
    busy.respond_with(CommandResult::default()).header("cf-ray", "8f2f-FRA");
    mock.given(spkey.open_lock(456)).delay(Duration::from_secs(60));

    let handler = info_span!("POST /doors/{door}/open", otel.kind = "server");
    // The event repeats the id of the request: by it, the webhook continues the trace.
    let request_id = traceparent(&handler);
    spkey.open_lock(123).reason("parcel").request_id(&request_id).send().instrument(handler).await?;
    let event = LockOpenRequestedEvent { request_id: Some(request_id), ..LockOpenRequestedEvent::default() };
    receive(&mock::delivery(DomainEvent::LockOpenRequested(event)))?;
    // A web framework drops the handler, and the call in it, when its client goes away.
    let handler = info_span!("POST /doors/{door}/open", otel.kind = "server");
    let gone = tokio::time::timeout(Duration::from_millis(200), spkey.open_lock(456).send().instrument(handler)).await;
    assert!(gone.is_err(), "the call was dropped");

    tracers.force_flush()?;
    meters.force_flush()?;
    let mut text = String::new();
    let spans = span_exporter.get_finished_spans()?;
    write_spans(&mut text, &spans, SpanId::INVALID, 0)?;
    for metrics in metric_exporter.get_finished_metrics()?.last().iter().flat_map(|last| last.scope_metrics()) {
        metrics.metrics().try_for_each(|metric| write_metric(&mut text, metric))?;
    }
    Ok(text)
}

/// The span as the header `traceparent` has it.
fn traceparent(span: &Span) -> String {
    let context = span.context();
    let context = context.span().span_context().clone();
    format!("00-{}-{}-01", context.trace_id(), context.span_id())
}

/// The receiver of the webhook.
fn receive(request: &DeliveryRequest) -> Result<(), AnyError> {
    let delivery = Delivery::parse(&request.headers(), &request.body())?;
    let Some(DomainEvent::LockOpenRequested(opened)) = delivery.event() else { return Ok(()) };
    let handler = info_span!("webhook LockOpenRequested", otel.kind = "consumer");
    if let Some(id) = opened.request_id {
        let carrier = HashMap::from([("traceparent".to_owned(), id)]);
        handler.set_parent(TraceContextPropagator::new().extract(&carrier))?;
    }
    handler.in_scope(|| tracing::info!(target: "webhook", "the door was opened"));
    Ok(())
}

/// Writes the spans in the order in which they began, each with those in it.
fn write_spans(text: &mut String, spans: &[SpanData], parent: SpanId, depth: usize) -> std::fmt::Result {
    let mut children: Vec<_> = spans.iter().filter(|span| span.parent_span_id == parent).collect();
    children.sort_by_key(|span| span.start_time);
    for span in children {
        let took = span.end_time.duration_since(span.start_time).unwrap_or_default().as_millis();
        let status = if matches!(span.status, Status::Error { .. }) { ", error" } else { "" };
        let indent = "    ".repeat(depth);
        writeln!(text, "{indent}{} ({:?}, {took} ms{status})", span.name, span.span_kind)?;
        for attribute in &span.attributes {
            writeln!(text, "{indent}  {} = {}", attribute.key, attribute.value)?;
        }
        for event in &span.events.events {
            writeln!(text, "{indent}  event {}: {}", event.name, joined(&event.attributes))?;
        }
        write_spans(text, spans, span.span_context.span_id(), depth + 1)?;
    }
    Ok(())
}

fn write_metric(text: &mut String, metric: &Metric) -> std::fmt::Result {
    let lines: BTreeSet<_> = match metric.data() {
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
            let line = |point: &HistogramDataPoint<f64>| format!("{} values, in all {:.3}", point.count(), point.sum());
            histogram.data_points().map(|point| (joined(point.attributes()), line(point))).collect()
        }
        AggregatedMetrics::U64(MetricData::Histogram(histogram)) => {
            let line = |point: &HistogramDataPoint<u64>| format!("{} values, in all {}", point.count(), point.sum());
            histogram.data_points().map(|point| (joined(point.attributes()), line(point))).collect()
        }
        AggregatedMetrics::U64(MetricData::Sum(sum)) => {
            sum.data_points().map(|point| (joined(point.attributes()), point.value().to_string())).collect()
        }
        AggregatedMetrics::U64(MetricData::Gauge(gauge)) => {
            gauge.data_points().map(|point| (joined(point.attributes()), point.value().to_string())).collect()
        }
        _ => BTreeSet::new(),
    };
    writeln!(text, "{} ({})", metric.name(), metric.unit())?;
    lines.iter().try_for_each(|(attributes, line)| writeln!(text, "  {attributes}: {line}"))
}

fn joined<'a>(attributes: impl IntoIterator<Item = &'a KeyValue>) -> String {
    let texts: BTreeSet<_> = attributes.into_iter().map(|one| format!("{}={}", one.key, one.value)).collect();
    texts.into_iter().collect::<Vec<_>>().join(" ")
}
