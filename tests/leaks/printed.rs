use std::collections::BTreeMap;
use std::error::Error as _;
use std::fmt::{Debug, Display};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use spkey::{Error, Response};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;

use crate::secrets::Secrets;

/// Everything that was printed, and where.
#[derive(Default)]
pub(crate) struct Printed(Vec<(String, String)>);

impl Printed {
    pub(crate) fn text(&mut self, place: impl Display, text: impl Into<String>) {
        self.0.push((place.to_string(), text.into()));
    }

    pub(crate) fn debug(&mut self, value: &impl Debug) {
        let place = std::any::type_name_of_val(value);
        self.text(place, format!("{value:?} {value:#?}"));
    }

    pub(crate) fn error(&mut self, error: Error) {
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

    pub(crate) fn result<T: Debug + 'static>(&mut self, result: Result<Response<T>, Error>) {
        match result {
            Err(error) => self.error(error),
            Ok(response) => {
                self.debug(&response);
                self.debug(response.headers());
            }
        }
    }

    pub(crate) fn check(&self, secrets: &Secrets) {
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

/// What the spans and events of this crate write, at every level.
#[derive(Clone, Default)]
pub(crate) struct Traces(Arc<Mutex<Vec<u8>>>);

impl Traces {
    pub(crate) fn install(&self) -> tracing::subscriber::DefaultGuard {
        let traces = self.clone();
        let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_span_events(FmtSpan::FULL);
        let layer = layer.with_writer(move || traces.clone());
        let ours = filter_fn(|metadata| metadata.target().starts_with("spkey"));
        tracing::subscriber::set_default(tracing_subscriber::registry().with(layer.with_filter(ours)))
    }

    pub(crate) fn text(&self) -> String {
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
