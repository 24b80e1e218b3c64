//! Records: what is written is read, of the key that it was written for only, and what is damaged is recognised or is a record as good as
//! any.

use std::collections::BTreeMap;

use storage_core::attributes::Attributes;
use storage_core::{ETag, ErrorKind};

use super::super::record::{Record, parse, print};

/// A key, a tag, five headers, names and values of metadata; or a record's text.
pub const SEEDS: &[&[u8]] = &[
    "a/ü.txt\u{0}5d41402abc4b2a76b9719d911017c592\u{0}text/plain\u{0}no-store\u{0}\u{0}gzip\u{0}de\u{0}author\u{0}Jürgen \"😀\"\\\u{0}n\u{0}".as_bytes(),
    b"k\0\0",
    br#"{"version":1,"key":"k","etag":"abc","content_type":"text/plain","metadata":{"a":"b"},"tags":{"t":"1"}}"#,
    br#"{"version":2,"key":"k","etag":"abc","key":"l","x":[[[{"\u0000":1e99}]]]}"#,
];

/// Fields separated by NUL.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut fields = text.split('\0');
    let key = fields.next().unwrap_or_default();
    read(data, "k");
    read(data, key);

    let mut next = || fields.next().filter(|field| !field.is_empty()).map(str::to_owned);
    let etag = ETag::new(next().unwrap_or_default());
    let mut attributes = Attributes::default();
    attributes.content_type = next();
    attributes.cache_control = next();
    attributes.content_disposition = next();
    attributes.content_encoding = next();
    attributes.content_language = next();
    let rest: Vec<&str> = fields.collect();
    let pairs = || {
        rest.chunks(2).map(|pair| (pair[0].to_owned(), pair.last().copied().unwrap_or_default().to_owned()))
    };
    attributes.metadata = pairs().collect();
    let tags: BTreeMap<String, String> = pairs().take(2).collect();
    let record = Record { etag, attributes, tags };

    let printed = print(key, &record).unwrap();
    assert_eq!(parse(&printed, key).unwrap().as_ref(), Some(&record));
    assert_eq!(parse(&printed, &format!("{key}x")).unwrap(), None, "of another key");
    damaged(&printed, key, data);
}

/// Any bytes are a record, of another key, or corrupt.
fn read(data: &[u8], key: &str) {
    match parse(data, key) {
        Ok(Some(record)) => {
            let printed = print(key, &record).unwrap();
            assert_eq!(parse(&printed, key).unwrap(), Some(record));
        }
        Ok(None) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::Corrupt),
    }
}

/// Cut off, it is always recognised. With one bit changed it may be another record: whether it is the right one, nothing in it says.
fn damaged(printed: &[u8], key: &str, data: &[u8]) {
    let place =
        data.iter().fold(data.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let at = place % printed.len();
    assert_eq!(parse(&printed[..at], key).unwrap_err().kind(), ErrorKind::Corrupt, "cut at {at}");
    let mut changed = printed.to_vec();
    changed[at] ^= 1 << (place % 8);
    read(&changed, key);
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("records", run, SEEDS);
}
