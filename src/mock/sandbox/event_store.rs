use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::fold::fold;
use crate::mock::sandbox::recorded_event::RecordedEvent;

/// What happened to each aggregate, in order. All that can be read follows from it.
#[derive(Default)]
pub(super) struct EventStore {
    /// In the order of their first events.
    streams: Vec<Stream>,
    places: HashMap<(Aggregate, String), usize>,
}

struct Stream {
    aggregate: Aggregate,
    id: String,
    events: Vec<Arc<RecordedEvent>>,
    /// The fold of the events, so that a read need not repeat it.
    state: Value,
}

impl EventStore {
    /// The state of an aggregate, if there is one.
    pub(super) fn state(&self, aggregate: Aggregate, id: &str) -> Option<&Value> {
        self.stream(aggregate, id)?.state()
    }

    /// The states of all aggregates of a type, the oldest first.
    pub(super) fn states(&self, aggregate: Aggregate) -> impl Iterator<Item = &Value> {
        self.streams.iter().filter(move |stream| stream.aggregate == aggregate).filter_map(Stream::state)
    }

    /// The events of an aggregate.
    pub(super) fn events(&self, aggregate: Aggregate, id: &str) -> &[Arc<RecordedEvent>] {
        self.stream(aggregate, id).map(|stream| stream.events.as_slice()).unwrap_or_default()
    }

    pub(super) fn append(&mut self, aggregate: Aggregate, id: &str, event: Arc<RecordedEvent>) {
        let new = self.streams.len();
        let place = *self.places.entry((aggregate, id.to_owned())).or_insert(new);
        if place == new {
            self.streams.push(Stream { aggregate, id: id.to_owned(), events: Vec::new(), state: Value::Null });
        }
        let stream = &mut self.streams[place];
        fold(aggregate, &mut stream.state, &event, stream.events.len() + 1);
        stream.events.push(event);
    }

    /// What there was at a time: the events up to then.
    pub(super) fn until(&self, time: SystemTime) -> Self {
        let mut before = Self::default();
        for Stream { aggregate, id, events, .. } in &self.streams {
            for event in events.iter().filter(|event| event.at <= time) {
                before.append(*aggregate, id, Arc::clone(event));
            }
        }
        before
    }

    fn stream(&self, aggregate: Aggregate, id: &str) -> Option<&Stream> {
        let place = self.places.get(&(aggregate, id.to_owned()))?;
        self.streams.get(*place)
    }
}

impl Stream {
    /// Nothing is left of what was deleted.
    fn state(&self) -> Option<&Value> {
        Some(&self.state).filter(|state| !state.is_null())
    }
}
