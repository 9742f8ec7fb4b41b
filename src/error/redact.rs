use percent_encoding::percent_decode_str;
use reqwest::header::HeaderValue;
use serde_json::Value;

use crate::Operation;
use crate::request::parts::RequestParts;

/// Shorter values are left in a message: they say too little to matter and are found by chance.
const SHORTEST: usize = 4;
/// The longest message that an error shows, in characters.
const LONGEST: usize = 300;

/// The service's message as an error may show it, on one line: without credentials, and without any value of the request's
/// path, query or body that it repeats, as it was meant or as it was encoded.
pub(crate) fn message<'a>(
    text: &str,
    operation: &Operation,
    parts: &RequestParts,
    credentials: impl Iterator<Item = &'a HeaderValue>,
) -> String {
    let (path, query) = parts.url.split_once('?').unwrap_or((&parts.url, ""));
    let segments = path.rsplit('/').zip(operation.path.rsplit('/')).filter(|(_, part)| part.starts_with('{'));
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let bare = |header: &HeaderValue| header.to_str().unwrap_or_default().trim_start_matches("Bearer ").to_owned();
    let mut values: Vec<_> = credentials.map(bare).collect();
    for value in segments.map(|(segment, _)| segment).chain(pairs.map(|(_, value)| value)) {
        values.push(percent_decode_str(value).decode_utf8_lossy().into_owned());
        values.push(value.to_owned());
    }
    let body = parts.body.as_deref().and_then(|body| serde_json::from_slice(body).ok());
    strings(&body.unwrap_or_default(), &mut values);
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
