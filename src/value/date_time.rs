use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Serialize, Serializer};

use crate::value::conversion_error::ConversionError;
use crate::value::date_time::unix_time::UnixTime;
use crate::value::from_scalar::{FromScalar, read_from_scalar};
use crate::value::from_text::from_text;
use crate::value::scalar::Scalar;

mod civil;
mod conversions;
mod parse;
mod unix_time;

/// A time of the service, in the years 0 to 9999 (UTC). It keeps the text or the number that it came as.
///
/// | form | read as |
/// |---|---|
/// | `2026-11-27T12:00:00.123Z`, `2026-11-27T14:00:00+02:00` | RFC 3339; digits of the fraction beyond the ninth are cut off |
/// | `2026-11-27T12:00:00`, `2026-11-27 12:00`, `2026-11-27` | UTC; what is missing of the time of day is zero |
/// | JSON number from 100,000,000,000 up, or that far below zero | milliseconds since 1970; fractions count |
/// | any other JSON number | seconds since 1970; fractions count |
///
/// The service does not document the unit of all its numbers. No time of it lies before March 1973, which is where milliseconds
/// reach the limit in the table; seconds reach it in the year 5138. A leap second (`:60`) is the first second of the next
/// minute.
///
/// [`FromStr`] and `TryFrom` take text alone. `Deserialize` takes what the table lists, and a text of 10 to 13 digits as the
/// number that it spells. `Serialize` writes what came. `From` a [`SystemTime`], or a time of the crates `jiff`, `chrono` and
/// `time` behind the features of those names, writes RFC 3339 in UTC and milliseconds, rounded down; a time outside of the years
/// 0 to 9999 becomes the nearest that is within.
///
/// Times are equal, order and hash by the instant that they mean: `12:00:00Z` equals `14:00:00+02:00`.
///
/// ```
/// use spkey::DateTime;
///
/// let noon: DateTime = "2026-11-27T12:00:00Z".parse()?;
/// assert_eq!(noon, DateTime::try_from("2026-11-27T14:00:00+02:00")?);
/// assert!(noon < DateTime::try_from("2026-11-28")?);
/// assert_eq!(noon.as_str(), "2026-11-27T12:00:00Z");
/// assert_eq!(noon.unix_millis(), 1_795_780_800_000);
/// assert_eq!(DateTime::from(noon.to_system_time()).as_str(), "2026-11-27T12:00:00.000Z");
/// assert!(DateTime::try_from("tomorrow").is_err());
/// # Ok::<(), spkey::ConversionError>(())
/// ```
#[derive(Clone)]
pub struct DateTime {
    text: Box<str>,
    is_number: bool,
    time: UnixTime,
}

const PROBLEM: &str = "not a time: give RFC 3339 in the years 0 to 9999, like 2026-11-27T12:00:00Z";
const MILLIS_PROBLEM: &str = "not a time in the years 0 to 9999: give milliseconds since 1970, like 1795780800000";

/// Windows counts its times from 1601.
const EARLIEST_ON_WINDOWS: Duration = Duration::from_secs(11_644_473_600);

impl DateTime {
    /// A time from milliseconds since 1970-01-01 (UTC), written as RFC 3339. Unlike for numbers of the service, the unit is
    /// milliseconds whatever their size.
    ///
    /// # Errors
    /// If the time is outside of the years 0 to 9999, as microseconds would be.
    ///
    /// ```
    /// let time = spkey::DateTime::from_unix_millis(1_795_780_800_000)?;
    /// assert_eq!(time.as_str(), "2026-11-27T12:00:00.000Z");
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    pub fn from_unix_millis(millis: i64) -> Result<Self, ConversionError> {
        UnixTime::of_millis(millis).map(Self::written).ok_or(ConversionError::new(MILLIS_PROBLEM))
    }

    /// The text that came, or the digits of the number that came. Of a JSON number with a fraction or an exponent, these are the
    /// fewest digits that give the same number.
    ///
    /// ```
    /// let time: spkey::DateTime = serde_json::from_str("1795780800000")?;
    /// assert_eq!(time.as_str(), "1795780800000");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whole milliseconds since 1970-01-01 (UTC), rounded down; negative before.
    ///
    /// ```
    /// assert_eq!(spkey::DateTime::try_from("1970-01-01T00:00:01.5Z")?.unix_millis(), 1_500);
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    pub fn unix_millis(&self) -> i64 {
        self.time.millis()
    }

    /// The time as the standard library has it, in nanoseconds where the platform has them. On Windows, a time before 1601
    /// becomes the start of that year.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// let time = spkey::DateTime::try_from("1970-01-02")?;
    /// assert_eq!(time.to_system_time(), SystemTime::UNIX_EPOCH + Duration::from_secs(86_400));
    /// # Ok::<(), spkey::ConversionError>(())
    /// ```
    pub fn to_system_time(&self) -> SystemTime {
        let seconds = Duration::from_secs(self.time.seconds().unsigned_abs());
        let whole =
            if self.time.seconds() < 0 { UNIX_EPOCH.checked_sub(seconds) } else { UNIX_EPOCH.checked_add(seconds) };
        whole
            .and_then(|whole| whole.checked_add(Duration::from_nanos(self.time.subsec_nanos().into())))
            .or_else(|| UNIX_EPOCH.checked_sub(EARLIEST_ON_WINDOWS))
            .unwrap_or(UNIX_EPOCH)
    }

    fn written(time: UnixTime) -> Self {
        Self { text: time.to_rfc3339().into(), is_number: false, time }
    }

    /// The time at so many nanoseconds since 1970, as the conversions document it.
    fn nearest(nanos: i128) -> Self {
        Self::written(UnixTime::nearest_milli(nanos))
    }

    /// Of a JSON number, by the digits to keep and the same number without an exponent.
    fn of_number(digits: impl ToString, decimal: impl ToString) -> Option<Self> {
        let time = parse::parse_number(&decimal.to_string())?;
        Some(Self { text: digits.to_string().into(), is_number: true, time })
    }

    /// Of a JSON text: a time, or a number as text. Shorter and longer numbers may be a year or a date without hyphens.
    fn of_text(text: Cow<'_, str>) -> Option<Self> {
        let is_number = (10..=13).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let time = if is_number { parse::parse_number(&text) } else { parse::parse_text(&text) }?;
        Some(Self { text: text.into(), is_number: false, time })
    }

    /// RFC 3339 or another text that [`FromStr`] takes, for where the service expects no number.
    pub(crate) fn to_text(&self) -> Cow<'_, str> {
        match parse::parse_text(&self.text) {
            Some(_) => self.as_str().into(),
            None => self.time.to_rfc3339().into(),
        }
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DateTime({})", self.text)
    }
}

impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        self.time == other.time
    }
}

impl Eq for DateTime {}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        self.time.cmp(&other.time)
    }
}

impl Hash for DateTime {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.time.hash(state);
    }
}

impl FromStr for DateTime {
    type Err = ConversionError;

    fn from_str(text: &str) -> Result<Self, ConversionError> {
        let time = parse::parse_text(text).ok_or(ConversionError::new(PROBLEM))?;
        Ok(Self { text: text.into(), is_number: false, time })
    }
}

from_text!(DateTime => &str, String, &String);

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_number {
            return serializer.serialize_str(&self.text);
        }
        match self.text.parse::<i64>() {
            Ok(number) => serializer.serialize_i64(number),
            Err(_) => serializer.serialize_f64(self.text.parse().map_err(serde::ser::Error::custom)?),
        }
    }
}

/// How a field is written that is text on the wire.
pub(crate) fn as_text<S: Serializer>(
    time: &(impl Clone + Into<Option<DateTime>>),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.clone().into().as_ref().map(DateTime::to_text).serialize(serializer)
}

read_from_scalar!(DateTime, Time, PROBLEM);

impl FromScalar for DateTime {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Text(text) => Self::of_text(text),
            Scalar::Unsigned(number) => Self::of_number(number, number),
            Scalar::Signed(number) => Self::of_number(number, number),
            Scalar::Float(number) => Self::of_number(format_args!("{number:?}"), number),
            Scalar::Other => None,
        }
    }
}

#[cfg(test)]
mod tests;
