use std::borrow::Cow;

use crate::value::date_time::DateTime;
use crate::value::lock_id::LockId;
use crate::value::number::Number;
use crate::value::secret::Secret;
use crate::value::user_id::UserId;

/// What can be a parameter of the path or the query.
pub(crate) trait Parameter {
    /// The value, before it is encoded.
    fn text(&self) -> Cow<'_, str>;
}

impl Parameter for String {
    fn text(&self) -> Cow<'_, str> {
        self.into()
    }
}

impl Parameter for Secret {
    fn text(&self) -> Cow<'_, str> {
        self.expose().into()
    }
}

impl Parameter for UserId {
    fn text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Parameter for DateTime {
    fn text(&self) -> Cow<'_, str> {
        self.to_text()
    }
}

macro_rules! displayed {
    ($($ty:ty),+) => {$(
        impl Parameter for $ty {
            fn text(&self) -> Cow<'_, str> {
                self.to_string().into()
            }
        }
    )+};
}

displayed!(LockId, Number, i64, f64, bool);
