use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use spkey::DateTime;

/// A time of a response as people read it, in the zone of this machine, to the second; none if it is no time.
pub(crate) fn local(value: &Value) -> Option<String> {
    in_zone(value, TimeZone::system())
}

fn in_zone(value: &Value, zone: TimeZone) -> Option<String> {
    let time: DateTime = serde_json::from_value(value.clone()).ok()?;
    let time = Timestamp::from_millisecond(time.unix_millis()).ok()?.to_zoned(zone);
    Some(time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_and_number_are_shown_in_the_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        for time in [json!("2026-11-27T12:00:00.5Z"), json!(1_795_780_800_500_u64)] {
            assert_eq!(in_zone(&time, zone.clone()).as_deref(), Some("2026-11-27 14:00:00"), "{time}");
        }
        assert_eq!(in_zone(&json!("noon"), zone), None);
    }
}
