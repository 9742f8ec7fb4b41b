use serde_json::{Value, json};
use spkey::webhook::{Delivery, Detail};
use spkey::{DateTime, Number};

use crate::printable::printable;

/// How a delivery is printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineFormat {
    pub(crate) json: bool,
    pub(crate) show_secrets: bool,
}

/// What may be shown of every delivery.
struct Summary {
    time: Option<DateTime>,
    kind: String,
    object: Option<String>,
    object_id: Option<String>,
    version: Option<Number>,
}

impl LineFormat {
    /// The line of a delivery. What happened in detail may be a PIN or a key: it is in it only with `show_secrets`.
    pub(crate) fn line(self, delivery: &Delivery) -> String {
        let summary = Summary::of(delivery);
        let detail = self.show_secrets.then(|| delivery.raw()["detail"].clone());
        if self.json { summary.json(delivery.id(), detail) } else { summary.text(delivery.id(), detail) }
    }
}

impl Summary {
    fn of(delivery: &Delivery) -> Self {
        let other = || delivery.detail_type().unwrap_or(delivery.source()).to_owned();
        let (kind, object, object_id, version) = match delivery.detail() {
            Detail::Event(event) => {
                let kind = event.event().and_then(|event| event.event_type().map(ToOwned::to_owned));
                let object = event.aggregate_type().map(ToOwned::to_owned);
                (kind.unwrap_or_else(other), object, event.aggregate_id(), event.version())
            }
            Detail::Shadow(shadow) => {
                let device = shadow.thing_name().map(ToOwned::to_owned);
                (other(), device.is_some().then(|| "device".to_owned()), device, shadow.version())
            }
            _ => (other(), None, None, None),
        };
        Self { time: delivery.time(), kind, object, object_id, version }
    }

    fn text(&self, id: &str, detail: Option<Value>) -> String {
        let mut parts = vec![self.time.as_ref().map_or("-", DateTime::as_str).to_owned(), self.kind.clone()];
        parts.extend(self.object.clone());
        parts.extend(self.object_id.clone());
        parts.extend(self.version.as_ref().map(|version| format!("version {version}")));
        parts.push(format!("delivery {id}"));
        parts.extend(detail.map(|detail| detail.to_string()));
        printable(&parts.join(" "))
    }

    fn json(&self, id: &str, detail: Option<Value>) -> String {
        let mut line = json!({
            "id": id,
            "time": self.time.as_ref().map(DateTime::as_str),
            "type": self.kind,
            "aggregateType": self.object,
            "aggregateId": self.object_id,
            "version": self.version,
        });
        if let Some(detail) = detail {
            line["detail"] = detail;
        }
        line.to_string()
    }
}
