use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// The length of an escape like `\ufffd`. The replacement is as long as what it replaces, so errors keep their
/// position.
const ESCAPE_BYTES: usize = 6;
const REPLACEMENT: &[u8; ESCAPE_BYTES] = br"\ufffd";

/// Reads JSON as other senders write it: a byte order mark before it is skipped (RFC 8259, section 8.1), and a text
/// that is not valid Unicode (section 8.2) is read with U+FFFD in place of what is invalid, as JavaScript's
/// `response.json()` does for bytes. Otherwise one text cut in the middle of an emoji would make the whole document
/// unreadable.
///
/// Valid JSON costs nothing more than with `serde_json`: repairs are tried only after a failure.
pub(crate) fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    let bytes = without_byte_order_mark(bytes);
    serde_json::from_slice(bytes).or_else(|error| match repaired(bytes) {
        Some(repaired) => serde_json::from_slice(&repaired),
        None => Err(error),
    })
}

/// Reads valid Unicode as `serde_json` does. It has a reader of its own for text, which a program would have besides that for bytes:
/// 20 kB more.
pub(crate) fn from_text<'a, T: Deserialize<'a>>(text: &'a str) -> serde_json::Result<T> {
    serde_json::from_slice(text.as_bytes())
}

/// A text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    // A text can always be written.
    serde_json::to_string(text).unwrap_or_default()
}

/// The JSON after the byte order mark, if there is one.
pub(crate) fn without_byte_order_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// The JSON with valid Unicode in all texts.
pub(crate) fn valid_unicode(json: &[u8]) -> Cow<'_, str> {
    match repaired(json) {
        Some(repaired) => String::from_utf8_lossy(&repaired).into_owned().into(),
        None => String::from_utf8_lossy(json),
    }
}

/// The JSON with valid Unicode in all texts, or `None` if that changes nothing.
fn repaired(json: &[u8]) -> Option<Vec<u8>> {
    let invalid_utf8 = str::from_utf8(json).is_err().then(|| String::from_utf8_lossy(json).into_owned().into_bytes());
    match invalid_utf8 {
        Some(text) => Some(without_lone_surrogates(&text).unwrap_or(text)),
        None => without_lone_surrogates(json),
    }
}

/// The JSON with `\ufffd` in place of each escaped surrogate that is not half of a pair, or `None` if there is none.
///
/// Needs no track of where texts begin and end: outside of them, a backslash is an error with and without this.
fn without_lone_surrogates(json: &[u8]) -> Option<Vec<u8>> {
    let mut repaired: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(distance) = json.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\')) {
        at += distance;
        let (escape, next) = (&json[at..], json.get(at + ESCAPE_BYTES..).unwrap_or_default());
        at += match (utf16_unit(escape), utf16_unit(next)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 2 * ESCAPE_BYTES,
            (Some(0xd800..=0xdfff), _) => {
                let repaired = repaired.get_or_insert_with(|| json.to_vec());
                repaired[at..at + ESCAPE_BYTES].copy_from_slice(REPLACEMENT);
                ESCAPE_BYTES
            }
            // The backslash and what it escapes, which may be a backslash: `\\ud83c` escapes no surrogate.
            _ => 2,
        };
    }
    repaired
}

/// The UTF-16 code unit of the `\uXXXX` at the beginning, if there is one.
fn utf16_unit(json: &[u8]) -> Option<u16> {
    let digits = json.strip_prefix(br"\u")?.get(..4)?;
    u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_oneof, proptest};
    use serde_json::{Value, json};

    use super::from_slice;
    use crate::types::CommandResult;

    fn read(text: &str) -> String {
        from_slice(text.as_bytes()).unwrap()
    }

    #[test]
    fn valid_json_is_read_as_by_serde_json() {
        assert_eq!(read(r#""\ud83c\udf89 \\ud83c \u00e4 \n""#), "\u{1f389} \\ud83c \u{e4} \n");
        assert!(from_slice::<Value>(b"{} {}").is_err());
        assert!(from_slice::<Value>(b"").is_err());
    }

    #[test]
    fn byte_order_mark_is_skipped_once_and_only_in_front() {
        assert_eq!(read("\u{feff}\"\u{feff}\""), "\u{feff}");
        assert!(from_slice::<Value>("\u{feff}\u{feff}1".as_bytes()).is_err());
        assert!(from_slice::<Value>("1\u{feff}".as_bytes()).is_err());
    }

    #[test]
    fn lone_surrogate_is_read_as_replacement_character() {
        for (json, text) in [
            (r#""Party \ud83c""#, "Party \u{fffd}"),
            (r#""\uDf89 party""#, "\u{fffd} party"),
            (r#""\ud83c\ud83c\udf89""#, "\u{fffd}\u{1f389}"),
            (r#""\udf89\ud83c""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83cudf89""#, "\u{fffd}udf89"),
            (r#""\ud83c\n\\ud83c""#, "\u{fffd}\n\\ud83c"),
            (r#""\\\ud83c\\\\ud83c""#, "\\\u{fffd}\\\\ud83c"),
        ] {
            assert_eq!(read(json), text, "{json}");
        }
    }

    #[test]
    fn lone_surrogate_in_a_key_or_in_a_typed_field_is_repaired_too() {
        let value: Value = from_slice(br#"{ "\ud83c": ["\udf89"] }"#).unwrap();
        assert_eq!(value, json!({ "\u{fffd}": ["\u{fffd}"] }));
        let result: CommandResult = from_slice(br#"{ "success": true, "new\ud83c": "\ud83c" }"#).unwrap();
        assert_eq!(result.success, Some(true));
    }

    #[test]
    fn invalid_utf_8_is_read_as_replacement_character() {
        assert_eq!(from_slice::<String>(b"\"a\xffb \\ud83c\"").unwrap(), "a\u{fffd}b \u{fffd}");
        assert_eq!(from_slice::<String>(b"\"\xed\xa0\xbc\"").unwrap(), "\u{fffd}\u{fffd}\u{fffd}");
    }

    #[test]
    fn incomplete_escapes_are_errors_of_the_kind_that_they_were() {
        for json in [r#""\ud83c"#, r#""\ud83"#, r#""\ud83c\"#, r#""\ud83c\udf"#, r#"""#] {
            assert!(from_slice::<Value>(json.as_bytes()).unwrap_err().is_eof(), "{json}");
        }
        for json in [r#""\ud83 ""#, r#""\u+d83""#, r#""\x""#, r"\ud83c", r#"["\ud83c",]"#] {
            assert!(from_slice::<Value>(json.as_bytes()).unwrap_err().is_syntax(), "{json}");
        }
    }

    proptest! {
        /// The oracle is the standard library's own reading of UTF-16.
        #[test]
        fn any_escapes_are_read_as_utf_16(
            units in proptest::collection::vec(prop_oneof![any::<u16>(), 0xd7f0..0xe010_u16, 0x5c..0x5d_u16], 0..20)
        ) {
            let escapes: Vec<String> = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let escapes = escapes.concat();
            assert_eq!(read(&format!("\"{escapes}\"")), String::from_utf16_lossy(&units));
        }

        #[test]
        fn any_text_between_lone_surrogates_is_kept(text in r#"[\\u"d83c\n]{0,12}"#) {
            let json = json!(text).to_string();
            let inside = &json[1..json.len() - 1];
            let lone = format!("\"{inside}\\udf89{inside}\\ud83c \"");
            assert_eq!(read(&lone), format!("{text}\u{fffd}{text}\u{fffd} "));
        }
    }
}
