//! Small values: entity tags, byte ranges, the calendar, the life of a URL.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, UNIX_EPOCH};

use super::{fields, number};
use crate::clock::Clock;
use crate::naming::{Naming as _, date_prefix};
use crate::{Body, ByteRange, ETag, ErrorKind, FileUrl, UrlOptions};

/// A tag, and numbers of eight bytes.
pub const SEEDS: &[&[u8]] = &[
    b"\"9a0364b9e99bb480dd25e1f0284c8555-2\"\xff\x05\0\0\0\0\0\0\0\xff\x10\xff\x05\0",
    b"W/\"abc\"\xff\0\xff\x80\x3a\x09\0\xff\x80\x3a\x09",
    b"\"W/abc=\"\xff\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xff\x01\xff\x02",
    b"https://h/files/a?signature=secret\xff\0\x7e\x28\x69\xff\0\0\0\0\0\0\0\x80",
];

/// A text and three numbers.
pub fn run(data: &[u8]) {
    let text = fields(data).next().unwrap_or_default();
    let mut numbers = data.split(|byte| *byte == super::SEPARATOR).skip(1).map(number);
    let mut next = || numbers.next().unwrap_or_default();
    let (one, two, three) = (next(), next(), next());
    tag(&text);
    for range in
        [ByteRange::Bounded(one, two), ByteRange::From(one), ByteRange::Last(one), (one..=two).into()]
    {
        resolved(range, three);
    }
    day(one % 400_000_000_000);
    let expiry =
        UrlOptions::new().expires_in(Duration::from_millis(one)).validity(UNIX_EPOCH, Duration::ZERO);
    assert_eq!(
        expiry.ok().map(|validity| validity.seconds),
        (1_000..=604_800_000).contains(&one).then_some(one / 1_000)
    );
    let url = FileUrl::new(text.clone().into_owned());
    assert_eq!(url.as_str(), text);
    if let Some((_, query)) = text.split_once('?') {
        assert!(query.len() < 4 || !format!("{url:?}").ends_with(&format!("{query}\")")));
    }
}

/// A tag that came in any way, into a database or a header and back, stays the same.
fn tag(text: &str) {
    let tag = ETag::new(text);
    assert_eq!(ETag::new(tag.as_str()), tag, "stored as text");
    assert_eq!(ETag::new(tag.quoted()), tag, "sent in a header");
    assert_eq!(ETag::new(format!("W/{}", tag.quoted())), tag, "sent as a weak one");
}

fn resolved(range: ByteRange, size: u64) {
    let last = u128::from(size);
    let (start, end) = match range {
        ByteRange::Bounded(start, end) => (u128::from(start), u128::from(end).min(last)),
        ByteRange::From(start) => (u128::from(start), last),
        ByteRange::Last(count) => (last.saturating_sub(count.into()), last),
    };
    match range.resolve(size) {
        Ok(bytes) => {
            assert_eq!((u128::from(bytes.start), u128::from(bytes.end)), (start, end), "{range:?} of {size}");
            assert!(start < end || (range == ByteRange::From(0) && size == 0), "{range:?} of {size}");
        }
        Err(error) if error.kind() == ErrorKind::RangeNotSatisfiable => {
            assert!(start >= end && range.validate().is_ok(), "{range:?} of {size}");
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(range.validate().is_err() && !matches!(range, ByteRange::From(_)), "{range:?}");
        }
    }
}

/// Days counted year by year and month by month.
fn day(seconds: u64) {
    let mut days = seconds / 86_400;
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    // Every 400 years have as many days.
    let mut year = 1970 + days / 146_097 * 400;
    days %= 146_097;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let naming = date_prefix().with_clock(Clock::fixed(UNIX_EPOCH + Duration::from_secs(seconds)));
    let mut body = Body::from("");
    let named = pin!(naming.name("x".to_owned(), &mut body)).poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(named) = named else { panic!("a date is waited for") };
    assert_eq!(named.unwrap(), format!("{year:04}-{month:02}-{:02}/x", days + 1));
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("values", run, SEEDS);
}
