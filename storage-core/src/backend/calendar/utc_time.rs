use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use super::days::date_of;

const SECONDS_PER_DAY: i64 = 24 * 3_600;

/// A second in UTC, by the proleptic Gregorian calendar. It is written as `2026-11-23T15:04:05Z`.
///
/// ```
/// use std::time::UNIX_EPOCH;
/// use storage_core::backend::calendar::UtcTime;
///
/// let time = UtcTime::of(UNIX_EPOCH);
/// assert_eq!((time.year, time.month, time.day), (1970, 1, 1));
/// assert_eq!(time.to_string(), "1970-01-01T00:00:00Z");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UtcTime {
    /// The year; 0 is the one before the year 1.
    pub year: i64,
    /// 1 to 12.
    pub month: u64,
    /// 1 to 31.
    pub day: u64,
    /// 0 to 23.
    pub hour: u64,
    /// 0 to 59.
    pub minute: u64,
    /// 0 to 59.
    pub second: u64,
}

impl UtcTime {
    /// Rounded down to the second.
    pub fn of(time: SystemTime) -> Self {
        let seconds = unix_seconds(time);
        let (year, month, day) = date_of(seconds.div_euclid(SECONDS_PER_DAY));
        let second = seconds.rem_euclid(SECONDS_PER_DAY).unsigned_abs();
        Self {
            year,
            month: month.unsigned_abs(),
            day: day.unsigned_abs(),
            hour: second / 3_600,
            minute: second / 60 % 60,
            second: second % 60,
        }
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// Before 1970 too; what no platform can tell apart from the end of time is it.
fn unix_seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => {
            let before = before.duration();
            let whole = i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
            (-whole).saturating_sub(i64::from(before.subsec_nanos() > 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn known_times() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_725_321_600, "2024-09-03T00:00:00Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(UtcTime::of(UNIX_EPOCH + Duration::from_secs(seconds)).to_string(), text);
        }
        assert_eq!(UtcTime::of(UNIX_EPOCH - Duration::from_millis(1)).to_string(), "1969-12-31T23:59:59Z");
        assert_eq!(UtcTime::of(UNIX_EPOCH - Duration::from_secs(86_400)).to_string(), "1969-12-31T00:00:00Z");
    }

    #[test]
    fn the_ends_of_time_have_a_date() {
        let far = Duration::from_secs(i64::MAX.unsigned_abs());
        for time in [UNIX_EPOCH.checked_add(far), UNIX_EPOCH.checked_sub(far)].into_iter().flatten() {
            let time = UtcTime::of(time);
            assert!((1..=12).contains(&time.month) && (1..=31).contains(&time.day), "{time:?}");
        }
    }
}
