//! Sample values, for the defaults of mocked responses.

use std::num::NonZeroU64;
use std::time::SystemTime;

use crate::value::date_time::DateTime;
use crate::value::lock_id::LockId;
use crate::value::secret::Secret;
use crate::value::sensitive_json::SensitiveJson;
use crate::value::user_id::UserId;

/// A type of which a mocked response can have a value that its test does not state.
pub(crate) trait Sample {
    /// The value: nothing or empty where that is possible.
    fn sample() -> Self;
}

/// Writes the `Default` of a response with required fields.
macro_rules! default_response {
    ($name:ident { $($field:ident),* }) => {
        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $crate::value::sample::Sample::sample()),* }
            }
        }
    };
}
pub(crate) use default_response;

impl<T: Default> Sample for T {
    fn sample() -> Self {
        Self::default()
    }
}

impl Sample for Secret {
    fn sample() -> Self {
        Self::from("")
    }
}

impl Sample for SensitiveJson {
    fn sample() -> Self {
        serde_json::Value::Null.into()
    }
}

/// No lock of a test, so that a value that was not stated is not taken for one that was.
const NO_LOCK: NonZeroU64 = NonZeroU64::new(999_999_999_999).unwrap();

impl Sample for LockId {
    fn sample() -> Self {
        Self::from(NO_LOCK)
    }
}

impl Sample for UserId {
    fn sample() -> Self {
        Self::from(uuid::Uuid::nil())
    }
}

impl Sample for DateTime {
    fn sample() -> Self {
        Self::from(SystemTime::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sample_of_an_id_can_be_sent_and_is_seen_to_be_none() {
        assert_eq!(LockId::sample().to_string().parse::<LockId>().unwrap(), 999_999_999_999_u64);
        assert_eq!(UserId::sample(), "00000000-0000-0000-0000-000000000000".parse::<UserId>().unwrap());
    }
}
