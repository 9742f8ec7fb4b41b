use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn parsed(text: &str) -> DateTime {
    text.parse().unwrap()
}

#[test]
fn system_time_outside_of_the_years_becomes_the_nearest_within() {
    let end = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
    for (system, text) in [
        (UNIX_EPOCH, "1970-01-01T00:00:00.000Z"),
        (UNIX_EPOCH + Duration::from_nanos(1_999_999), "1970-01-01T00:00:00.001Z"),
        (UNIX_EPOCH - Duration::from_micros(100), "1969-12-31T23:59:59.999Z"),
        (end - Duration::from_secs(1), "9999-12-31T23:59:59.000Z"),
        (end, "9999-12-31T23:59:59.999Z"),
        (end + Duration::from_secs(10_000_000_000), "9999-12-31T23:59:59.999Z"),
    ] {
        let time = DateTime::from(system);
        assert_eq!(time.as_str(), text);
        assert_eq!(time, parsed(text));
    }
    if cfg!(unix) {
        let before = UNIX_EPOCH - Duration::from_secs(62_167_219_201);
        assert_eq!(DateTime::from(before).as_str(), "0000-01-01T00:00:00.000Z");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn system_time_is_kept_to_the_millisecond(seconds in -62_167_219_200..253_402_300_800_i64, nanos in 0..1_000_000_000_u32) {
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let system = if seconds < 0 { UNIX_EPOCH - whole } else { UNIX_EPOCH + whole } + Duration::from_nanos(nanos.into());
        let time = DateTime::from(system);
        prop_assert_eq!(time.unix_millis(), seconds * 1_000 + i64::from(nanos / 1_000_000));
        prop_assert!(system.duration_since(time.to_system_time()).unwrap() < Duration::from_millis(1));
    }
}

#[cfg(feature = "jiff")]
#[test]
fn time_of_jiff_comes_and_goes() {
    let stamp: jiff::Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
    assert_eq!(DateTime::from(stamp).as_str(), "2026-11-27T12:00:00.000Z");
    assert_eq!(jiff::Timestamp::try_from(parsed("2026-11-27T12:00:00Z")).unwrap(), stamp);
    let precise = parsed("1969-12-31T23:59:59.123456789Z");
    assert_eq!(jiff::Timestamp::try_from(&precise).unwrap().to_string(), precise.as_str());
    assert_eq!(DateTime::from(jiff::Timestamp::MIN).as_str(), "0000-01-01T00:00:00.000Z");
    let error = jiff::Timestamp::try_from(parsed("9999-12-31T23:59:59Z")).unwrap_err();
    assert!(error.to_string().contains("use `to_system_time`"));
}

#[cfg(feature = "chrono")]
#[test]
fn time_of_chrono_comes_and_goes() {
    use chrono::{FixedOffset, Utc};

    let utc = chrono::DateTime::<Utc>::from_timestamp_millis(1_795_780_800_000).unwrap();
    assert_eq!(DateTime::from(utc).as_str(), "2026-11-27T12:00:00.000Z");
    assert_eq!(
        DateTime::from(utc.with_timezone(&FixedOffset::east_opt(7_200).unwrap())),
        parsed("2026-11-27T12:00:00Z")
    );
    assert_eq!(chrono::DateTime::from(parsed("2026-11-27T12:00:00Z")), utc);
    for text in ["0000-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"] {
        assert_eq!(DateTime::from(chrono::DateTime::<Utc>::from(&parsed(text))).as_str(), text);
    }
    assert_eq!(DateTime::from(chrono::DateTime::<Utc>::MIN_UTC).as_str(), "0000-01-01T00:00:00.000Z");
    assert_eq!(DateTime::from(chrono::DateTime::<Utc>::MAX_UTC).as_str(), "9999-12-31T23:59:59.999Z");
}

#[cfg(feature = "time")]
#[test]
fn time_of_the_crate_time_comes_and_goes() {
    use time::{OffsetDateTime, UtcOffset};

    let noon = OffsetDateTime::from_unix_timestamp(1_795_780_800).unwrap();
    assert_eq!(DateTime::from(noon).as_str(), "2026-11-27T12:00:00.000Z");
    assert_eq!(DateTime::from(noon.to_offset(UtcOffset::from_hms(2, 0, 0).unwrap())), parsed("2026-11-27T12:00:00Z"));
    assert_eq!(OffsetDateTime::from(parsed("2026-11-27T12:00:00Z")), noon);
    for text in ["0000-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"] {
        assert_eq!(DateTime::from(OffsetDateTime::from(&parsed(text))).as_str(), text);
    }
    let early = OffsetDateTime::from_unix_timestamp(-100_000_000_000).unwrap();
    assert_eq!(DateTime::from(early).as_str(), "0000-01-01T00:00:00.000Z");
}
