//! Dates of signatures, listings and headers, against another implementation of the calendar.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use storage_core::backend::calendar::parse_rfc3339;

use crate::amz_date::AmzDate;

/// Timestamps, and eight bytes of seconds and four of something else.
pub const SEEDS: &[&[u8]] = &[
    b"2026-11-23T15:04:05.000Z",
    b"2024-02-29t23:59:60.123456789123-04:30",
    b"0000-01-01 00:00:00+23:59",
    b"\x80\x3a\x09\0\0\0\0\0\0\0\0\0",
    b"\xff\xff\x6d\xff\x3a\0\0\0\x01\x02\x03\x04",
];

const LAST_SECOND: u64 = 253_402_300_799;

/// Takes the input for a timestamp, and for numbers.
pub fn run(data: &[u8]) {
    let mut bytes = [0; 12];
    bytes.iter_mut().zip(data).for_each(|(to, from)| *to = *from);
    let [seconds @ .., a, b, c, d] = bytes;
    let seconds = u64::from_le_bytes(seconds);
    written(seconds % (LAST_SECOND + 1), u32::from_le_bytes([a, b, c, d]));
    let far = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).unwrap_or(UNIX_EPOCH);
    assert_eq!(AmzDate::new(far).as_str().len(), 16);

    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(time) = parse_rfc3339(text) {
        assert!(text.is_ascii() && text.len() >= 20, "{text}");
        // What was read is written as the same moment.
        if let Ok(since) = time.duration_since(UNIX_EPOCH)
            && since.as_secs() <= LAST_SECOND
        {
            assert_eq!(parse_rfc3339(&extended(AmzDate::new(time).as_str())), Some(whole(time)));
        }
    }
}

fn whole(time: SystemTime) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
}

/// `2026-11-23T15:04:05Z` of `20261123T150405Z`.
fn extended(basic: &str) -> String {
    let part = |range| &basic[range];
    let (year, month, day) = (part(0..4), part(4..6), part(6..8));
    format!("{year}-{month}-{day}T{}:{}:{}Z", part(9..11), part(11..13), part(13..15))
}

fn written(seconds: u64, more: u32) {
    let time = UNIX_EPOCH + Duration::from_secs(seconds);
    let date = AmzDate::new(time);
    // `Sun, 06 Nov 1994 08:49:37 GMT`
    let other = httpdate::fmt_http_date(time);
    let words: Vec<&str> = other.split([' ', ':']).collect();
    let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        .iter()
        .position(|name| *name == words[2])
        .unwrap();
    let expected = format!("{}{:02}{}T{}{}{}Z", words[3], month + 1, words[1], words[4], words[5], words[6]);
    assert_eq!(date.as_str(), expected);
    assert_eq!(date.days(), seconds / 86_400);

    let text = extended(date.as_str());
    assert_eq!(parse_rfc3339(&text), Some(time));
    // The same moment by another clock, and a part of a second later.
    let (ahead, nanos) = (u64::from(more) % 1_440, u64::from(more) % 1_000_000_000);
    if let Some(earlier) = seconds.checked_sub(ahead * 60) {
        let text = extended(AmzDate::new(UNIX_EPOCH + Duration::from_secs(earlier)).as_str());
        let zoned = text.replace('Z', &format!(".{nanos:09}-{:02}:{:02}", ahead / 60, ahead % 60));
        assert_eq!(parse_rfc3339(&zoned), Some(time + Duration::from_nanos(nanos)), "{zoned}");
    }
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("dates", run, SEEDS);
}
