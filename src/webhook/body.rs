use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName};
use serde_json::Value;

use super::rejection::Rejection;
use crate::value::any_value::any_value;

/// Reads a body as JSON.
///
/// A body that can be read is accepted whatever its headers say: proxies and frameworks decompress bodies and keep the
/// headers, and neither compressed nor truncated data is ever a JSON object. The headers only explain why a body cannot
/// be read, which decides between a final 4xx and a 503 that makes the sender retry.
pub(super) fn read(limit: usize, headers: &HeaderMap, body: &[u8]) -> Result<Value, Rejection> {
    if body.len() > limit {
        return Err(Rejection::TooLarge);
    }
    any_value(body).map_err(|error| {
        let is_truncated = content_length(headers).map_or(error.is_eof(), |announced| announced > body.len() as u64);
        if is_compressed(headers) {
            Rejection::Encoded
        } else if is_truncated {
            Rejection::Truncated
        } else {
            Rejection::Malformed
        }
    })
}

/// Whether there is a coding other than `identity`, which means none (RFC 9110, section 8.4.1).
fn is_compressed(headers: &HeaderMap) -> bool {
    list(headers, &CONTENT_ENCODING).any(|coding| !coding.eq_ignore_ascii_case(b"identity"))
}

/// The announced length. Equal values in a list count as one (RFC 9110, section 8.6); malformed and contradictory ones
/// say nothing.
fn content_length(headers: &HeaderMap) -> Option<u64> {
    let mut lengths = list(headers, &CONTENT_LENGTH).map(|length| str::from_utf8(length).ok()?.parse::<u64>().ok());
    let first = lengths.next()??;
    lengths.all(|length| length == Some(first)).then_some(first)
}

/// The elements of a list header: separated by commas or in headers of their own, without white space around them and
/// without empty ones (RFC 9110, sections 5.3 and 5.6.1.2).
fn list<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    let values = headers.get_all(name).iter();
    let elements = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    elements.map(<[u8]>::trim_ascii).filter(|element| !element.is_empty())
}
