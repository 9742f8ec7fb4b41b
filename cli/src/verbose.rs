//! `-v`: the attempts of a call and the waits between them, on standard error.

use std::fmt::{self, Debug};
use std::time::Instant;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::note::note;

/// Shows what the library records of its calls: no value of a path, query, header or body.
pub(crate) fn start() {
    // Nothing else in this program listens, so that it cannot have begun before.
    let _ = tracing_subscriber::registry().with(Attempts).try_init();
}

struct Attempts;

/// What is known of an attempt.
struct Attempt {
    started: Instant,
    fields: Fields,
}

#[derive(Default)]
struct Fields(Vec<(&'static str, String)>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Attempts {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id).filter(|span| span.name() == "spkey.attempt") {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(Attempt { started: Instant::now(), fields });
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(attempt) = span.extensions_mut().get_mut::<Attempt>()
        {
            values.record(&mut attempt.fields);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = context.span(&id)
            && let Some(attempt) = span.extensions().get::<Attempt>()
        {
            note(&attempt.to_string());
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        if let (Some("spkey.retry"), Some(wait)) = (fields.get("message"), fields.get("wait_ms")) {
            note(&format!("retry in {wait} ms"));
        }
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { started, fields } = self;
        let result = fields.get("http.response.status_code").or_else(|| fields.get("error.type"));
        let (name, result) = (fields.get("otel.name").unwrap_or_default(), result.unwrap_or("no response"));
        write!(f, "{name}: {result} in {} ms", started.elapsed().as_millis())?;
        fields.get("spkey.request_id").map_or(Ok(()), |id| write!(f, ", request id {id}"))
    }
}

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rfind(|(other, _)| *other == name).map(|(_, value)| value.as_str())
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push((field.name(), format!("{value:?}")));
    }
}
