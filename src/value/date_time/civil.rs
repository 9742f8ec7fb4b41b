//! The proleptic Gregorian calendar as days since 1970-01-01, by the algorithms of Howard Hinnant
//! (<https://howardhinnant.github.io/date_algorithms.html>). Its year begins in March, so that the leap day is the last one.

const DAYS_PER_ERA: i64 = 146_097; // of 400 years
const EPOCH: i64 = 719_468; // days from 0000-03-01 to 1970-01-01

/// The day of a date, or `None` where the calendar has no such date.
pub(super) fn day_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let march_year = year - i64::from(month <= 2);
    let year_of_era = march_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = march_year.div_euclid(400) * DAYS_PER_ERA + day_of_era - EPOCH;
    (date_of(days) == (year, month, day)).then_some(days)
}

/// Year, month and day.
pub(super) fn date_of(days: i64) -> (i64, i64, i64) {
    let day_of_era = (days + EPOCH).rem_euclid(DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let march_year = (days + EPOCH).div_euclid(DAYS_PER_ERA) * 400 + year_of_era;
    (march_year + i64::from(month <= 2), month, day_of_year - (153 * march_month + 2) / 5 + 1)
}
