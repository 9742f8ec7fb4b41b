use std::borrow::Cow;
use std::fmt::Write;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::value::json::quoted;
use crate::value::secret::Secret;

/// Shorter values are left in a message: they say little and are found by chance.
const MIN_VALUE_CHARS: usize = 3;
/// From here on a value, or the beginning of one, is redacted within a longer word too: it is not there by chance.
const MIN_PREFIX_CHARS: usize = 8;
/// The longest message that an error shows, in characters.
const MAX_SHOWN_CHARS: usize = 300;
/// How much of a message is searched: a value that begins within what is shown may end beyond it.
const MAX_SEARCHED_CHARS: usize = 1_000;
/// A message is not shown at all if there are more values to search for: the search has a bound.
const MAX_VALUES: usize = 1_000;

/// What a URL of this crate leaves as it is (RFC 3986, section 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const REDACTED: &str = "[redacted]";

/// The service's text as an error may show it: on one line, without credentials, secrets and personal data, in whichever
/// encoding and case the service repeats them.
pub(crate) fn redact(text: &str, values: &[Secret]) -> String {
    let text: Vec<char> = text.chars().take(MAX_SEARCHED_CHARS).map(visible).collect();
    let Some(needles) = needles(values) else { return REDACTED.to_owned() };
    let folded: Vec<char> = text.iter().copied().map(fold).collect();
    let mut shown = String::new();
    let (mut at, mut count) = (0, 0);
    while at < text.len() && count < MAX_SHOWN_CHARS {
        if let Some(length) = needles.iter().filter_map(|needle| matched(&folded, at, needle)).max() {
            shown.push_str(REDACTED);
            (at, count) = (at + length, count + REDACTED.len());
        } else {
            shown.push(text[at]);
            (at, count) = (at + 1, count + 1);
        }
    }
    shown
}

/// Each value in each encoding, folded to lower case; none if there are too many.
fn needles(values: &[Secret]) -> Option<Vec<Vec<char>>> {
    if values.len() > MAX_VALUES {
        return None;
    }
    let mut needles = Vec::new();
    for value in values.iter().map(Secret::expose) {
        let first = needles.len();
        let value: String = value.chars().take(MAX_SEARCHED_CHARS).collect();
        // To fold what is encoded does not change the case of what the code stands for.
        let cases =
            if value.is_ascii() { vec![value] } else { vec![value.to_lowercase(), value.to_uppercase(), value] };
        for raw in &cases {
            let json = quoted(raw);
            let percent = Cow::from(utf8_percent_encode(raw, NON_ALPHANUMERIC));
            let percent_of_url = Cow::from(utf8_percent_encode(raw, UNRESERVED));
            for form in [raw, json.trim_matches('"'), &ascii_json(&json), &percent, &percent_of_url] {
                let needle: Vec<char> = form.chars().take(MAX_SEARCHED_CHARS).map(visible).map(fold).collect();
                // The forms of most values are all the same.
                if needle.len() >= MIN_VALUE_CHARS && !needles[first..].contains(&needle) {
                    needles.push(needle);
                }
            }
        }
    }
    Some(needles)
}

/// JSON with escapes for what is beyond ASCII, as many services write it.
fn ascii_json(json: &str) -> String {
    let mut ascii = String::new();
    for unit in json.trim_matches('"').encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => ascii.push(byte.into()),
            _ => drop(write!(ascii, "\\u{unit:04x}")),
        }
    }
    ascii
}

/// How many characters of a text are a value at that place. A short value counts as a whole word only.
fn matched(text: &[char], at: usize, needle: &[char]) -> Option<usize> {
    let length = text[at..].iter().zip(needle).take_while(|(a, b)| a == b).count();
    if length >= MIN_PREFIX_CHARS {
        return Some(length);
    }
    let is_word = |index: Option<usize>| index.and_then(|index| text.get(index)).is_some_and(|c| c.is_alphanumeric());
    let is_whole = length == needle.len() && !is_word(at.checked_sub(1)) && !is_word(Some(at + length));
    is_whole.then_some(length)
}

fn fold(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// The character, or a space in place of one that is not shown.
fn visible(c: char) -> char {
    if is_shown(c) { c } else { ' ' }
}

/// Whether a character may be in an error: no control, no line or paragraph separator, and none that changes the direction of
/// what follows or cannot be seen.
fn is_shown(c: char) -> bool {
    !(c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, values: &[&str]) -> String {
        redact(text, &values.iter().map(|value| Secret::from(*value)).collect::<Vec<_>>())
    }

    #[test]
    fn values_are_redacted_raw_encoded_and_in_any_case() {
        let value = "jürgen \"the\" one@example.com";
        assert_eq!(shown("no JÜRGEN \"THE\" ONE@example.com here", &[value]), "no [redacted] here");
        assert_eq!(shown(r#"no jürgen \"the\" one@example.com here"#, &[value]), "no [redacted] here");
        assert_eq!(shown("?q=j%C3%BCrgen%20%22the%22%20one%40example.com&", &[value]), "?q=[redacted]&");
        assert_eq!(shown("?q=j%c3%bcrgen%20%22the%22%20one%40example%2ecom&", &[value]), "?q=[redacted]&");
    }

    #[test]
    fn a_part_of_a_longer_word_is_shown() {
        assert_eq!(shown("ADAM and the doors of Adamant", &["Ada", "door"]), "ADAM and the doors of Adamant");
        assert_eq!(shown("Ada, door", &["Ada", "door"]), "[redacted], [redacted]");
        assert_eq!(shown("wrong pin 4821, 148213", &["4821"]), "wrong pin [redacted], 148213");
    }

    #[test]
    fn the_beginning_of_a_long_value_is_redacted() {
        let token = "eyJhbGciOiJIUzI1NiJ9.made-up";
        assert_eq!(shown("bad token eyJhbGciOiJIUz", &[token]), "bad token [redacted]");
        assert_eq!(shown("xeyJhbGciOiJIUz...", &[token]), "x[redacted]...");
        let late = " ".repeat(295) + token;
        assert!(!shown(&late, &[token]).contains("eyJ"));
    }

    #[test]
    fn a_message_is_one_line_of_bounded_length() {
        assert_eq!(shown("a\nb\u{2028}c\u{202e}d\u{200b}e\u{7f}", &[]), "a b c d e ");
        assert_eq!(shown(&"x".repeat(63_000), &[]).chars().count(), MAX_SHOWN_CHARS);
        let many: Vec<String> = (0..2_000).map(|number| format!("value {number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(shown("anything", &many), REDACTED);
    }
}
