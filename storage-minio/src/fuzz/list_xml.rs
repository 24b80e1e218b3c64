//! Listings: what a server writes in any style is read as it meant it, and anything else is corrupt, and never larger than it came.

use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use storage_core::{ETag, ErrorKind};

use super::{fields, is_xml, xml};
use crate::actions::list_objects_v2::{Listed, Page, answer};

/// Documents of several servers, and keys.
pub const SEEDS: &[&[u8]] = &[
    br#"<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix></Prefix><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>t&amp;1</NextContinuationToken><Contents><Key>a%2Bb+c%C3%BC</Key><LastModified>2026-11-23T15:04:05.000Z</LastModified><ETag>&#34;abc&#34;</ETag><Size>7</Size><Owner><ID>x</ID><DisplayName/></Owner><StorageClass>STANDARD</StorageClass></Contents><CommonPrefixes><Prefix>d%2F</Prefix></CommonPrefixes></ListBucketResult>"#,
    b"<ListBucketResult><Contents><Key><![CDATA[<a> & b]]></Key><Size> 0 </Size></Contents></ListBucketResult>",
    b"<!DOCTYPE l [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><ListBucketResult><Contents><Key>&b;</Key><Size>1</Size></Contents></ListBucketResult>",
    "cats/tom.jpg\u{0}ü +%2F//\u{0}<&>\"']]>".as_bytes(),
    b"a/\xff\xff\xffb//c\xff%\xff+\xff\r\n\t",
];

/// Takes the input for a document, and its fields for keys.
pub fn run(data: &[u8]) {
    match answer(&super::answer(data, HeaderMap::new())) {
        Ok(page) => is_bounded(&page, data.len()),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Corrupt);
            assert!(error.to_string().len() < data.len() * 12 + 300);
        }
    }
    if data.first() != Some(&b'<') {
        written(data);
    }
}

fn is_bounded(page: &Page, length: usize) {
    let keys: usize = page.objects.iter().map(|object| object.key.len()).sum();
    let folders: usize = page.folders.iter().map(String::len).sum();
    let token = page.continuation.as_ref().map_or(0, String::len);
    assert!(keys + folders + token <= length, "{page:?}");
}

/// A page of these keys, as one server or another writes it.
fn written(data: &[u8]) {
    let style = data.iter().fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte));
    let (is_encoded, in_section, has_more) = (style & 1 == 0, style & 2 == 0, style & 4 == 0);
    let keys: Vec<_> = fields(data).filter(|key| is_encoded || is_xml(key)).collect();
    let (folders, keys) = keys.split_at(keys.len() / 3);
    let text = |key: &str| match is_encoded {
        true => xml(&utf8_percent_encode(key, NON_ALPHANUMERIC).to_string().replace("%20", "+"), in_section),
        false => xml(key, in_section),
    };
    let size = |key: &str| key.len() as u64 * 1_000_000_007;
    let contents = keys.iter().map(|key| {
        let (text, size, etag) = (text(key), size(key), xml(&format!("\"{:x}-1\"", key.len()), false));
        format!("<Contents><ETag>{etag}</ETag><Key>{text}</Key><LastModified>1970-01-02T00:00:00Z</LastModified><Size>{size}</Size></Contents>\n")
    });
    let prefixes =
        folders.iter().map(|key| format!("<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", text(key)));
    let encoding = if is_encoded { "<EncodingType>url</EncodingType>" } else { "" };
    let more = if has_more {
        "<NextContinuationToken>+t%20</NextContinuationToken><IsTruncated>true</IsTruncated>"
    } else {
        "<IsTruncated>false</IsTruncated>"
    };
    let document = format!(
        "<?xml version='1.0'?><s3:ListBucketResult xmlns:s3='x'>{}{}{encoding}{more}</s3:ListBucketResult>",
        prefixes.collect::<String>(),
        contents.collect::<String>()
    );
    let page = answer(&super::answer(document.as_bytes(), HeaderMap::new())).unwrap();
    let expected = keys.iter().map(|key| Listed {
        key: key.to_string(),
        size: size(key),
        etag: Some(ETag::new(format!("{:x}-1", key.len()))),
        last_modified: Some(UNIX_EPOCH + Duration::from_secs(86_400)),
    });
    assert!(page.objects.iter().eq(expected.collect::<Vec<_>>().iter()), "{document}");
    assert!(page.folders.iter().eq(folders.iter()), "{document}");
    assert_eq!(page.continuation.as_deref(), has_more.then_some("+t%20"));
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("list_xml", run, SEEDS);
}
