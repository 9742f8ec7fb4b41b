//! The rules for reading and writing a time, with the crate `jiff` as the reference.

use proptest::prelude::*;

use super::{parsed, read};
use crate::value::date_time::{DateTime, civil};

/// Dates and clock times, good and bad, with a zone.
fn written_times() -> impl Strategy<Value = (String, String, String, String)> {
    let date = (0..=9998_u32, 0..=13_u32, prop_oneof![1..=28_u32, 0..=32_u32]);
    let clock = (0..=24_u32, 0..=60_u32, 0..=59_u32);
    let fraction = prop_oneof![Just(String::new()), "\\.[0-9]{1,9}"];
    let zone = prop_oneof![Just("Z".to_owned()), Just("z".to_owned()), "[+-](0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]"];
    (date, clock, fraction, zone, "[Tt ]").prop_map(
        |((year, month, day), (hour, minute, second), fraction, zone, t)| {
            (format!("{year:04}-{month:02}-{day:02}"), format!("{t}{hour:02}:{minute:02}:{second:02}"), fraction, zone)
        },
    )
}

/// The instant of a text by the crate `jiff`, as nanoseconds; UTC where there is no zone.
fn by_jiff(text: &str) -> Option<i128> {
    let zoned = text.parse::<jiff::Timestamp>().ok();
    let local = || {
        text.parse::<jiff::civil::DateTime>()
            .ok()?
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    };
    let nanos = zoned.or_else(local)?.as_nanosecond();
    (-62_167_219_200_000_000_000..253_402_300_800_000_000_000).contains(&nanos).then_some(nanos)
}

fn by_us(text: &str) -> Option<i128> {
    let time = text.parse::<DateTime>().ok()?.time;
    Some(i128::from(time.seconds()) * 1_000_000_000 + i128::from(time.subsec_nanos()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn rfc_3339_is_read_as_jiff_reads_it((date, clock, fraction, zone) in written_times()) {
        let text = format!("{date}{clock}{fraction}{zone}");
        prop_assert_eq!(by_us(&text), by_jiff(&text), "{}", text);
        let (local, short) = (format!("{date}{clock}{fraction}"), format!("{date}{clock}"));
        prop_assert_eq!(by_us(&local), by_jiff(&local), "{}", local);
        prop_assert_eq!(by_us(&short), by_jiff(&short), "{}", short);
        prop_assert_eq!(by_us(&date), by_jiff(&date), "{}", date);
    }

    #[test]
    fn leap_second_is_the_start_of_the_next_minute((date, clock, fraction, zone) in written_times()) {
        let minute = &clock[..6];
        let before = by_jiff(&format!("{date}{minute}:59{fraction}{zone}"));
        let leap = by_us(&format!("{date}{minute}:60{fraction}{zone}"));
        prop_assert_eq!(leap, before.map(|before| before + 1_000_000_000));
    }

    #[test]
    fn damaged_text_is_rejected_or_read_as_jiff_reads_it(
        (date, clock, fraction, zone) in written_times(), at in any::<prop::sample::Index>(), by in "[0-9TtZz:. +-]{0,2}",
    ) {
        let mut text = format!("{date}{clock}{fraction}{zone}");
        let at = at.index(text.len());
        text.replace_range(at..=at, &by);
        // jiff rejects a tenth digit of the fraction, and reads a leap second otherwise.
        let fraction = text.split('.').nth(1).unwrap_or_default();
        let is_common = fraction.bytes().take_while(u8::is_ascii_digit).count() <= 9 && !text.contains(":60");
        if let Some(nanos) = by_us(&text) && is_common {
            prop_assert_eq!(Some(nanos), by_jiff(&text), "{}", text);
        }
    }

    #[test]
    fn random_text_does_not_panic(text in ".{0,40}", times in "[0-9TtZz:. +-]{0,40}") {
        for text in [text, times] {
            if let Ok(time) = text.parse::<DateTime>() {
                prop_assert_eq!(time.as_str(), text);
            }
        }
    }

    #[test]
    fn digits_of_a_fraction_beyond_the_ninth_are_cut_off(nine in "[0-9]{9}", more in "[0-9]{1,20}") {
        prop_assert_eq!(parsed(&format!("2026-11-27T12:00:00.{nine}{more}Z")), parsed(&format!("2026-11-27T12:00:00.{nine}Z")));
    }

    #[test]
    fn time_is_written_as_jiff_writes_it_and_comes_back(millis in -62_167_219_200_000..253_402_207_200_000_i64) {
        let written = DateTime::from_unix_millis(millis).unwrap();
        prop_assert_eq!(written.as_str(), format!("{:.3}", jiff::Timestamp::from_millisecond(millis).unwrap()));
        prop_assert_eq!(written.unix_millis(), millis);
        prop_assert_eq!(DateTime::from(written.to_system_time()).to_string(), written.as_str());
        prop_assert_eq!(parsed(written.as_str()), written.clone());
        prop_assert_eq!(read(&serde_json::to_string(&written).unwrap()), written);
    }

    #[test]
    fn number_that_is_a_time_comes_back(number in prop_oneof![-70_000_000_000_000..260_000_000_000_000_i64, -200_000_000_000..200_000_000_000_i64]) {
        let millis = if number.unsigned_abs() < 100_000_000_000 { number * 1_000 } else { number };
        let expected = DateTime::from_unix_millis(millis).ok();
        let time = serde_json::from_str::<DateTime>(&number.to_string()).ok();
        prop_assert_eq!(&time, &expected);
        if let Some(time) = time {
            prop_assert_eq!(serde_json::to_string(&time).unwrap(), number.to_string());
        }
    }
}

#[test]
fn every_thirteenth_day_of_ten_thousand_years_is_the_one_of_jiff() {
    let first = jiff::civil::date(0, 1, 1);
    for days in (0..3_652_059).step_by(13) {
        let date = first + jiff::Span::new().days(days);
        let ours = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
        assert_eq!(civil::date_of(days - 719_528), ours);
        assert_eq!(civil::day_of(ours.0, ours.1, ours.2), Some(days - 719_528));
    }
}
