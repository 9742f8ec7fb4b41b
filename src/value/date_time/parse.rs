use crate::value::date_time::civil;
use crate::value::date_time::unix_time::{NANOS_PER_MILLI, NANOS_PER_SECOND, UnixTime};

/// Numbers below are seconds: as milliseconds they would lie before March 1973, as seconds before the year 5139.
const FIRST_MILLIS: i128 = 100_000_000_000;

/// Reads RFC 3339, and what JavaScript and SQL write besides: a date alone, a space for the `T`, no seconds, no zone (UTC), no
/// colon in the zone.
pub(super) fn parse_text(text: &str) -> Option<UnixTime> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.number(4)?;
    rest.one_of(b"-")?;
    let month = rest.number(2)?;
    rest.one_of(b"-")?;
    let day = rest.number(2)?;
    let midnight = i128::from(civil::day_of(year, month, day)?) * 86_400;
    if rest.is_empty() {
        return UnixTime::of_nanos(midnight * NANOS_PER_SECOND);
    }

    rest.one_of(b"Tt ")?;
    let hour = rest.number(2)?;
    rest.one_of(b":")?;
    let minute = rest.number(2)?;
    let (mut second, mut nanos) = (0, 0);
    if rest.one_of(b":").is_some() {
        second = rest.number(2)?;
        if rest.one_of(b".").is_some() {
            nanos = billionths(rest.digits()?);
        }
    }
    // Second 60 is a leap second. Unix time has none: it counts as the first second of the next minute.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let local = midnight + i128::from(hour * 3_600 + minute * 60 + second);
    let offset = rest.offset_seconds()?;
    if rest.is_empty() { UnixTime::of_nanos((local - i128::from(offset)) * NANOS_PER_SECOND + nanos) } else { None }
}

/// Reads a decimal number of milliseconds or, where it is below 10^11, of seconds. It has no exponent.
pub(super) fn parse_number(text: &str) -> Option<UnixTime> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = i128::from(whole.parse::<u64>().ok()?);
    let unit = if whole < FIRST_MILLIS { NANOS_PER_SECOND } else { NANOS_PER_MILLI };
    UnixTime::of_nanos(sign * (whole * unit + billionths(fraction.as_bytes()) * unit / 1_000_000_000))
}

/// What the digits after a point stand for; those beyond the ninth are cut off.
fn billionths(digits: &[u8]) -> i128 {
    digits.iter().chain(std::iter::repeat(&b'0')).take(9).fold(0, |sum, digit| sum * 10 + i128::from(digit - b'0'))
}

/// What is left to read of a text.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the next byte if it is one of these.
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        bytes.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    /// Takes one digit or more.
    fn digits(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        (end > 0).then_some(digits)
    }

    /// Takes a number of that many digits.
    fn number(&mut self, length: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    }

    /// Takes the zone: how many seconds its clocks are ahead of UTC.
    fn offset_seconds(&mut self) -> Option<i64> {
        if self.is_empty() || self.one_of(b"Zz").is_some() {
            return Some(0);
        }
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.number(2)?;
        self.one_of(b":");
        let minutes = self.number(2)?;
        (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
    }
}
