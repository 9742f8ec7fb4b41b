//! Values as the service writes them.

use std::time::SystemTime;

use crate::value::date_time::DateTime;

/// The current time.
pub(super) fn now() -> DateTime {
    SystemTime::now().into()
}

/// A time as the service writes it: in UTC, with milliseconds.
pub(super) fn written(time: &DateTime) -> DateTime {
    time.to_system_time().into()
}

pub(super) fn new_uuid() -> uuid::Uuid {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid()
}

/// A count, as responses have it.
pub(super) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
