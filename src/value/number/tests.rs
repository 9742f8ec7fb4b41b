#![allow(clippy::float_cmp, reason = "a number is the very float it was made from")]

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::value::into_input::{IntoInput, InvalidInput};
use crate::value::parameter::Parameter;

fn read(json: &str) -> Number {
    let number: Number = serde_json::from_str(json).unwrap();
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(Number::deserialize(&value).unwrap(), number, "{json}");
    assert_eq!(serde_json::from_reader::<_, Number>(json.as_bytes()).unwrap(), number, "{json}");
    number
}

#[test]
fn number_or_text_of_one_is_read_and_an_integer_is_one_however_it_is_written() {
    for (json, printed, integer) in [
        ("3", "3", Some(3)),
        ("3.0", "3", Some(3)),
        (r#""3""#, "3", Some(3)),
        (r#""3.0""#, "3", Some(3)),
        (r#""\u0033""#, "3", Some(3)),
        ("3e2", "300", Some(300)),
        ("3.14", "3.14", None),
        (r#""3.14""#, "3.14", None),
        ("-7", "-7", Some(-7)),
        ("-0.5", "-0.5", None),
        ("0", "0", Some(0)),
        ("-0", "0", Some(0)),
        ("-0.0", "0", Some(0)),
        ("0e0", "0", Some(0)),
        ("9223372036854775807", "9223372036854775807", Some(i64::MAX)),
        ("9223372036854775808", "9223372036854775808", None),
        ("18446744073709551615", "18446744073709551615", None),
        ("18446744073709551616", "18446744073709552000", None),
        ("-9223372036854775808", "-9223372036854775808", Some(i64::MIN)),
        ("-9223372036854775809", "-9223372036854775808", Some(i64::MIN)),
        ("1e19", "10000000000000000000", None),
    ] {
        let number = read(json);
        assert_eq!((number.to_string().as_str(), number.as_i64()), (printed, integer), "{json}");
    }
    assert_eq!(read("1e300").as_f64(), 1e300);
}

#[test]
fn what_is_no_finite_number_is_rejected() {
    for text in [
        "",
        " ",
        "-",
        "+",
        "+3",
        "03",
        ".5",
        "5.",
        "3 ",
        " 3",
        "\n3",
        "3e",
        "1e400",
        "-1e400",
        "NaN",
        "inf",
        "-Infinity",
        "0x10",
        "1_000",
        "3,14",
        "٣",
        "\"3\"",
        "null",
        "true",
        r#"{"$serde_json::private::Number":"3"}"#,
    ] {
        let error = text.parse::<Number>().unwrap_err();
        assert_eq!(error.to_string(), "not a number: give a finite number, like 3 or 3.14", "{text:?}");
        let json = serde_json::to_string(text).unwrap();
        assert!(serde_json::from_str::<Number>(&json).is_err(), "{json}");
        assert_eq!(Number::from_scalar(Scalar::Text(text.into())), None, "{text:?}");
    }
    for json in ["null", "true", "[3]", "{}", r#"{"version":3}"#] {
        let error = serde_json::from_str::<Number>(json).unwrap_err().to_string();
        assert!(error.contains("give a finite number"), "{json}: {error}");
    }
    for json in ["1e400", "-1e400"] {
        assert!(serde_json::from_str::<Number>(json).is_err(), "{json}");
    }
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(Number::try_from(float).is_err(), "{float}");
    }
}

#[test]
fn number_compares_with_integers() {
    let three = read("3.0");
    assert!(three == 3 && three == 3_i64 && three == 3_u32 && three == 3_u64);
    assert_eq!(3, three);
    assert_ne!(three, -3);
    for (small, large) in [(2_i64, 4_i64), (-1, i64::MAX)] {
        assert!(three > small && three < large);
        assert!(small < three && large > three);
    }
    assert!(three > 2);
    assert!(three < 4_u32);
    assert!(4_u64 > three);
    assert_eq!(Some(three), Some(3.into()));
    assert!(read("3.14") > 3 && read("3.14") < 4 && read("3.14") != 3);
    assert!(read("-3.14") < -3 && read("-3.14") > -4);
    assert!(read("1e300") > u64::MAX && read("-1e300") < i64::MIN && read("18446744073709551616") > u64::MAX);
    assert_eq!(Number::from(u64::MAX), u64::MAX);
    assert_eq!(Number::default(), 0);
}

#[test]
fn numbers_order_as_on_the_number_line() {
    let texts = [
        "-1e300",
        "-18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775807",
        "-3.14",
        "-3",
        "-0.5",
        "0",
        "1e-300",
        "0.5",
        "3",
        "3.14",
        "4",
        "9007199254740992",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "1e300",
    ];
    let sorted = texts.map(read);
    let mut numbers = sorted;
    numbers.reverse();
    numbers.sort();
    assert_eq!(numbers, sorted);
    assert_eq!(HashSet::from(sorted).len(), texts.len());
}

#[test]
fn input_is_an_integer_or_a_finite_float() {
    let given = |input: Result<Number, InvalidInput>| input.ok();
    assert_eq!(given(3.into_input()), Some(3.into()));
    assert_eq!(given(u64::MAX.into_input()), Some(u64::MAX.into()));
    assert_eq!(given(3.0.into_input()), Some(3.into()));
    assert_eq!(given(f64::NAN.into_input()), None);
    assert_eq!(Parameter::text(&read("3.0")), "3");
}

#[test]
fn number_is_padded_like_any_other() {
    assert_eq!(
        format!("{:>4}|{:03}|{:?}|{:.1}", read("3.0"), read("7"), Some(read("2.0")), read("3.14")),
        "   3|007|Some(2)|3.1"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_integer_is_exact_and_comes_back(integer in i128::from(i64::MIN)..=i128::from(u64::MAX)) {
        let number = read(&integer.to_string());
        prop_assert_eq!(number.to_string(), integer.to_string());
        prop_assert_eq!(serde_json::to_string(&number).unwrap(), integer.to_string());
        prop_assert_eq!(integer.to_string().parse::<Number>().unwrap(), number);
        prop_assert_eq!(number.as_i64().map(i128::from), i64::try_from(integer).ok().map(i128::from));
    }

    #[test]
    fn every_finite_float_comes_back(float in any::<f64>()) {
        prop_assume!(float.is_finite());
        let number = Number::try_from(float).unwrap();
        prop_assert_eq!(number.as_f64(), float);
        prop_assert_eq!(number.as_i64().is_some(), float.fract() == 0.0 && (-2f64.powi(63)..2f64.powi(63)).contains(&float));
        prop_assert_eq!(serde_json::to_string(&number).unwrap().contains(['.', 'e']), number.integer().is_none());
    }

    #[test]
    fn order_is_total_and_agrees_with_equality_and_hash(
        a in prop_oneof![any::<f64>(), -4.0..4.0, (-4..4).prop_map(f64::from)],
        b in prop_oneof![any::<f64>(), -4.0..4.0, (-4..4).prop_map(f64::from)],
    ) {
        prop_assume!(a.is_finite() && b.is_finite());
        let (this, other) = (Number::try_from(a).unwrap(), Number::try_from(b).unwrap());
        prop_assert_eq!(this.partial_cmp(&other), a.partial_cmp(&b));
        prop_assert_eq!(this == other, a == b);
        prop_assert_eq!(this.cmp(&other), other.cmp(&this).reverse());
        let hasher = RandomState::new();
        prop_assert_eq!(hasher.hash_one(this) == hasher.hash_one(other), a == b);
    }

    #[test]
    fn text_never_panics(text in "[0-9+.eE-]{0,12}") {
        prop_assert_eq!(text.parse::<Number>().ok(), serde_json::from_str::<Number>(&text).ok());
    }
}
