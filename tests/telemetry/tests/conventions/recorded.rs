use std::sync::OnceLock;
use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry::{KeyValue, Value, global};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ScopeMetrics};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, SdkMeterProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use spkey::{ClientBuilder, RetryPolicy};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt;

use crate::support;

/// The spans of one test, which has this thread to itself.
pub(crate) struct Spans {
    exporter: InMemorySpanExporter,
    _provider: SdkTracerProvider,
    _installed: DefaultGuard,
}

impl Spans {
    pub(crate) fn install() -> Self {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let subscriber = tracing_subscriber::registry().with(LevelFilter::INFO).with(layer);
        Self { exporter, _provider: provider, _installed: tracing::subscriber::set_default(subscriber) }
    }

    /// The spans that have ended, in the order in which they began.
    pub(crate) fn ended(&self) -> Vec<SpanData> {
        let mut spans = self.exporter.get_finished_spans().unwrap();
        spans.sort_by_key(|span| span.start_time);
        spans
    }
}

/// The value of an attribute.
pub(crate) fn attribute<'a>(attributes: impl IntoIterator<Item = &'a KeyValue>, name: &str) -> Option<Value> {
    attributes.into_iter().find(|attribute| attribute.key.as_str() == name).map(|attribute| attribute.value.clone())
}

/// A client that does not wait between attempts, and whose metrics are kept in memory.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    meters();
    support::calls::builder(url).retry(RetryPolicy::default().base_delay(Duration::ZERO))
}

/// The meters of all tests: the provider is global.
fn meters() -> &'static (InMemoryMetricExporter, SdkMeterProvider) {
    static METERS: OnceLock<(InMemoryMetricExporter, SdkMeterProvider)> = OnceLock::new();
    METERS.get_or_init(|| {
        let exporter = InMemoryMetricExporter::default();
        let provider = SdkMeterProvider::builder().with_periodic_exporter(exporter.clone()).build();
        global::set_meter_provider(provider.clone());
        (exporter, provider)
    })
}

/// One series of a metric.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) attributes: Vec<KeyValue>,
    /// How many values a histogram has.
    pub(crate) count: u64,
    /// The sum of the values, or the last one of a gauge.
    pub(crate) value: f64,
}

impl Series {
    pub(crate) fn attribute(&self, name: &str) -> Option<Value> {
        attribute(&self.attributes, name)
    }
}

/// The metrics of the clients of that server, as they are now.
pub(crate) fn metrics(url: &str) -> Vec<Series> {
    let (exporter, provider) = meters();
    provider.force_flush().unwrap();
    let all_metrics = exporter.get_finished_metrics().unwrap();
    let mut all = Vec::new();
    for metric in all_metrics.last().unwrap().scope_metrics().flat_map(ScopeMetrics::metrics) {
        let mut add = |attributes: Vec<KeyValue>, count: u64, value: f64| {
            let (name, unit) = (metric.name().to_owned(), metric.unit().to_owned());
            all.push(Series { name, unit, attributes, count, value });
        };
        match metric.data() {
            AggregatedMetrics::F64(data) => each(data, |value| value, &mut add),
            AggregatedMetrics::U64(data) => each(data, |value| u32::try_from(value).unwrap().into(), &mut add),
            AggregatedMetrics::I64(_) => panic!("no instrument is one"),
        }
    }
    let port = url.rsplit(':').next().unwrap().parse::<i64>().unwrap();
    all.retain(|series| series.attribute("server.port") == Some(Value::I64(port)));
    all
}

fn each<T: Copy>(data: &MetricData<T>, float: impl Fn(T) -> f64, add: &mut impl FnMut(Vec<KeyValue>, u64, f64)) {
    match data {
        MetricData::Gauge(gauge) => {
            gauge.data_points().for_each(|point| add(point.attributes().cloned().collect(), 1, float(point.value())));
        }
        MetricData::Sum(sum) => {
            sum.data_points().for_each(|point| add(point.attributes().cloned().collect(), 1, float(point.value())));
        }
        MetricData::Histogram(histogram) => histogram.data_points().for_each(|point| {
            add(point.attributes().cloned().collect(), point.count(), float(point.sum()));
        }),
        MetricData::ExponentialHistogram(_) => panic!("no instrument is one"),
    }
}
