use serde_json::Value;

use crate::value::date_time::DateTime;

/// A time in a response as milliseconds since 1970; none where it is anything else. Numbers are left out: the service does not
/// say in which unit they are.
pub(super) fn text_millis(value: &Value) -> Option<i64> {
    DateTime::try_from(value.as_str()?).ok().map(|time| time.unix_millis())
}
