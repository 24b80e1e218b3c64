//! [UploadPartCopy](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html)

use std::ops::Range;

use http::HeaderName;
use storage_core::{ETag, Result};

use super::copy_object::{COPY_SOURCE, COPY_SOURCE_IF_MATCH, etag};
use super::upload_part::PartId;
use super::xml::{Xml, garbled};
use crate::client::{Answer, Request};

const COPY_SOURCE_RANGE: HeaderName = HeaderName::from_static("x-amz-copy-source-range");

/// Copies the whole source, or a range of it, as a part.
pub(crate) fn request(
    part: PartId<'_>,
    source: &str,
    range: Option<Range<u64>>,
    if_match: Option<&ETag>,
) -> Result<Request> {
    let mut request = part.request().header(COPY_SOURCE, source)?.patient();
    if let Some(range) = range {
        let range = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
        request = request.header(COPY_SOURCE_RANGE, &range)?;
    }
    match if_match {
        Some(etag) => request.header(COPY_SOURCE_IF_MATCH, &etag.quoted()),
        None => Ok(request),
    }
}

pub(crate) fn answer(answer: &Answer) -> Result<ETag> {
    let mut xml = Xml::open_as(&answer.document, "CopyPartResult")?;
    etag(&mut xml)?.ok_or_else(|| garbled("a part has no `ETag`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn names_the_source_and_its_range() {
        let key = sample::key();
        let part = PartId { key: &key, upload: "u", number: 1 };
        let request = request(part, "/b/k", Some(5..10), Some(&ETag::new("abc"))).unwrap();
        assert_eq!(request.headers[COPY_SOURCE], "/b/k");
        assert_eq!(request.headers[COPY_SOURCE_RANGE], "bytes=5-9");
        assert_eq!(request.headers[COPY_SOURCE_IF_MATCH], "\"abc\"");
        let document = "<CopyPartResult><ETag>\"abc\"</ETag></CopyPartResult>";
        assert_eq!(answer(&sample::answer(200, &[], document)).unwrap(), ETag::new("abc"));
        assert!(answer(&sample::answer(200, &[], "<CopyPartResult/>")).is_err());
    }
}
