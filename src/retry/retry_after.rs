use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// How long the service asks to wait: a number of seconds or a date (RFC 9110, section 10.2.3). Anything else counts as not
/// given.
///
/// A date is measured from the response's own `Date`, since both come from one clock; `now`, the local clock, may be an hour
/// ahead or behind and serves only where the response has no valid `Date`.
pub(crate) fn read(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = text(headers, RETRY_AFTER)?;
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let sent = self::text(headers, DATE).and_then(|text| httpdate::parse_http_date(text).ok());
    Some(until.duration_since(sent.unwrap_or(now)).unwrap_or_default())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    fn read_at(now: &str, retry_after: &str, date: Option<&str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
        if let Some(date) = date {
            headers.insert(DATE, date.parse().unwrap());
        }
        read(&headers, httpdate::parse_http_date(now).unwrap())
    }

    fn read_text(text: &str) -> Option<Duration> {
        read_at(NOW, text, None)
    }

    #[test]
    fn seconds_and_every_form_of_date_are_read() {
        assert_eq!(read_text("0"), Some(Duration::ZERO));
        assert_eq!(read_text(" 120 "), Some(Duration::from_secs(120)));
        for date in ["Sun, 06 Nov 1994 08:49:47 GMT", "Sunday, 06-Nov-94 08:49:47 GMT", "Sun Nov  6 08:49:47 1994"] {
            assert_eq!(read_text(date), Some(Duration::from_secs(10)), "{date}");
        }
    }

    #[test]
    fn date_is_measured_from_the_date_of_the_response_whatever_the_local_clock_says() {
        for local in ["Sun, 06 Nov 1994 07:49:37 GMT", NOW, "Sun, 06 Nov 1994 09:49:37 GMT"] {
            let wait = read_at(local, "Sun, 06 Nov 1994 08:49:47 GMT", Some(NOW));
            assert_eq!(wait, Some(Duration::from_secs(10)), "the local clock says {local}");
            assert_eq!(read_at(local, "7", Some(NOW)), Some(Duration::from_secs(7)), "the local clock says {local}");
        }
    }

    #[test]
    fn date_is_measured_from_the_local_clock_without_a_valid_date_header() {
        for date in [None, Some(""), Some("now"), Some("Sun, 06 Foo 1994 08:00:00 GMT")] {
            let wait = read_at(NOW, "Sun, 06 Nov 1994 08:49:47 GMT", date);
            assert_eq!(wait, Some(Duration::from_secs(10)), "{date:?}");
        }
    }

    #[test]
    fn past_date_asks_for_no_wait() {
        assert_eq!(read_text("Sun, 06 Nov 1994 08:49:27 GMT"), Some(Duration::ZERO));
    }

    #[test]
    fn seconds_of_any_length_are_read() {
        assert_eq!(read_text("3155760000"), Some(Duration::from_secs(3_155_760_000)));
        assert_eq!(read_text("99999999999999999999999999"), Some(Duration::MAX));
    }

    #[test]
    fn malformed_value_counts_as_not_given() {
        for text in ["", "-1", "1.5", "soon", "10s", "Sun, 06 Foo 1994 08:49:37 GMT", "0x10"] {
            assert_eq!(read_text(text), None, "{text}");
        }
    }
}
