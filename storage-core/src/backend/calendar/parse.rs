use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::days::{days_in_month, days_of};

/// Reads a timestamp of [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), such as the `LastModified` of listings:
/// `2026-11-23T15:04:05.000Z`. Digits of the fraction beyond nanoseconds are dropped; a leap second is the second after it.
pub fn parse_rfc3339(text: &str) -> Option<SystemTime> {
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
    let seconds = days_of(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
    time?.checked_add(Duration::from_nanos(nanos))
}

/// All bytes must be digits.
fn digits(bytes: &[u8]) -> Option<i64> {
    bytes
        .iter()
        .try_fold(0_i64, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
}

/// Nanoseconds, and what follows the fraction.
fn fraction(rest: &[u8]) -> Option<(u64, &[u8])> {
    let Some(after_dot) = rest.strip_prefix(b".") else { return Some((0, rest)) };
    let length = after_dot.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (fraction, zone) = after_dot.split_at(length);
    let kept = &fraction[..length.min(9)];
    let scale = 10_i64.pow(9 - u32::try_from(kept.len()).ok()?);
    let nanos = (digits(kept)? * scale).unsigned_abs();
    (length > 0).then_some((nanos, zone))
}

/// Seconds that the zone is ahead of UTC.
fn zone_offset(zone: &[u8]) -> Option<i64> {
    match zone {
        b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
            let seconds = hours * 3_600 + minutes * 60;
            (hours < 24 && minutes < 60).then_some(if *sign == b'+' { seconds } else { -seconds })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::backend::calendar::UtcTime;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn reads_what_is_written() {
        for seconds in (0..253_402_300_799).step_by(12_345_679) {
            assert_eq!(parse_rfc3339(&UtcTime::of(at(seconds)).to_string()), Some(at(seconds)));
        }
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
        fn no_text_panics(text in any::<String>(), digits in "[0-9TZ:.+-]{0,40}") {
            let _ = parse_rfc3339(&text);
            let _ = parse_rfc3339(&digits);
        }
    }
}
