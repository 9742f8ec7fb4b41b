use crate::value::date_time::civil;

pub(super) const NANOS_PER_SECOND: i128 = 1_000_000_000;
pub(super) const NANOS_PER_MILLI: i128 = 1_000_000;

/// A time since 1970-01-01 in UTC, within the years that RFC 3339 can write: 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct UnixTime {
    seconds: i64,
    nanos: u32,
}

impl UnixTime {
    const MIN: Self = Self { seconds: -62_167_219_200, nanos: 0 };
    const MAX: Self = Self { seconds: 253_402_300_799, nanos: 999_999_999 };

    /// `None` outside of those years.
    pub(super) fn of_nanos(nanos: i128) -> Option<Self> {
        let seconds = i64::try_from(nanos.div_euclid(NANOS_PER_SECOND)).ok()?;
        let nanos = u32::try_from(nanos.rem_euclid(NANOS_PER_SECOND)).ok()?;
        let time = Self { seconds, nanos };
        (Self::MIN..=Self::MAX).contains(&time).then_some(time)
    }

    pub(super) fn of_millis(millis: i64) -> Option<Self> {
        Self::of_nanos(i128::from(millis) * NANOS_PER_MILLI)
    }

    /// The whole millisecond that a time is in, or the nearest one within those years.
    pub(super) fn nearest_milli(nanos: i128) -> Self {
        let whole = nanos.div_euclid(NANOS_PER_MILLI) * NANOS_PER_MILLI;
        let last = Self { nanos: 999_000_000, ..Self::MAX };
        Self::of_nanos(whole).unwrap_or(if whole < 0 { Self::MIN } else { last })
    }

    /// Whole seconds, rounded down.
    pub(super) fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds since the whole second.
    pub(super) fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// Whole milliseconds, rounded down.
    pub(super) fn millis(self) -> i64 {
        self.seconds * 1_000 + i64::from(self.nanos / 1_000_000)
    }

    /// `2026-11-27T12:00:00.000Z`, as JavaScript writes a time.
    pub(super) fn to_rfc3339(self) -> String {
        let (year, month, day) = civil::date_of(self.seconds.div_euclid(86_400));
        let second_of_day = self.seconds.rem_euclid(86_400);
        let (hour, minute, second) = (second_of_day / 3_600, second_of_day / 60 % 60, second_of_day % 60);
        let millis = self.nanos / 1_000_000;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }
}
