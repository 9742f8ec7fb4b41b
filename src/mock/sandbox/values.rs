//! Values as the service writes them.

use jiff::Timestamp;

/// The current time.
pub(super) fn now() -> String {
    written(Timestamp::now())
}

/// A time.
pub(super) fn written(time: Timestamp) -> String {
    format!("{time:.3}")
}

pub(super) fn new_uuid() -> uuid::Uuid {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid()
}

/// A count, as responses have it.
#[allow(clippy::cast_precision_loss, reason = "no sandbox holds 2^53 of anything")]
pub(super) fn number(count: usize) -> f64 {
    count as f64
}
