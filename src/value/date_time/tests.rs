use std::collections::HashSet;

use serde::Deserialize;

use super::*;
use crate::value::into_input::{IntoInput, InvalidInput};
use crate::value::parameter::Parameter;

mod against_jiff;

const NOON: &str = "2026-11-27T12:00:00Z";
const NOON_MILLIS: i64 = 1_795_780_800_000;

fn parsed(text: &str) -> DateTime {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn read(json: &str) -> DateTime {
    let time: DateTime = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(DateTime::deserialize(&value).unwrap().as_str(), time.as_str(), "{json}");
    assert_eq!(serde_json::from_reader::<_, DateTime>(json.as_bytes()).unwrap().as_str(), time.as_str(), "{json}");
    time
}

#[test]
fn every_form_of_a_time_is_read_as_its_instant() {
    for text in [
        NOON,
        "2026-11-27t12:00:00z",
        "2026-11-27T12:00:00.000Z",
        "2026-11-27T12:00:00.0000000000000000Z",
        "2026-11-27T12:00:00+00:00",
        "2026-11-27T12:00:00-00:00",
        "2026-11-27T14:00:00+02:00",
        "2026-11-27T14:00:00+0200",
        "2026-11-27T06:30:00-05:30",
        "2026-11-28T11:59:00+23:59",
        "2026-11-26T12:01:00-23:59",
        "2026-11-27T11:59:60Z",
        "2026-11-27T12:00Z",
        "2026-11-27T12:00:00",
        "2026-11-27 12:00:00",
        "2026-11-27 12:00",
        "2026-11-27 12:00:00.000+00:00",
    ] {
        assert_eq!(parsed(text).unix_millis(), NOON_MILLIS, "{text}");
        assert_eq!(parsed(text).as_str(), text);
        assert_eq!(parsed(text).to_string(), text);
        assert_eq!(DateTime::try_from(text.to_owned()).unwrap().as_str(), text);
        assert_eq!(DateTime::try_from(&text.to_owned()).unwrap().as_str(), text);
        assert_eq!(serde_json::to_string(&read(&format!("{text:?}"))).unwrap(), format!("{text:?}"));
    }
    assert_eq!(parsed("2026-11-27").unix_millis(), NOON_MILLIS - 43_200_000);
    assert_eq!(parsed("2024-02-29").unix_millis(), 1_709_164_800_000);
}

#[test]
fn what_is_no_time_is_rejected() {
    for text in [
        "",
        " ",
        "+",
        "-",
        "now",
        "2026",
        "2026-11",
        "20261127",
        "20261127T120000Z",
        "1795780800000",
        "-2026-11-27",
        "+02026-11-27",
        "2026-00-27",
        "2026-13-27",
        "2026-11-00",
        "2026-11-31",
        "2025-02-29",
        "1900-02-29",
        "2026-11-27Z",
        "2026-11-27T",
        "2026-11-27T12",
        "2026-11-27T12Z",
        "2026-11-27T12:00:",
        "2026-11-27T12:00:00.",
        "2026-11-27T12:00:00.Z",
        "2026-11-27T12:00.5Z",
        "2026-11-27T12:00:00,5Z",
        "2026-11-27T24:00:00Z",
        "2026-11-27T12:60:00Z",
        "2026-11-27T12:00:61Z",
        "2026-11-27T12:00:00+",
        "2026-11-27T12:00:00+02",
        "2026-11-27T12:00:00+02:",
        "2026-11-27T12:00:00+24:00",
        "2026-11-27T12:00:00+02:60",
        "2026-11-27T12:00:00 Z",
        "2026-11-27T12:00:00ZZ",
        " 2026-11-27T12:00:00Z",
        "2026-11-27T12:00:00Z ",
        "2026-11-27  12:00:00",
        "2026-11-27T1２:00:00Z",
        "２０２６-11-27",
        "2026-11-2é",
        "Fri, 27 Nov 2026 12:00:00 GMT",
        "9999-12-31T23:59:60Z",
        "9999-12-31T23:59:59-00:01",
        "0000-01-01T00:00:00+00:01",
    ] {
        let error = text.parse::<DateTime>().unwrap_err();
        assert_eq!(error.to_string(), PROBLEM, "{text:?}");
    }
}

#[test]
fn number_is_milliseconds_or_below_the_limit_seconds() {
    for (json, millis) in [
        ("1795780800000", NOON_MILLIS),
        ("1795780800", NOON_MILLIS),
        ("1795780800000.0", NOON_MILLIS),
        ("1795780800000.9", NOON_MILLIS),
        ("1795780800.123", NOON_MILLIS + 123),
        ("1.7957808e12", NOON_MILLIS),
        ("0", 0),
        ("-0.0", 0),
        ("-1", -1_000),
        ("-0.001", -1),
        ("1e-7", 0),
        ("99999999999", 99_999_999_999_000),
        ("100000000000", 100_000_000_000),
        ("-100000000000", -100_000_000_000),
        ("-62167219200000", -62_167_219_200_000),
        ("253402300799999", 253_402_300_799_999),
    ] {
        assert_eq!(read(json).unix_millis(), millis, "{json}");
    }
}

#[test]
fn number_is_written_as_it_came() {
    for json in ["1795780800000", "1795780800", "1795780800000.0", "1795780800000.5", "-1", "0", "1e-7"] {
        let time = read(json);
        assert_eq!((time.as_str(), serde_json::to_string(&time).unwrap().as_str()), (json, json));
        assert_eq!(serde_json::to_value(&time).unwrap(), serde_json::from_str::<serde_json::Value>(json).unwrap());
    }
}

#[test]
fn number_as_text_stays_text() {
    for (text, millis) in [("1795780800000", NOON_MILLIS), ("1795780800", NOON_MILLIS)] {
        let json = format!("{text:?}");
        let time = read(&json);
        assert_eq!((time.unix_millis(), time.as_str()), (millis, text));
        assert_eq!(serde_json::to_string(&time).unwrap(), json);
    }
}

#[test]
fn json_that_is_no_time_is_rejected() {
    for json in [
        "null",
        "true",
        "[]",
        "[0]",
        "{}",
        r#""""#,
        r#""-""#,
        r#""2026""#,
        r#""20261127""#,
        r#""20261127120000""#,
        r#""-1795780800""#,
        r#""1795780800.5""#,
        "-99999999999",
        "-62167219200001",
        "253402300800000",
        "1795780800000000",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "1e300",
        "-1e300",
    ] {
        let error = serde_json::from_str::<DateTime>(json).unwrap_err().to_string();
        assert!(error.contains("give RFC 3339"), "{json}: {error}");
    }
    assert!(serde_json::from_str::<DateTime>("1e400").is_err());
}

#[test]
fn times_are_equal_order_and_hash_by_their_instant() {
    let same = [NOON, "2026-11-27T14:00:00+02:00", "2026-11-27 12:00"].map(parsed);
    assert_eq!(HashSet::from(same).len(), 1);
    assert_eq!(parsed(NOON), read("1795780800000"));
    let ascending = [
        parsed("0000-01-01"),
        parsed("1969-12-31T23:59:59.999999999Z"),
        parsed("1970-01-01"),
        parsed("2026-11-27T23:00:00+14:00"),
        parsed(NOON),
        parsed("2026-11-27T12:00:00.000000001Z"),
        parsed("2026-11-27T11:00:00-02:00"),
        parsed("9999-12-31T23:59:59.999999999Z"),
    ];
    assert!(ascending.is_sorted_by(|this, next| this < next));
}

#[test]
fn milliseconds_outside_of_the_years_are_rejected() {
    assert_eq!(DateTime::from_unix_millis(NOON_MILLIS).unwrap().as_str(), "2026-11-27T12:00:00.000Z");
    assert_eq!(DateTime::from_unix_millis(1).unwrap().as_str(), "1970-01-01T00:00:00.001Z");
    for (millis, text) in
        [(-62_167_219_200_000, "0000-01-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z")]
    {
        assert_eq!(DateTime::from_unix_millis(millis).unwrap().as_str(), text);
        let beyond = millis + millis.signum();
        for millis in [beyond, NOON_MILLIS * 1_000, i64::MIN, i64::MAX] {
            assert_eq!(DateTime::from_unix_millis(millis).unwrap_err().to_string(), MILLIS_PROBLEM, "{millis}");
        }
    }
}

#[test]
fn parameter_is_never_a_number() {
    for (json, text) in [
        ("1795780800000", "2026-11-27T12:00:00.000Z"),
        (r#""1795780800000""#, "2026-11-27T12:00:00.000Z"),
        (r#""2026-11-27T12:00:00Z""#, NOON),
        (r#""2026-11-27""#, "2026-11-27"),
    ] {
        assert_eq!(Parameter::text(&read(json)), text, "{json}");
    }
}

#[test]
fn input_is_a_time_text_or_a_system_time() {
    let given = |input: Result<DateTime, InvalidInput>| input.map(|time| time.unix_millis()).ok();
    for input in [NOON.into_input(), NOON.to_owned().into_input(), (&NOON.to_owned()).into_input()] {
        assert_eq!(given(input), Some(NOON_MILLIS));
    }
    assert_eq!(given(parsed(NOON).to_system_time().into_input()), Some(NOON_MILLIS));
    let optional: Option<DateTime> = NOON.into_input().unwrap();
    assert_eq!(optional, Some(parsed(NOON)));
    let InvalidInput::Invalid(problem) = IntoInput::<DateTime>::into_input("1795780800000").unwrap_err() else {
        panic!("text of digits is no RFC 3339");
    };
    assert_eq!(problem, PROBLEM);
}

#[test]
fn time_is_small_and_its_debug_output_short() {
    assert!(size_of::<Option<DateTime>>() <= 40);
    assert_eq!(format!("{:?} {:?}", parsed(NOON), read("0")), "DateTime(2026-11-27T12:00:00Z) DateTime(0)");
    assert_eq!(format!("{:>22}", parsed(NOON)), "  2026-11-27T12:00:00Z");
}
