use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// How long the service asks to be left alone: a number of seconds or a date (RFC 9110, section 10.2.3). Anything else
/// counts as not said.
pub(crate) fn read(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Option<Duration> {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777); // Sun, 06 Nov 1994 08:49:37 GMT
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, text.parse().ok()?);
        read(&headers, now)
    }

    #[test]
    fn takes_seconds_and_every_form_of_date() {
        assert_eq!(read_text("0"), Some(Duration::ZERO));
        assert_eq!(read_text(" 120 "), Some(Duration::from_secs(120)));
        for date in ["Sun, 06 Nov 1994 08:49:47 GMT", "Sunday, 06-Nov-94 08:49:47 GMT", "Sun Nov  6 08:49:47 1994"] {
            assert_eq!(read_text(date), Some(Duration::from_secs(10)), "{date}");
        }
    }

    #[test]
    fn a_date_that_has_passed_asks_for_nothing() {
        assert_eq!(read_text("Sun, 06 Nov 1994 08:49:27 GMT"), Some(Duration::ZERO));
    }

    #[test]
    fn a_century_is_taken_at_its_word() {
        assert_eq!(read_text("3155760000"), Some(Duration::from_secs(3_155_760_000)));
        assert_eq!(read_text("99999999999999999999999999"), Some(Duration::MAX));
    }

    #[test]
    fn rubbish_counts_as_not_said() {
        for text in ["", "-1", "1.5", "soon", "10s", "Sun, 06 Foo 1994 08:49:37 GMT", "0x10"] {
            assert_eq!(read_text(text), None, "{text}");
        }
    }
}
