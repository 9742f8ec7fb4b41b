use percent_encoding::percent_decode_str;
use reqwest::header::HeaderValue;
use serde_json::Value;

use crate::request::PreparedRequest;

/// Shorter values are left in a message: they say too little to matter and are found by chance.
const SHORTEST: usize = 4;
/// The longest message that an error shows, in characters.
const LONGEST: usize = 300;

/// The service's message as an error may show it, on one line: without credentials, and without any value of the request's
/// path, query or body that it repeats, as it was meant or as it was encoded.
pub(crate) fn message<'a>(
    text: &str,
    request: &PreparedRequest<'_>,
    credentials: impl Iterator<Item = &'a HeaderValue>,
) -> String {
    let mut values = Vec::new();
    for credential in credentials {
        let credential = credential.to_str().unwrap_or_default();
        values.push(credential.strip_prefix("Bearer ").unwrap_or(credential).to_owned());
    }
    let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let segments = path.rsplit('/').zip(request.operation.path.rsplit('/'));
    for (segment, _) in segments.filter(|(_, expected)| expected.starts_with('{')) {
        values.push(percent_decode_str(segment).decode_utf8_lossy().into_owned());
        values.push(segment.to_owned());
    }
    for (_, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        values.push(percent_decode_str(value).decode_utf8_lossy().into_owned());
        values.push(value.to_owned());
    }
    if let Some(body) = &request.body
        && let Ok(body) = serde_json::from_slice(body)
    {
        strings(&body, &mut values);
    }
    // The longest first, so that none is half replaced for another that it holds.
    values.sort_unstable_by_key(|value| std::cmp::Reverse(value.len()));
    let mut text = text.to_owned();
    for value in values.iter().filter(|value| value.len() >= SHORTEST) {
        text = without(&text, value);
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
}

/// A text without a value, in whichever case the service repeats it: it may fold an address to small letters.
fn without(text: &str, value: &str) -> String {
    let (folded, value) = (text.to_ascii_lowercase(), value.to_ascii_lowercase());
    let mut kept = String::with_capacity(text.len());
    let mut end = 0;
    for (start, found) in folded.match_indices(&value) {
        kept.push_str(&text[end..start]);
        kept.push_str("[redacted]");
        end = start + found.len();
    }
    kept + &text[end..]
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
        Value::Object(map) => map.values().for_each(|value| strings(value, found)),
        _ => {}
    }
}
