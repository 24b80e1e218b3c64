//! Headers of objects: what an application may store comes back as it was and fits, and what anybody stored is read.

use http::{HeaderMap, HeaderName, HeaderValue};
use storage_core::ObjectKey;
use storage_core::attributes::{Attributes, MAX_METADATA_BYTES};

use crate::actions::headers::{carried_over, read_attributes, read_meta, write_attributes};

/// Four content headers, then names and values of metadata.
pub const SEEDS: &[&[u8]] = &[
    "text/plain; charset=utf-8\u{0}no-store\u{0}attachment; filename=\"x\"\u{0}de\u{0}author\u{0}Jürgen 😀\u{0}n\u{0}".as_bytes(),
    b"\0\0\0\0a\0two  spaces\0b\0=?UTF-8?Q?J=C3=BCrgen?=\0c\0plain",
    b"\0\0\0\0a\0=?utf-8?b?w7w=?= =?ISO-8859-1?Q?a=E4_?= x=?",
    b"\xe4\0\0\0\0a\0\xff\xfe=?UTF-8?B?!!?=",
];

/// Fields separated by NUL, which no header has.
pub fn run(data: &[u8]) {
    stored_by_others(data);
    let text = String::from_utf8_lossy(data);
    let mut fields = text.split('\0');
    let mut next = || fields.next().filter(|field| !field.is_empty()).map(str::to_owned);
    let mut attributes = Attributes::default();
    attributes.content_type = next();
    attributes.cache_control = next();
    attributes.content_disposition = next();
    attributes.content_language = next();
    let rest: Vec<&str> = fields.collect();
    for pair in rest.chunks(2) {
        attributes = attributes.metadata(pair[0], pair.last().copied().unwrap_or_default());
    }
    if attributes.validate().is_err() || attributes.metadata.contains_key("storage-save-id") {
        return;
    }
    let mut headers = HeaderMap::new();
    write_attributes(&attributes, &mut headers).unwrap();
    let metadata = || headers.iter().filter(|(name, _)| name.as_str().starts_with("x-amz-meta-"));
    let bytes: usize = metadata().map(|(name, value)| name.as_str().len() + value.len()).sum();
    assert!(bytes <= MAX_METADATA_BYTES, "{bytes} bytes: {headers:?}");
    assert!(metadata().all(|(_, value)| survives(value.as_bytes())), "{headers:?}");
    let content_type = attributes.content_type.get_or_insert_with(|| "application/octet-stream".to_owned());
    assert!(!content_type.is_empty());
    assert_eq!(read_attributes(&headers), attributes);
    assert_eq!(read_attributes(&carried_over(&headers)), attributes, "after a copy");
}

/// A value that servers and proxies do not change: printable, no space where HTTP or a signature would drop it.
fn survives(value: &[u8]) -> bool {
    !value.is_empty()
        && value.iter().all(|byte| (0x20..0x7f).contains(byte))
        && value.trim_ascii().len() == value.len()
        && !value.windows(2).any(|pair| pair == b"  ")
}

/// Headers of any bytes are read, and a copy has the same.
fn stored_by_others(data: &[u8]) {
    let mut headers = HeaderMap::new();
    let names = [
        "content-type",
        "x-amz-meta-a",
        "x-amz-meta-b",
        "etag",
        "last-modified",
        "x-amz-version-id",
        "content-language",
    ];
    for (name, value) in names.into_iter().cycle().zip(data.split(|byte| *byte == 0).take(20)) {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    let meta = read_meta(ObjectKey::new("k").unwrap(), 1, &headers);
    let copied = read_attributes(&carried_over(&headers));
    assert_eq!(copied.metadata, meta.attributes.metadata);
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("metadata", run, SEEDS);
}
