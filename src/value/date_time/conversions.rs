//! From and to the times of the standard library and of other crates.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::value::date_time::DateTime;

impl From<SystemTime> for DateTime {
    fn from(time: SystemTime) -> Self {
        // Nanoseconds of the longest `Duration` are below 2^95.
        Self::nearest(match time.duration_since(UNIX_EPOCH) {
            Ok(since) => since.as_nanos().cast_signed(),
            Err(error) => -error.duration().as_nanos().cast_signed(),
        })
    }
}

#[cfg(feature = "jiff")]
mod with_jiff {
    use crate::value::conversion_error::ConversionError;
    use crate::value::date_time::DateTime;

    const PROBLEM: &str = "beyond the times of jiff: use `to_system_time` or `as_str` for the end of the year 9999";

    impl From<jiff::Timestamp> for DateTime {
        fn from(time: jiff::Timestamp) -> Self {
            Self::nearest(time.as_nanosecond())
        }
    }

    /// Fails for the last 26 hours of the year 9999, which `jiff` cannot hold.
    impl TryFrom<&DateTime> for jiff::Timestamp {
        type Error = ConversionError;

        fn try_from(time: &DateTime) -> Result<Self, ConversionError> {
            Self::new(time.time.seconds(), time.time.subsec_nanos().cast_signed())
                .map_err(|_| ConversionError::new(PROBLEM))
        }
    }

    /// Fails for the last 26 hours of the year 9999, which `jiff` cannot hold.
    impl TryFrom<DateTime> for jiff::Timestamp {
        type Error = ConversionError;

        fn try_from(time: DateTime) -> Result<Self, ConversionError> {
            Self::try_from(&time)
        }
    }
}

#[cfg(feature = "chrono")]
mod with_chrono {
    use chrono::{TimeZone, Utc};

    use crate::value::date_time::DateTime;

    impl<Tz: TimeZone> From<chrono::DateTime<Tz>> for DateTime {
        fn from(time: chrono::DateTime<Tz>) -> Self {
            Self::nearest(i128::from(time.timestamp()) * 1_000_000_000 + i128::from(time.timestamp_subsec_nanos()))
        }
    }

    impl From<&DateTime> for chrono::DateTime<Utc> {
        fn from(time: &DateTime) -> Self {
            // `chrono` holds many more years than a `DateTime` does.
            Self::from_timestamp(time.time.seconds(), time.time.subsec_nanos()).unwrap_or_default()
        }
    }

    impl From<DateTime> for chrono::DateTime<Utc> {
        fn from(time: DateTime) -> Self {
            Self::from(&time)
        }
    }
}

#[cfg(feature = "time")]
mod with_time {
    use time::OffsetDateTime;

    use crate::value::date_time::DateTime;

    impl From<OffsetDateTime> for DateTime {
        fn from(time: OffsetDateTime) -> Self {
            Self::nearest(time.unix_timestamp_nanos())
        }
    }

    /// In UTC.
    impl From<&DateTime> for OffsetDateTime {
        fn from(time: &DateTime) -> Self {
            // `time` holds the years -9999 to 9999.
            Self::from_unix_timestamp(time.time.seconds())
                .and_then(|whole| whole.replace_nanosecond(time.time.subsec_nanos()))
                .unwrap_or(Self::UNIX_EPOCH)
        }
    }

    /// In UTC.
    impl From<DateTime> for OffsetDateTime {
        fn from(time: DateTime) -> Self {
            Self::from(&time)
        }
    }
}

#[cfg(test)]
mod tests;
