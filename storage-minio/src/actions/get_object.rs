//! [GetObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html)

use std::ops::Range;
use std::time::{Duration, UNIX_EPOCH};

use http::header::{CONTENT_LENGTH, CONTENT_RANGE, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, RANGE};
use http::{Method, StatusCode};
use storage_core::{ByteRange, ETag, GetOptions, ObjectKey, ObjectMeta, Result};

use super::xml::garbled;
use super::{encryption, headers};
use crate::client::{Answer, Request};

pub(crate) fn request(key: &ObjectKey, options: &GetOptions) -> Result<Request> {
    let mut request = Request::object(Method::GET, key);
    if let Some(customer_key) = &options.customer_key {
        encryption::write_customer_key(customer_key, &mut request.headers)?;
    }
    if let Some(range) = options.range {
        range.validate()?;
        if let Some(range) = header_of(range) {
            request = request.header(RANGE, &range)?;
        }
    }
    if let Some(etag) = &options.if_match {
        request = request.header(IF_MATCH, &etag.quoted())?;
    }
    match (&options.if_none_match, options.if_modified_since) {
        (Some(etag), _) => request.header(IF_NONE_MATCH, &etag.quoted()),
        // Of earlier times there is no HTTP date; everything has changed since.
        (None, Some(time)) if time >= UNIX_EPOCH => {
            request.header(IF_MODIFIED_SINCE, &httpdate::fmt_http_date(time.min(UNIX_EPOCH + LAST_HTTP_DATE)))
        }
        (None, _) => Ok(request),
    }
}

/// The end of the year 9999, which has the last HTTP date ([RFC 9110 §5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7)).
const LAST_HTTP_DATE: Duration = Duration::from_secs(253_402_300_799);

/// The rest of an object of which some was read, as long as it is still the same.
pub(crate) fn resumed(
    key: &ObjectKey,
    options: &GetOptions,
    rest: Range<u64>,
    etag: &ETag,
) -> Result<Request> {
    let mut again = GetOptions::new().range(rest).if_match(etag.clone());
    again.customer_key.clone_from(&options.customer_key);
    request(key, &again)
}

/// Beyond what any object has. Servers take larger numbers for nonsense: most read them as signed.
const FAR: u64 = 1 << 60;

/// `None` for the whole object, so that an empty one can be read too.
fn header_of(range: ByteRange) -> Option<String> {
    match range {
        ByteRange::From(0) => None,
        ByteRange::Bounded(0, end) if end > FAR => None,
        ByteRange::Last(count) if count > FAR => None,
        ByteRange::Bounded(start, end) if end <= FAR => Some(format!("bytes={start}-{}", end - 1)),
        ByteRange::From(start) | ByteRange::Bounded(start, _) => Some(format!("bytes={}-", start.min(FAR))),
        ByteRange::Last(count) => Some(format!("bytes=-{count}")),
    }
}

/// The object's metadata, and which of its bytes come. It must be those that were asked for.
pub(crate) fn answer(
    answer: &Answer,
    key: ObjectKey,
    asked: Option<ByteRange>,
) -> Result<(ObjectMeta, Range<u64>)> {
    let (range, size) = if answer.status == StatusCode::PARTIAL_CONTENT {
        let range = headers::text(&answer.headers, &CONTENT_RANGE);
        let range = range.as_deref().and_then(content_range);
        range.ok_or_else(|| garbled("its `Content-Range` is missing or wrong"))?
    } else {
        let size = headers::text(&answer.headers, &CONTENT_LENGTH).and_then(|length| length.parse().ok());
        let size: u64 = size.ok_or_else(|| garbled("it has no `Content-Length`"))?;
        (0..size, size)
    };
    let expected = asked.unwrap_or(ByteRange::From(0)).resolve(size)?;
    match range == expected {
        true => Ok((headers::read_meta(key, size, &answer.headers), range)),
        false => Err(garbled(&format!("it has the bytes {range:?}, not {expected:?}"))),
    }
}

/// `bytes 0-9/100` ([RFC 9110 §14.4](https://www.rfc-editor.org/rfc/rfc9110#section-14.4)).
fn content_range(value: &str) -> Option<(Range<u64>, u64)> {
    let (range, size) = value.strip_prefix("bytes ")?.split_once('/')?;
    let size = size.parse().ok()?;
    if size == 0 {
        // MinIO says `bytes 0--1/0` where others answer 416.
        return Some((0..0, 0));
    }
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last && last < size).then(|| (first..last + 1, size))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use storage_core::ErrorKind;

    use super::*;
    use crate::actions::sample;

    fn range_header(range: impl Into<ByteRange>) -> Option<String> {
        let request = request(&sample::key(), &GetOptions::new().range(range)).unwrap();
        request.headers.get(RANGE).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn asks_for_ranges() {
        assert_eq!(range_header(0..10).as_deref(), Some("bytes=0-9"));
        assert_eq!(range_header(5..).as_deref(), Some("bytes=5-"));
        assert_eq!(range_header(ByteRange::Last(3)).as_deref(), Some("bytes=-3"));
        assert_eq!(range_header(0..), None);
        assert!(request(&sample::key(), &GetOptions::new().range(3..3)).is_err());
    }

    #[test]
    fn numbers_that_servers_cannot_read_are_not_sent() {
        for range in [ByteRange::Bounded(0, u64::MAX), ByteRange::Last(u64::MAX)] {
            assert_eq!(range_header(range), None);
        }
        assert_eq!(range_header(5..=u64::MAX).as_deref(), Some("bytes=5-"));
        assert_eq!(range_header(u64::MAX..).as_deref(), Some("bytes=1152921504606846976-"));
        let whole = sample::answer(200, &[("content-length", "5")], "");
        assert_eq!(answer(&whole, sample::key(), Some(ByteRange::Last(u64::MAX))).unwrap().1, 0..5);
    }

    #[test]
    fn asks_under_conditions() {
        let since = GetOptions::new().if_modified_since(UNIX_EPOCH + Duration::from_secs(60));
        let by_time = request(&sample::key(), &since).unwrap();
        assert_eq!(by_time.headers[IF_MODIFIED_SINCE], "Thu, 01 Jan 1970 00:01:00 GMT");
        let by_tag =
            request(&sample::key(), &since.if_none_match(ETag::new("a")).if_match(ETag::new("b"))).unwrap();
        assert_eq!(
            (&by_tag.headers[IF_NONE_MATCH], &by_tag.headers[IF_MATCH]),
            (&"\"a\"".parse().unwrap(), &"\"b\"".parse().unwrap())
        );
        assert!(!by_tag.headers.contains_key(IF_MODIFIED_SINCE));
        let ancient = GetOptions::new().if_modified_since(UNIX_EPOCH - Duration::from_secs(1));
        assert!(request(&sample::key(), &ancient).unwrap().headers.is_empty());
    }

    #[test]
    fn takes_only_the_bytes_it_asked_for() {
        let whole = sample::answer(200, &[("content-length", "5")], "");
        assert_eq!(answer(&whole, sample::key(), None).unwrap().1, 0..5);
        assert_eq!(answer(&whole, sample::key(), Some((0..9).into())).unwrap().1, 0..5);
        let ignored = answer(&whole, sample::key(), Some((1..3).into())).unwrap_err();
        assert_eq!(ignored.kind(), ErrorKind::Corrupt);
        let part = sample::answer(206, &[("content-range", "bytes 1-2/5"), ("content-length", "2")], "");
        let (meta, range) = answer(&part, sample::key(), Some((1..3).into())).unwrap();
        assert_eq!((meta.size, range), (5, 1..3));
        assert!(answer(&part, sample::key(), Some((2..3).into())).is_err());
        let empty = sample::answer(200, &[("content-length", "0")], "");
        let of_nothing =
            sample::answer(206, &[("content-range", "bytes 0--1/0"), ("content-length", "0")], "");
        for nothing in [empty, of_nothing] {
            let error = answer(&nothing, sample::key(), Some(ByteRange::Last(3))).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::RangeNotSatisfiable);
        }
    }

    #[test]
    fn a_wrong_content_range_is_refused() {
        for value in [
            "bytes 1-2/*",
            "bytes */5",
            "1-2/5",
            "bytes 2-1/5",
            "bytes 1-5/5",
            "bytes 1-2",
            "bytes a-b/c",
            "",
        ] {
            assert_eq!(content_range(value), None, "{value}");
        }
        assert_eq!(content_range("bytes 0-18446744073709551615/18446744073709551615"), None);
    }
}
