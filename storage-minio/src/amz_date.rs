use std::time::{Duration, SystemTime, UNIX_EPOCH};

use storage_core::backend::calendar::UtcTime;

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
        let UtcTime { year, month, day, hour, minute, second, .. } =
            UtcTime::of(UNIX_EPOCH + Duration::from_secs(seconds));
        let mut text = *b"00000000T000000Z";
        let fields = [
            (0, 4, year.unsigned_abs()),
            (4, 2, month),
            (6, 2, day),
            (9, 2, hour),
            (11, 2, minute),
            (13, 2, second),
        ];
        for (start, width, mut value) in fields {
            for digit in text[start..start + width].iter_mut().rev() {
                *digit = b"0123456789"[(value % 10) as usize];
                value /= 10;
            }
        }
        Self { text, days: seconds / SECONDS_PER_DAY }
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

    proptest! {
        #[test]
        fn it_is_the_time_without_marks(seconds in 0..=LAST_SECOND) {
            let date = AmzDate::new(at(seconds));
            let text = date.as_str();
            let (date_part, time_part) = (date.date(), &text[9..15]);
            let extended = format!(
                "{}-{}-{}T{}:{}:{}Z",
                &date_part[..4], &date_part[4..6], &date_part[6..],
                &time_part[..2], &time_part[2..4], &time_part[4..]
            );
            prop_assert_eq!(UtcTime::of(at(seconds)).to_string(), extended);
            prop_assert_eq!(date.days(), seconds / SECONDS_PER_DAY);
        }
    }
}
