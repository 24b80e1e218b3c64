//! Listings as servers write them: no name gets lost or breaks the rest, and what is plain stays as it is.

#![allow(clippy::missing_panics_doc, reason = "a target says what is wrong by a panic")]

use bytes::Bytes;

use super::listing::Listing;
use super::uploads::Uploads;
use super::xml;
use crate::completion::Completion;
use crate::translate::key_path::exact;
use crate::translate::raw_name;

/// Documents, and names behind bytes that no UTF-8 has.
pub const SEEDS: &[&[u8]] = &[
    b"<ListBucketResult><Contents><Key>a//b&amp;c</Key></Contents><CommonPrefixes><Prefix>y//</Prefix></CommonPrefixes></ListBucketResult>",
    b"<EnumerationResults><Blobs><Blob><Name>a/</Name></Blob><BlobPrefix><Name>y//</Name></BlobPrefix></Blobs></EnumerationResults>",
    b"<R><UploadId>a+b&#x41;</UploadId></R>",
    b"a//b\xffa/\xff<&>\xff..\xff\xc3\xbc\xff\xf4\x8f\xbf\xbdraw:x\xffplain",
];

/// Takes the input for a document, and its fields for names.
pub fn run(data: &[u8]) {
    let listing = Listing::asked_for(None);
    if let Some(changed) = listing.escape_names(&Bytes::copy_from_slice(data)) {
        assert!(changed.len() <= data.len() * 16 + 64);
    }
    Uploads::default().remember(data, Completion::IfAbsent);
    xml::has_element(data, "Error");

    for name in data.split(|byte| *byte == 0xff).map(String::from_utf8_lossy).filter(|name| !name.is_empty())
    {
        let written = name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        for lost in [None, Some(name.to_string())] {
            let document = Bytes::from(format!("<L><Contents><Key>{written}</Key></Contents></L>"));
            let is_lost = lost.is_some();
            let changed = Listing::asked_for(lost).escape_names(&document).unwrap_or(document);
            let text = String::from_utf8_lossy(&changed).into_owned();
            let key = text.split("<Key>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
            let path = xml::unescape(key);
            assert!(exact(&path).is_some(), "{name:?} is shown as {path:?}");
            assert_eq!(raw_name::unescape(&path), name);
            assert!(!is_lost || path.len() > name.len());
        }
    }
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("listings", run, SEEDS);
}
