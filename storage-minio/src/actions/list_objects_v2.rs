//! [ListObjectsV2](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html)

use http::Method;
use percent_encoding::percent_decode_str;
use storage_core::backend::calendar::parse_rfc3339;
use storage_core::{ETag, Result};

use super::xml::{Xml, garbled};
use crate::client::{Answer, Request};

/// What to list.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Query<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) start_after: Option<&'a str>,
    /// Whether keys are rolled up at the next `/` after the prefix.
    pub(crate) by_level: bool,
    /// Where the last page ended; it replaces `start_after`.
    pub(crate) continuation: Option<&'a str>,
    pub(crate) max_keys: Option<&'a str>,
}

/// One page of a listing.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) objects: Vec<Listed>,
    pub(crate) folders: Vec<String>,
    /// Where the next page begins, if there is one.
    pub(crate) continuation: Option<String>,
}

/// One object of a page; its key may be any string.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) key: String,
    pub(crate) size: u64,
    pub(crate) etag: Option<ETag>,
    pub(crate) last_modified: Option<std::time::SystemTime>,
}

pub(crate) fn request(query: Query<'_>) -> Request {
    let level = [("delimiter", "/")].into_iter().filter(|_| query.by_level);
    let start = match (query.continuation, query.start_after) {
        (Some(token), _) => Some(("continuation-token", token)),
        (None, Some(key)) => Some(("start-after", key)),
        (None, None) => None,
    };
    let max_keys = query.max_keys.map(|count| ("max-keys", count));
    let prefix = Some(("prefix", query.prefix)).filter(|(_, prefix)| !prefix.is_empty());
    // Encoded keys, since XML cannot carry every key.
    let pairs = [("list-type", "2"), ("encoding-type", "url")];
    Request::bucket(Method::GET)
        .query(pairs.into_iter().chain(prefix).chain(level).chain(start).chain(max_keys))
}

pub(crate) fn answer(answer: &Answer) -> Result<Page> {
    let mut xml = Xml::open_as(&answer.document, "ListBucketResult")?;
    let mut page = Page::default();
    let (mut encoded, mut truncated) = (false, false);
    while let Some(name) = xml.child()? {
        match name {
            "Contents" => page.objects.push(listed(&mut xml)?),
            "CommonPrefixes" => page.folders.extend(folder(&mut xml)?),
            "EncodingType" => encoded = xml.text()?.eq_ignore_ascii_case("url"),
            "IsTruncated" => truncated = xml.text()?.trim() == "true",
            "NextContinuationToken" => page.continuation = Some(xml.text()?.into_owned()),
            _ => xml.skip()?,
        }
    }
    // The element that says so may come after the keys.
    if encoded {
        page.objects.iter_mut().for_each(|object| decode(&mut object.key));
        page.folders.iter_mut().for_each(decode);
    }
    match (truncated, &page.continuation) {
        (true, None) => Err(garbled("the listing goes on, but it does not say where")),
        (false, _) => Ok(Page { continuation: None, ..page }),
        (true, Some(_)) => Ok(page),
    }
}

fn listed(xml: &mut Xml<'_>) -> Result<Listed> {
    let (mut key, mut size, mut etag, mut last_modified) = (None, None, None, None);
    while let Some(name) = xml.child()? {
        match name {
            "Key" => key = Some(xml.text()?.into_owned()),
            "Size" => size = xml.text()?.trim().parse().ok(),
            "ETag" => etag = Some(xml.text()?).filter(|etag| !etag.is_empty()).map(ETag::new),
            "LastModified" => last_modified = parse_rfc3339(xml.text()?.trim()),
            _ => xml.skip()?,
        }
    }
    match (key, size) {
        (Some(key), Some(size)) => Ok(Listed { key, size, etag, last_modified }),
        _ => Err(garbled("a listed object has no key or no size")),
    }
}

fn folder(xml: &mut Xml<'_>) -> Result<Option<String>> {
    let mut prefix = None;
    while let Some(name) = xml.child()? {
        match name {
            "Prefix" => prefix = Some(xml.text()?.into_owned()),
            _ => xml.skip()?,
        }
    }
    Ok(prefix)
}

/// Undoes form encoding: servers write a space as `+`. A key that is no UTF-8 stays encoded.
fn decode(key: &mut String) {
    if !key.contains(['%', '+']) {
        return;
    }
    let spaced = key.replace('+', " ");
    if let Ok(decoded) = percent_decode_str(&spaced).decode_utf8() {
        *key = decoded.into_owned();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use storage_core::ErrorKind;

    use super::*;
    use crate::actions::sample;

    fn page(document: &str) -> Result<Page> {
        answer(&sample::answer(200, &[], document))
    }

    #[test]
    fn asks_page_by_page() {
        let query = Query { prefix: "a b/", start_after: Some("a b/c"), ..Query::default() };
        assert_eq!(
            request(query).query.as_str(),
            "encoding-type=url&list-type=2&prefix=a%20b%2F&start-after=a%20b%2Fc"
        );
        let next = Query { continuation: Some("t/="), by_level: true, ..query };
        assert_eq!(
            request(next).query.as_str(),
            "continuation-token=t%2F%3D&delimiter=%2F&encoding-type=url&list-type=2&prefix=a%20b%2F"
        );
        let probe = Query { max_keys: Some("1"), ..Query::default() };
        assert_eq!(request(probe).query.as_str(), "encoding-type=url&list-type=2&max-keys=1");
    }

    #[test]
    fn reads_objects_folders_and_where_to_go_on() {
        let page = page(
            r#"<?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix></Prefix><KeyCount>2</KeyCount>
            <NextContinuationToken>t&amp;1</NextContinuationToken><IsTruncated>true</IsTruncated>
            <Contents><Key>a%2Bb+c%C3%BC</Key><LastModified>1970-01-01T00:00:01.500Z</LastModified><ETag>&#34;abc&#34;</ETag><Size>7</Size>
            <Owner><ID>x</ID></Owner></Contents>
            <CommonPrefixes><Prefix>d%2F</Prefix></CommonPrefixes><EncodingType>url</EncodingType></ListBucketResult>"#,
        )
        .unwrap();
        assert_eq!(
            page.objects,
            [Listed {
                key: "a+b cü".into(),
                size: 7,
                etag: Some(ETag::new("abc")),
                last_modified: Some(std::time::UNIX_EPOCH + Duration::from_millis(1_500)),
            }]
        );
        assert_eq!((page.folders, page.continuation.as_deref()), (vec!["d/".to_owned()], Some("t&1")));
    }

    #[test]
    fn keys_are_decoded_only_where_they_are_encoded() {
        let contents = "<Contents><Key>a+%41</Key><Size>0</Size></Contents>";
        let plain = page(&format!("<ListBucketResult>{contents}</ListBucketResult>")).unwrap();
        assert_eq!(plain.objects[0].key, "a+%41");
        let broken = "<Contents><Key>%FF+</Key><Size>0</Size></Contents>";
        let document =
            format!("<ListBucketResult><EncodingType>url</EncodingType>{broken}</ListBucketResult>");
        assert_eq!(page(&document).unwrap().objects[0].key, "%FF+");
    }

    #[test]
    fn never_ends_as_if_complete_nor_goes_on_for_ever() {
        for document in [
            "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
            "<ListBucketResult><Contents><Key>a</Key><Size>0</Size></Contents>",
            "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
            "<Other/>",
            "",
        ] {
            assert_eq!(page(document).unwrap_err().kind(), ErrorKind::Corrupt, "{document}");
        }
        let last = "<ListBucketResult><IsTruncated>false</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>";
        assert_eq!(page(last).unwrap().continuation, None);
    }
}
