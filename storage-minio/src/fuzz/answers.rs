//! All other answers: what is no answer is corrupt, what is one is what the server wrote; and documents that are sent are what was meant.

use std::collections::BTreeMap;

use http::header::{CONTENT_LENGTH, CONTENT_RANGE};
use http::{HeaderMap, HeaderValue, StatusCode};
use storage_core::key::RawKey;
use storage_core::options::PutMode;
use storage_core::{ByteRange, ETag, ErrorKind, GetOptions, ObjectKey, Result};

use super::{fields, is_xml, xml};
use crate::actions::xml::Xml;
use crate::actions::{
    complete_multipart_upload, copy_object, create_multipart_upload, delete_objects, get_object,
    get_object_tagging,
};
use crate::transport::Content;

/// Documents, headers, and names and values.
pub const SEEDS: &[&[u8]] = &[
    b"<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>b</Key><Value/></Tag></TagSet></Tagging>",
    b"<DeleteResult><Deleted><Key>x</Key></Deleted><Error><Key>a&amp;b</Key><Code>AccessDenied</Code><Message>Access Denied.</Message></Error></DeleteResult>",
    b"<InitiateMultipartUploadResult><Bucket>b</Bucket><UploadId>u-1</UploadId></InitiateMultipartUploadResult>",
    b"<CompleteMultipartUploadResult><Location>x</Location><ETag>\"abc-2\"</ETag></CompleteMultipartUploadResult>",
    b"<CopyObjectResult><LastModified>x</LastModified><ETag>&quot;abc&quot;</ETag></CopyObjectResult>",
    b"bytes 1-2/5\xff2\xff1\xff3",
    b"bytes 0--1/0\xff0\xff\xff18446744073709551615",
    "team a\u{ff}".as_bytes(),
    b"a//b\xff\n\xff<&>\"'\xffq\x01\xff",
];

/// Takes the input for each of the documents, for headers, and its fields for names.
pub fn run(data: &[u8]) {
    let key = || ObjectKey::new("k").unwrap();
    let whole = super::answer(data, HeaderMap::new());
    only_corrupt(get_object_tagging::answer(&whole));
    only_corrupt(delete_objects::answer(&whole));
    only_corrupt(create_multipart_upload::answer(&whole));
    only_corrupt(complete_multipart_upload::answer(&whole, 1));
    only_corrupt(copy_object::answer(&whole, 1));
    let texts: Vec<_> = fields(data).collect();
    content(&texts, &key());
    let texts: Vec<&str> = texts.iter().map(|text| &**text).filter(|text| is_xml(text)).collect();
    tags(&texts);
    deleted(&texts);
    completed(&texts, &key());
}

fn only_corrupt<T>(result: Result<T>) {
    if let Err(error) = result {
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
    }
}

/// Which bytes came, by the headers: those that were asked for, or none.
fn content(texts: &[std::borrow::Cow<'_, str>], key: &ObjectKey) {
    let text = |at: usize| texts.get(at).map(|text| &**text).unwrap_or_default();
    let number = |at: usize| text(at).parse::<u64>().unwrap_or(at as u64);
    let asked = match text(1).len() % 4 {
        0 => None,
        1 => Some(ByteRange::Last(number(3))),
        2 => Some(ByteRange::From(number(2))),
        _ => Some(ByteRange::Bounded(number(2), number(3))),
    };
    let mut options = GetOptions::new();
    options.range = asked;
    let is_valid = asked.is_none_or(|range| range.validate().is_ok());
    assert_eq!(get_object::request(key, &options).is_ok(), is_valid, "{asked:?}");

    let mut headers = HeaderMap::new();
    for (name, value) in [(CONTENT_RANGE, text(0)), (CONTENT_LENGTH, text(1))] {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.insert(name, value);
        }
    }
    for status in [StatusCode::OK, StatusCode::PARTIAL_CONTENT] {
        let mut answer = super::answer(b"", headers.clone());
        answer.status = status;
        match get_object::answer(&answer, key.clone(), asked) {
            Ok((meta, range)) => {
                assert!(range.start <= range.end && range.end <= meta.size, "{range:?} of {}", meta.size);
                assert_eq!(asked.unwrap_or(ByteRange::From(0)).resolve(meta.size).unwrap(), range);
            }
            Err(error) => {
                let kinds = [ErrorKind::Corrupt, ErrorKind::RangeNotSatisfiable, ErrorKind::InvalidInput];
                assert!(kinds.contains(&error.kind()), "{error}");
            }
        }
    }
}

fn tags(texts: &[&str]) {
    let tags: BTreeMap<String, String> =
        texts.chunks_exact(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect();
    let tag = |(name, value): (&String, &String)| {
        format!("<Tag><Value>{}</Value> <Key>{}</Key></Tag>", xml(value, true), xml(name, false))
    };
    let document =
        format!("<Tagging><TagSet>{}</TagSet></Tagging>", tags.iter().map(tag).collect::<String>());
    assert_eq!(
        get_object_tagging::answer(&super::answer(document.as_bytes(), HeaderMap::new())).unwrap(),
        tags
    );
}

/// The document names each key once, and each that failed is told.
fn deleted(texts: &[&str]) {
    let keys: Vec<RawKey> = texts.iter().map(RawKey::new).filter(delete_objects::can_name).collect();
    let request = delete_objects::request(&keys).unwrap();
    assert_eq!(
        named(&request.content, "Delete", "Object", "Key"),
        keys.iter().map(RawKey::as_str).collect::<Vec<_>>()
    );
    let failure =
        |key: &RawKey| format!("<Error><Key>{}</Key><Code>SlowDown</Code></Error>", xml(key.as_str(), true));
    let document = format!("<DeleteResult>{}</DeleteResult>", keys.iter().map(failure).collect::<String>());
    let failed = delete_objects::answer(&super::answer(document.as_bytes(), HeaderMap::new())).unwrap();
    assert!(failed.iter().map(|(key, _)| key).eq(&keys));
    assert!(failed.iter().all(|(_, error)| error.kind() == ErrorKind::Throttled));
}

/// The document has each part's tag in its order, and the upload's id is one parameter.
fn completed(texts: &[&str], key: &ObjectKey) {
    let parts: Vec<ETag> = texts.iter().map(ETag::new).collect();
    let id = texts.first().copied().unwrap_or_default();
    let request = complete_multipart_upload::request(key, id, &parts, &PutMode::Create).unwrap();
    assert_eq!(
        named(&request.content, "CompleteMultipartUpload", "Part", "ETag"),
        parts.iter().map(ETag::quoted).collect::<Vec<_>>()
    );
    assert!(!request.query.as_str().contains(['&', ' ', '<']), "{}", request.query.as_str());
}

/// The texts of the elements `name` within each `item` of a document that is sent.
fn named(content: &Content, root: &str, item: &str, name: &str) -> Vec<String> {
    let Content::Bytes(document) = content else { panic!("no document") };
    let mut document = Xml::open_as(document, root).unwrap();
    let mut found = Vec::new();
    while let Some(child) = document.child().unwrap() {
        if child != item {
            document.skip().unwrap();
            continue;
        }
        while let Some(child) = document.child().unwrap() {
            match child == name {
                true => found.push(document.text().unwrap().into_owned()),
                false => document.skip().unwrap(),
            }
        }
    }
    found
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("answers", run, SEEDS);
}
