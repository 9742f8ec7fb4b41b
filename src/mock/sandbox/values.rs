//! Values as the service writes them.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::value::date_time::DateTime;

/// The last second of the year 9999, in seconds since 1970: no text has a later time.
const LATEST: u64 = 253_402_300_799;

/// A time as RFC 3339 with milliseconds.
pub(super) fn written(time: SystemTime) -> String {
    DateTime::from(time).as_str().to_owned()
}

/// A time as milliseconds since 1970.
pub(super) fn millis(time: SystemTime) -> i64 {
    DateTime::from(time).unix_millis()
}

/// The time that a text is.
pub(super) fn time(text: &str) -> Option<SystemTime> {
    DateTime::try_from(text).ok().map(|time| time.to_system_time())
}

pub(super) fn later(time: SystemTime, by: Duration) -> SystemTime {
    let latest = SystemTime::UNIX_EPOCH + Duration::from_secs(LATEST);
    time.checked_add(by).map_or(latest, |time| time.min(latest))
}

pub(super) fn earlier(time: SystemTime, by: Duration) -> SystemTime {
    time.checked_sub(by).unwrap_or(SystemTime::UNIX_EPOCH)
}

pub(super) fn new_uuid() -> String {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid().to_string()
}

/// The fields of those names that are there.
pub(super) fn pick(from: &Value, names: &[&str]) -> Value {
    let fields = names.iter().filter_map(|name| Some(((*name).to_owned(), from.get(*name)?.clone())));
    Value::Object(fields.filter(|(_, value)| !value.is_null()).collect())
}

/// An object with the fields of another added, in place of those of the same name.
pub(super) fn with(mut object: Value, more: Value) -> Value {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}

/// An object without the fields that are null.
pub(super) fn without_nulls(object: Value) -> Value {
    match object {
        Value::Object(map) => {
            Value::Object(map.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// The items of a list; none if it is not there.
pub(super) fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The item of a list whose field has that value.
pub(super) fn find<'a>(list: &'a Value, field: &str, value: &Value) -> Option<&'a Value> {
    items(list).iter().find(|item| item[field] == *value)
}
