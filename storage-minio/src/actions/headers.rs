//! The headers that objects are written and read with.

use std::collections::BTreeMap;

use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_MATCH,
    IF_NONE_MATCH, LAST_MODIFIED,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use storage_core::attributes::Attributes;
use storage_core::backend::encoded_word;
use storage_core::content_type::DEFAULT_CONTENT_TYPE;
use storage_core::options::PutMode;
use storage_core::{ETag, ObjectKey, ObjectMeta, PutOptions, Result};

use super::metadata::{self, SaveId};
use super::{encryption, object_lock};
use crate::client::{Condition, header_value, text_of};

pub(crate) const STORAGE_CLASS: HeaderName = HeaderName::from_static("x-amz-storage-class");
pub(crate) const TAGGING: HeaderName = HeaderName::from_static("x-amz-tagging");
pub(crate) const VERSION_ID: HeaderName = HeaderName::from_static("x-amz-version-id");

/// Unreserved characters ([RFC 3986 §2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3)) stay as they are.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The headers that describe an object when it is created, but for what is conditional.
pub(crate) fn describing(options: &PutOptions, save_id: Option<&SaveId>) -> Result<HeaderMap> {
    // Room for what signing adds too.
    let mut headers = HeaderMap::with_capacity(12);
    write_attributes(&options.attributes, &mut headers)?;
    metadata::write_save_id(save_id, &mut headers)?;
    write_tags(&options.tags, &mut headers)?;
    if let Some(class) = &options.storage_class {
        headers.insert(STORAGE_CLASS, header_value(&STORAGE_CLASS, class)?);
    }
    if let Some(encryption) = &options.encryption {
        encryption::write(encryption, &mut headers)?;
    }
    object_lock::write_headers(options, &mut headers)?;
    Ok(headers)
}

/// Content headers and user metadata.
pub(crate) fn write_attributes(attributes: &Attributes, headers: &mut HeaderMap) -> Result<()> {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(DEFAULT_CONTENT_TYPE));
    for (name, value) in [
        (CONTENT_TYPE, &attributes.content_type),
        (CACHE_CONTROL, &attributes.cache_control),
        (CONTENT_DISPOSITION, &attributes.content_disposition),
        (CONTENT_ENCODING, &attributes.content_encoding),
        (CONTENT_LANGUAGE, &attributes.content_language),
    ] {
        if let Some(value) = value {
            let value = header_value(&name, value)?;
            headers.insert(name, value);
        }
    }
    metadata::write(&attributes.metadata, headers)
}

/// Tags as a query string ([S3 API, PutObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html), `x-amz-tagging`).
pub(crate) fn write_tags(tags: &BTreeMap<String, String>, headers: &mut HeaderMap) -> Result<()> {
    if tags.is_empty() {
        return Ok(());
    }
    let pairs: Vec<String> = tags
        .iter()
        .map(|(name, value)| {
            format!("{}={}", utf8_percent_encode(name, ENCODED), utf8_percent_encode(value, ENCODED))
        })
        .collect();
    headers.insert(TAGGING, header_value(&TAGGING, &pairs.join("&"))?);
    Ok(())
}

/// The header of a conditional write, and what its failure means.
pub(crate) fn write_mode(mode: &PutMode, headers: &mut HeaderMap) -> Result<Condition> {
    match mode {
        PutMode::Create => {
            headers.insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
            Ok(Condition::Absent)
        }
        PutMode::IfMatch(etag) => {
            headers.insert(IF_MATCH, header_value(&IF_MATCH, &etag.quoted())?);
            Ok(Condition::Present)
        }
        _ => Ok(Condition::Other),
    }
}

/// What the headers of an answer say of an object.
pub(crate) fn read_meta(key: ObjectKey, size: u64, headers: &HeaderMap) -> ObjectMeta {
    ObjectMeta::new(key, size)
        .with_attributes(read_attributes(headers))
        .with_etag(read_etag(headers))
        .with_last_modified(
            text(headers, &LAST_MODIFIED).and_then(|date| httpdate::parse_http_date(&date).ok()),
        )
        .with_version(read_version(headers))
}

/// The same headers less content headers and user metadata.
pub(crate) fn without_attributes(headers: HeaderMap) -> HeaderMap {
    let is_kept = |name: &HeaderName| *name == STORAGE_CLASS || encryption::AT_REST.contains(name);
    headers
        .iter()
        .filter(|(name, _)| is_kept(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Content headers and user metadata, as they were written.
pub(crate) fn read_attributes(headers: &HeaderMap) -> Attributes {
    let mut attributes = Attributes::default();
    attributes.content_type = text(headers, &CONTENT_TYPE);
    attributes.cache_control = text(headers, &CACHE_CONTROL);
    attributes.content_disposition = text(headers, &CONTENT_DISPOSITION);
    attributes.content_encoding = text(headers, &CONTENT_ENCODING);
    attributes.content_language = text(headers, &CONTENT_LANGUAGE);
    attributes.metadata = metadata::read(headers);
    attributes
}

pub(crate) fn read_etag(headers: &HeaderMap) -> Option<ETag> {
    text(headers, &ETAG).map(ETag::new)
}

pub(crate) fn read_version(headers: &HeaderMap) -> Option<String> {
    // Objects written while versioning was off have this one.
    text(headers, &VERSION_ID).filter(|version| version != "null")
}

pub(crate) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| text_of(value.as_bytes())).filter(|value| !value.is_empty())
}

/// The headers of an object as they must be sent to give a copy the same ones: attributes, storage class, encryption at rest.
pub(crate) fn carried_over(source: &HeaderMap) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let ours =
        [CONTENT_TYPE, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, STORAGE_CLASS];
    for name in ours.iter().chain(&encryption::AT_REST) {
        if let Some(value) = source.get(name) {
            headers.insert(name, value.clone());
        }
    }
    for (name, value) in metadata::read(source) {
        // What a foreign client stored may hold what this library does not write: it is encoded like the rest.
        let value = HeaderValue::from_bytes(encoded_word::encode(&value).as_bytes());
        if let (Ok(name), Ok(value)) = (metadata::header_name(&name), value) {
            headers.insert(name, value);
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn writes_every_option() {
        let options = PutOptions::new()
            .content_type("text/plain")
            .cache_control("private")
            .metadata("author", "Jürgen")
            .tag("team a", "x=y")
            .storage_class("STANDARD_IA");
        let headers = describing(&options, None).unwrap();
        let expected = [
            ("content-type", "text/plain"),
            ("cache-control", "private"),
            ("x-amz-meta-author", "=?UTF-8?Q?J=C3=BCrgen?="),
            ("x-amz-tagging", "team%20a=x%3Dy"),
            ("x-amz-storage-class", "STANDARD_IA"),
        ];
        assert_eq!(headers.len(), expected.len());
        for (name, value) in expected {
            assert_eq!(headers[name], value);
        }
        assert_eq!(describing(&PutOptions::new(), None).unwrap()["content-type"], "application/octet-stream");
    }

    #[test]
    fn reads_what_any_client_may_have_written() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (CONTENT_DISPOSITION, b"attachment; filename=\"\xfc.txt\"".as_slice()),
            (CONTENT_TYPE, "text/plain; x=ü".as_bytes()),
            (ETAG, b"\"abc\""),
            (LAST_MODIFIED, b"Thu, 01 Jan 1970 00:01:00 GMT"),
            (VERSION_ID, b"null"),
            (CACHE_CONTROL, b""),
        ] {
            headers.insert(name, HeaderValue::from_bytes(value).unwrap());
        }
        let meta = read_meta("k".parse().unwrap(), 5, &headers);
        assert_eq!(meta.attributes.content_disposition.as_deref(), Some("attachment; filename=\"ü.txt\""));
        assert_eq!(meta.content_type, "text/plain; x=ü");
        assert_eq!(meta.etag, Some(ETag::new("abc")));
        assert_eq!(meta.last_modified, Some(UNIX_EPOCH + Duration::from_secs(60)));
        assert_eq!((meta.version, meta.attributes.cache_control), (None, None));
    }

    #[test]
    fn a_copy_carries_over_what_a_foreign_client_stored() {
        let mut source = HeaderMap::new();
        source.insert("x-amz-meta-a", HeaderValue::from_bytes(b"\xff\tb").unwrap());
        source.insert("x-amz-server-side-encryption", HeaderValue::from_static("AES256"));
        source.insert(ETAG, HeaderValue::from_static("\"abc\""));
        let headers = carried_over(&source);
        assert_eq!(headers.len(), 2);
        assert_eq!(headers["x-amz-meta-a"], "=?UTF-8?B?w78JYg==?=");
        assert_eq!(without_attributes(headers).len(), 1);
    }

    #[test]
    fn a_condition_cannot_break_out_of_its_header() {
        let mode = PutMode::IfMatch(ETag::new("a\r\nb"));
        assert!(write_mode(&mode, &mut HeaderMap::new()).is_err());
    }
}
