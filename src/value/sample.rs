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

impl Sample for LockId {
    fn sample() -> Self {
        Self::from(NonZeroU64::MIN)
    }
}

impl Sample for UserId {
    fn sample() -> Self {
        Self::from(uuid::Uuid::from_u128(0x550e_8400_e29b_41d4_a716_4466_5544_0000))
    }
}

impl Sample for DateTime {
    fn sample() -> Self {
        Self::from(SystemTime::UNIX_EPOCH)
    }
}
