//! What a response shows of a command. Pure: no clock, no socket.

use serde_json::Value;

use crate::confirm::service_time::text_millis;
use crate::confirm::wanted::{Fields, Wanted};
use crate::request::confirm::Entry;
use crate::value::from_scalar::scalar;
use crate::value::json_path::at;

/// The list that events come in.
const EVENTS: &str = "events";
/// When an event was recorded.
const TIMESTAMP: &str = "timestamp";

/// What one response shows.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shown {
    /// An item with everything that is looked for.
    Seen(Value),
    /// Everything is there to see, and it is not.
    NotSeen,
    /// The response does not say.
    Unclear(&'static str),
}

/// What is true, false, or not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Truth {
    False,
    NotSaid,
    True,
}

/// Looks for items, each with its fields. Events count from `since` on, in milliseconds of the service's clock.
pub(super) fn judge(look: &Entry, wanted: &[Fields], since: Option<i64>, response: &Value) -> Shown {
    let list = if look.event.is_some() { Some(EVENTS) } else { look.list };
    let items = match list.map(|list| at(response, list)) {
        None => vec![response.clone()],
        Some(Some(Value::Array(items))) => items,
        // Taken for empty, it would show a removal that never was.
        Some(_) => return Shown::Unclear("the list is missing"),
    };
    let mut seen = Shown::NotSeen;
    for fields in wanted {
        let truth = |item: &Value| truth(look, fields, since, item);
        match items.iter().map(|item| (truth(item), item)).max_by_key(|(truth, _)| *truth) {
            Some((Truth::True, item)) => seen = Shown::Seen(item.clone()),
            Some((Truth::NotSaid, _)) => return Shown::Unclear("a field is missing"),
            _ => return missing(look, items.len(), response),
        }
    }
    seen
}

/// What it shows that an item is not in the list.
fn missing(look: &Entry, items: usize, response: &Value) -> Shown {
    let count = |name: &str| at(response, name).as_ref().and_then(scalar::<String>)?.parse::<usize>().ok();
    let is_cut = if let Some(total) = look.total {
        count(total).map(|total| total > items)
    } else if let Some(more) = look.more {
        Some(!matches!(at(response, more), None | Some(Value::Null | Value::Bool(false))))
    } else if look.event.is_some() {
        let before = |page: usize, size: usize| page.saturating_sub(1).saturating_mul(size);
        let on_page = |total: usize, page: usize, size: usize| size.min(total.saturating_sub(before(page, size)));
        let counts = count("totalEvents").zip(count("page")).zip(count("pageSize"));
        counts.map(|((total, page), size)| on_page(total, page, size) > items)
    } else {
        Some(false)
    };
    match is_cut {
        Some(false) => Shown::NotSeen,
        Some(true) => Shown::Unclear("the list is cut"),
        None => Shown::Unclear("the list does not say how long it is"),
    }
}

fn truth(look: &Entry, fields: &Fields, since: Option<i64>, item: &Value) -> Truth {
    let Some(kind) = look.event else {
        return fields.iter().map(|(field, wanted)| matches(at(item, field), wanted)).min().unwrap_or(Truth::True);
    };
    let is_kind = match item.get("type").and_then(Value::as_str) {
        None => Truth::NotSaid,
        Some(other) if other == kind => Truth::True,
        Some(_) => return Truth::False,
    };
    let is_recent = match (since, time(item, TIMESTAMP)) {
        (None, _) => Truth::True,
        (Some(_), None) => Truth::NotSaid,
        (Some(since), Some(at)) => Truth::from(at >= since),
    };
    let event = &item["event"];
    let event = event.get("data").filter(|data| data.is_object()).unwrap_or(event);
    let of_event = |(field, wanted): &(&'static str, Wanted)| match at(event, field).filter(|value| !value.is_null()) {
        Some(value) => matches(Some(value), wanted),
        // An event leaves out what it has no value for.
        None if event.is_object() => Truth::False,
        None => Truth::NotSaid,
    };
    fields.iter().map(of_event).chain([is_kind, is_recent]).min().unwrap_or(Truth::True)
}

fn matches(value: Option<Value>, wanted: &Wanted) -> Truth {
    match value {
        Some(value) if wanted.is_null() => Truth::from(value.is_null() || value == ""),
        None | Some(Value::Null) => Truth::NotSaid,
        Some(value) => Truth::from(wanted.is(&value)),
    }
}

impl From<bool> for Truth {
    fn from(is: bool) -> Self {
        if is { Self::True } else { Self::False }
    }
}

/// Whether an item says that another made it: another's name is on it, or it is older than the command.
pub(super) fn by_another(look: &Entry, author: &Fields, since: Option<i64>, item: &Value) -> bool {
    let is_other = |(field, wanted): &(&'static str, Wanted)| matches(at(item, field), wanted) == Truth::False;
    let made = look.time.and_then(|field| time(item, field));
    author.iter().any(is_other) || since.zip(made).is_some_and(|(since, made)| made < since)
}

/// The version of the newest event.
pub(super) fn newest(response: &Value) -> Option<u64> {
    events(response).filter_map(version).max()
}

/// When the oldest event was recorded.
pub(super) fn oldest(response: &Value) -> Option<i64> {
    events(response).filter_map(|event| time(event, TIMESTAMP)).min()
}

/// The number of events up to this state or event; none of what counts anything else.
pub(super) fn version(item: &Value) -> Option<u64> {
    item.get("version").filter(|version| version.is_number()).and_then(scalar::<String>)?.parse().ok()
}

fn events(response: &Value) -> impl Iterator<Item = &Value> {
    response.get(EVENTS).and_then(Value::as_array).into_iter().flatten()
}

fn time(item: &Value, field: &str) -> Option<i64> {
    text_millis(&at(item, field)?)
}
