//! Turns the JSON of a scalar into JSON that its type reads, where nothing is lost by it: `"7"` into `7`, `7` into `"7"`,
//! `1.0` into `1`.

use serde::Deserialize;

use crate::value::date_time::DateTime;
use crate::value::from_scalar::FromScalar;
use crate::value::json::{self, quoted};
use crate::value::lock_id::LockId;
use crate::value::number::Number;
use crate::value::scalar::Scalar;
use crate::value::shape::ScalarKind;
use crate::value::user_id::UserId;

/// The JSON of a scalar as its kind is read; none where it cannot be understood.
pub(crate) fn convert(json: &str, kind: ScalarKind) -> Option<String> {
    match kind {
        ScalarKind::Text | ScalarKind::SecretText | ScalarKind::Enum(_) => as_text(json),
        ScalarKind::Integer => as_integer(json),
        ScalarKind::Float => as_float(json),
        ScalarKind::Boolean => matches!(json, "true" | "false").then(|| json.to_owned()),
        ScalarKind::Lock => unchanged::<LockId>(json),
        ScalarKind::User => unchanged::<UserId>(json),
        ScalarKind::Time => unchanged::<DateTime>(json),
        ScalarKind::Version => unchanged::<Number>(json),
    }
}

/// For a type whose own reading takes all that can be understood as one.
fn unchanged<T: FromScalar>(json: &str) -> Option<String> {
    T::from_scalar(scalar(json)?).map(|_| json.to_owned())
}

/// A text, or a number by its digits: of `123.0`, `"123"`.
fn as_text(json: &str) -> Option<String> {
    let is_whole = json.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    // A whole number may have more digits than any type of number holds.
    let text = if is_whole { Some(json.to_owned()) } else { scalar(json)?.into_text() };
    text.map(|text| quoted(&text))
}

/// A whole number, or a text of one.
fn as_integer(json: &str) -> Option<String> {
    let integer: i64 = match number(json)? {
        Scalar::Unsigned(number) => number.try_into().ok()?,
        Scalar::Signed(number) => number,
        Scalar::Float(number) => whole(number)?,
        _ => return None,
    };
    Some(integer.to_string())
}

/// A number, or a text of one.
fn as_float(json: &str) -> Option<String> {
    number(json)?.into_text()
}

fn scalar(json: &str) -> Option<Scalar<'_>> {
    Scalar::deserialize(&mut serde_json::Deserializer::from_slice(json.as_bytes())).ok()
}

/// A JSON number, bare or as a text. A text like `007` or `+1` is none: as a number it would lose something.
fn number(json: &str) -> Option<Scalar<'static>> {
    let number = |json: &str| match json::from_text(json) {
        Ok(Scalar::Unsigned(number)) => Some(Scalar::Unsigned(number)),
        Ok(Scalar::Signed(number)) => Some(Scalar::Signed(number)),
        Ok(Scalar::Float(number)) => Some(Scalar::Float(number)),
        _ => None,
    };
    match scalar(json)? {
        Scalar::Text(text) => number(&text),
        _ => number(json),
    }
}

/// 2^53, below which every whole number is a float of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn whole(number: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "it is a whole number within the bounds")]
    let integer = || number as i64;
    (number.fract() == 0.0 && number.abs() < EXACT).then(integer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_convert_where_nothing_is_lost() {
        type Row = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>);
        let rows: [Row; 16] = [
            ("7", Some(r#""7""#), Some("7"), Some("7")),
            ("-7", Some(r#""-7""#), Some("-7"), Some("-7")),
            ("1.0", Some(r#""1""#), Some("1"), Some("1")),
            ("1e2", Some(r#""100""#), Some("100"), Some("100")),
            ("3.14", Some(r#""3.14""#), None, Some("3.14")),
            (r#""7""#, Some(r#""7""#), Some("7"), Some("7")),
            (r#""1.0""#, Some(r#""1.0""#), Some("1"), Some("1")),
            (r#""007""#, Some(r#""007""#), None, None),
            (r#""+1""#, Some(r#""+1""#), None, None),
            (r#""a\"b""#, Some(r#""a\"b""#), None, None),
            (r#""""#, Some(r#""""#), None, None),
            ("18446744073709551616", Some(r#""18446744073709551616""#), None, Some("18446744073709552000")),
            ("1e400", None, None, None),
            ("true", None, None, None),
            ("[7]", None, None, None),
            (r#"{ "a": 7 }"#, None, None, None),
        ];
        for (json, text, integer, float) in rows {
            assert_eq!(as_text(json).as_deref(), text, "{json} as text");
            assert_eq!(as_integer(json).as_deref(), integer, "{json} as an integer");
            assert_eq!(as_float(json).as_deref(), float, "{json} as a float");
        }
    }

    #[test]
    fn integer_beyond_what_a_float_holds_exactly_is_none() {
        assert_eq!(as_integer("9007199254740993").as_deref(), Some("9007199254740993"));
        assert_eq!(as_integer("9007199254740993.0"), None);
        assert_eq!(as_integer("9223372036854775808"), None);
        assert_eq!(as_integer("1e300"), None);
    }

    #[test]
    fn boolean_is_taken_from_nothing_else() {
        assert_eq!(convert("true", ScalarKind::Boolean).as_deref(), Some("true"));
        for json in ["1", r#""true""#, "[]"] {
            assert_eq!(convert(json, ScalarKind::Boolean), None, "{json}");
        }
    }
}
