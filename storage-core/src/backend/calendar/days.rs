//! Days counted from 1970-01-01, and their dates in the proleptic Gregorian calendar. Years are counted from March, so that the leap day is a
//! year's last.

/// Every 400 years have as many days.
const DAYS_PER_ERA: i64 = 146_097;

/// Days from 0000-03-01, with which an era begins, to 1970-01-01.
const EPOCH_SHIFT: i64 = 719_468;

/// Year, month and day.
pub(super) const fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH_SHIFT;
    let (era, day_of_era) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + if month <= 2 { 1 } else { 0 }, month, day)
}

/// The day of a date that exists.
pub(super) const fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year_from_march = year - if month <= 2 { 1 } else { 0 };
    let (era, year_of_era) = (year_from_march.div_euclid(400), year_from_march.rem_euclid(400));
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT
}

/// How many days the month has, if there is such a month.
pub(super) const fn days_in_month(year: i64, month: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => Some(if is_leap { 29 } else { 28 }),
        4 | 6 | 9 | 11 => Some(30),
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More than an era, day by day, with years before 1970 and before the year 0.
    #[test]
    fn each_day_follows_the_one_before() {
        let (mut year, mut month, mut day) = (-401, 12, 30);
        for days in days_of(year, month, day)..days_of(410, 1, 3) {
            assert_eq!(date_of(days), (year, month, day));
            assert_eq!(days_of(year, month, day), days);
            day += 1;
            if day > days_in_month(year, month).unwrap() {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!((year, month, day), (410, 1, 3));
    }
}
