//! Dates as S3 writes them, from and to [`SystemTime`]. UTC only.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SECONDS_PER_DAY: u64 = 24 * 3_600;

/// 9999-12-31T23:59:59Z, the last second that has a year of four digits.
const LAST_SECOND: u64 = 253_402_300_799;

/// A time as `YYYYMMDDTHHMMSSZ`, the format that signatures use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct AmzDate {
    text: [u8; 16],
    days: u64,
}

impl AmzDate {
    /// Whole seconds, rounded down. Times before 1970 or after 9999 become the nearest that can be written.
    pub(crate) fn new(time: SystemTime) -> Self {
        let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()).min(LAST_SECOND);
        let days = seconds / SECONDS_PER_DAY;
        let second = seconds % SECONDS_PER_DAY;
        let (year, month, day) = date_of(days);
        let mut text = *b"00000000T000000Z";
        let fields = [
            (0, 4, year),
            (4, 2, month),
            (6, 2, day),
            (9, 2, second / 3_600),
            (11, 2, second / 60 % 60),
            (13, 2, second % 60),
        ];
        for (start, width, mut value) in fields {
            for digit in text[start..start + width].iter_mut().rev() {
                *digit = b"0123456789"[(value % 10) as usize];
                value /= 10;
            }
        }
        Self { text, days }
    }

    /// The date and time.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// The date alone, `YYYYMMDD`.
    pub(crate) fn date(&self) -> &str {
        &self.as_str()[..8]
    }

    /// As `YYYY-MM-DDTHH:MM:SS.000Z`, the format of the expiry of a policy.
    pub(crate) fn to_rfc3339(self) -> String {
        let part = |start: usize, end: usize| &self.as_str()[start..end];
        let (date, time) = ([part(0, 4), part(4, 6), part(6, 8)], [part(9, 11), part(11, 13), part(13, 15)]);
        format!("{}T{}.000Z", date.join("-"), time.join(":"))
    }

    /// Days since 1970-01-01.
    pub(crate) const fn days(&self) -> u64 {
        self.days
    }
}

/// Reads a timestamp of [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), such as the `LastModified` of listings:
/// `2026-11-23T15:04:05.000Z`. Digits of the fraction beyond nanoseconds are dropped; a leap second is the second after it.
pub(crate) fn parse_rfc3339(text: &str) -> Option<SystemTime> {
    let bytes = text.as_bytes();
    let number = |start: usize, end: usize| digits(bytes.get(start..end)?);
    let mark = |at: usize, marks: &[u8]| bytes.get(at).is_some_and(|byte| marks.contains(byte)).then_some(());

    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    [(4, "-"), (7, "-"), (10, "Tt "), (13, ":"), (16, ":")]
        .into_iter()
        .try_for_each(|(at, marks)| mark(at, marks.as_bytes()))?;
    if day == 0 || day > days_in_month(year, month)? || hour > 23 || minute > 59 || second > 60 {
        return None;
    }

    let rest = bytes.get(19..)?;
    let (nanos, zone) = fraction(rest)?;
    let offset = zone_offset(zone)?;
    let days =
        i64::try_from(days_of(year, month, day)).ok()? - i64::try_from(EPOCH_SHIFT + DAYS_PER_ERA).ok()?;
    let seconds = days * 86_400 + i64::try_from(hour * 3_600 + minute * 60 + second).ok()? - offset;
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
    time?.checked_add(Duration::from_nanos(nanos))
}

/// All bytes must be digits.
fn digits(bytes: &[u8]) -> Option<u64> {
    bytes
        .iter()
        .try_fold(0_u64, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u64::from(byte - b'0')))
}

/// Nanoseconds, and what follows the fraction.
fn fraction(rest: &[u8]) -> Option<(u64, &[u8])> {
    let Some(after_dot) = rest.strip_prefix(b".") else { return Some((0, rest)) };
    let length = after_dot.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (fraction, zone) = after_dot.split_at(length);
    let kept = &fraction[..length.min(9)];
    let scale = 10_u64.pow(9 - u32::try_from(kept.len()).ok()?);
    (length > 0).then_some((digits(kept)? * scale, zone))
}

/// Seconds that the zone is ahead of UTC.
fn zone_offset(zone: &[u8]) -> Option<i64> {
    match zone {
        b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
            let seconds = i64::try_from(hours * 3_600 + minutes * 60).ok()?;
            (hours < 24 && minutes < 60).then_some(if *sign == b'+' { seconds } else { -seconds })
        }
        _ => None,
    }
}

fn days_in_month(year: u64, month: u64) -> Option<u64> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => Some(if is_leap { 29 } else { 28 }),
        4 | 6 | 9 | 11 => Some(30),
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        _ => None,
    }
}

const DAYS_PER_ERA: u64 = 146_097;

/// Days from 0000-03-01, with which an era of 400 years begins, to 1970-01-01.
const EPOCH_SHIFT: u64 = 719_468;

/// Days since the 1st of March one era before year 0. Counting years from March puts the leap day last.
fn days_of(year: u64, month: u64, day: u64) -> u64 {
    let shifted = year + 400 - u64::from(month <= 2);
    let (era, year_of_era) = (shifted / 400, shifted % 400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era
}

/// Year, month and day of a number of days since 1970-01-01.
const fn date_of(days_since_epoch: u64) -> (u64, u64, u64) {
    let days = days_since_epoch + EPOCH_SHIFT;
    let (era, day_of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + if month <= 2 { 1 } else { 0 }, month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn writes_known_dates() {
        for (seconds, text) in [
            (0, "19700101T000000Z"),
            (951_782_399, "20000228T235959Z"),
            (951_782_400, "20000229T000000Z"),
            (951_868_800, "20000301T000000Z"),
            (1_369_353_600, "20130524T000000Z"),
            (1_709_164_800, "20240229T000000Z"),
            (1_735_689_599, "20241231T235959Z"),
            (4_107_542_399, "21000228T235959Z"),
            (4_107_542_400, "21000301T000000Z"),
            (LAST_SECOND, "99991231T235959Z"),
            (LAST_SECOND + 1, "99991231T235959Z"),
        ] {
            assert_eq!(AmzDate::new(at(seconds)).as_str(), text);
        }
        let before_the_epoch = UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(AmzDate::new(before_the_epoch).as_str(), "19700101T000000Z");
        assert_eq!(AmzDate::new(at(1_369_353_599)).date(), "20130523");
    }

    #[test]
    fn reads_what_servers_write() {
        let expected = at(1_795_446_245);
        for text in [
            "2026-11-23T15:04:05Z",
            "2026-11-23T15:04:05.000Z",
            "2026-11-23t15:04:05.0z",
            "2026-11-23T16:04:05+01:00",
            "2026-11-23T10:34:05.000-04:30",
            "2026-11-23 15:04:05Z",
        ] {
            assert_eq!(parse_rfc3339(text), Some(expected), "{text}");
        }
        assert_eq!(
            parse_rfc3339("2026-11-23T15:04:05.123456789999Z"),
            Some(expected + Duration::from_nanos(123_456_789))
        );
        assert_eq!(parse_rfc3339("1969-12-31T23:59:59.5Z"), Some(UNIX_EPOCH - Duration::from_millis(500)));
        assert_eq!(parse_rfc3339("2016-12-31T23:59:60Z"), parse_rfc3339("2017-01-01T00:00:00Z"));
        assert_eq!(parse_rfc3339("2024-02-29T00:00:00Z"), Some(at(1_709_164_800)));
        // Whether such times exist is the platform's business; it must not panic.
        let _ = (parse_rfc3339("0000-01-01T00:00:00Z"), parse_rfc3339("9999-12-31T23:59:60-23:59"));
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "2026-11-23",
            "2026-11-23T15:04:05",
            "2026-11-23T15:04:05.Z",
            "2026-13-23T15:04:05Z",
            "2026-00-23T15:04:05Z",
            "2026-11-31T15:04:05Z",
            "2026-11-00T15:04:05Z",
            "2025-02-29T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2026-11-23T24:04:05Z",
            "2026-11-23T15:60:05Z",
            "2026-11-23T15:04:61Z",
            "2026-11-23T15:04:05+0100",
            "2026-11-23T15:04:05+24:00",
            "2026-11-23T15:04:05ZZ",
            "+026-11-23T15:04:05Z",
            "2026-11-23X15:04:05Z",
            "２026-11-23T15:04:05Z",
            "Mon, 23 Nov 2026 15:04:05 GMT",
        ] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(seconds in 0..=LAST_SECOND) {
            let date = AmzDate::new(at(seconds));
            let text = date.as_str();
            let (date_part, time_part) = (date.date(), &text[9..15]);
            let extended = format!(
                "{}-{}-{}T{}:{}:{}Z",
                &date_part[..4], &date_part[4..6], &date_part[6..],
                &time_part[..2], &time_part[2..4], &time_part[4..]
            );
            prop_assert_eq!(parse_rfc3339(&extended), Some(at(seconds)));
            prop_assert_eq!(date.days(), seconds / SECONDS_PER_DAY);
        }

        #[test]
        fn no_text_panics(text in any::<String>(), digits in "[0-9TZ:.+-]{0,40}") {
            let _ = parse_rfc3339(&text);
            let _ = parse_rfc3339(&digits);
        }
    }
}
