//! [CopyObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html)

use http::header::IF_NONE_MATCH;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use storage_core::attributes::Attributes;
use storage_core::outcome::PutOutcome;
use storage_core::{ETag, ObjectKey, Result};

use super::headers;
use super::xml::Xml;
use crate::client::{Answer, Condition, Request};

pub(crate) const COPY_SOURCE: HeaderName = HeaderName::from_static("x-amz-copy-source");
pub(crate) const COPY_SOURCE_IF_MATCH: HeaderName = HeaderName::from_static("x-amz-copy-source-if-match");
const METADATA_DIRECTIVE: HeaderName = HeaderName::from_static("x-amz-metadata-directive");

const TAGGING_DIRECTIVE: HeaderName = HeaderName::from_static("x-amz-tagging-directive");

/// The largest object that can be copied by one request: 5 GiB.
pub(crate) const MAX_SIZE: u64 = 5 * 1024 * 1024 * 1024;

/// `source` is the value of `x-amz-copy-source`. With `attributes` the copy has these instead of the source's.
pub(crate) fn request(
    to: &ObjectKey,
    source: &str,
    if_match: Option<&ETag>,
    attributes: Option<&Attributes>,
) -> Result<Request> {
    let mut request = Request::object(Method::PUT, to).header(COPY_SOURCE, source)?.patient();
    if let Some(etag) = if_match {
        request = request.header(COPY_SOURCE_IF_MATCH, &etag.quoted())?;
    }
    if let Some(attributes) = attributes {
        headers::write_attributes(attributes, &mut request.headers)?;
        request.headers.insert(METADATA_DIRECTIVE, HeaderValue::from_static("REPLACE"));
    }
    Ok(request)
}

/// A copy onto a free key only. Most servers ignore the condition: see
/// [`ServerTraits`](crate::client::ServerTraits::completes_in_races). With `described` the copy has these headers instead of the source's.
pub(crate) fn request_if_absent(
    to: &ObjectKey,
    source: &str,
    if_match: Option<&ETag>,
    described: Option<HeaderMap>,
) -> Result<Request> {
    let mut request = Request::object(Method::PUT, to).patient().condition(Condition::Absent);
    if let Some(described) = described {
        request = request.headers(described);
        request.headers.insert(METADATA_DIRECTIVE, HeaderValue::from_static("REPLACE"));
        request.headers.insert(TAGGING_DIRECTIVE, HeaderValue::from_static("REPLACE"));
    }
    if let Some(etag) = if_match {
        request = request.header(COPY_SOURCE_IF_MATCH, &etag.quoted())?;
    }
    request.header(COPY_SOURCE, source)?.header(IF_NONE_MATCH, "*")
}

pub(crate) fn answer(answer: &Answer, size: u64) -> Result<PutOutcome> {
    let mut xml = Xml::open_as(&answer.document, "CopyObjectResult")?;
    let etag = etag(&mut xml)?;
    Ok(PutOutcome::new(size).with_etag(etag).with_version(headers::read_version(&answer.headers)))
}

/// The `ETag` within the current element.
pub(super) fn etag(xml: &mut Xml<'_>) -> Result<Option<ETag>> {
    let mut etag = None;
    while let Some(name) = xml.child()? {
        match name {
            "ETag" => etag = Some(ETag::new(xml.text()?)),
            _ => xml.skip()?,
        }
    }
    Ok(etag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn takes_or_replaces_the_sources_attributes() {
        let plain = request(&sample::key(), "/b/k", Some(&ETag::new("abc")), None).unwrap();
        assert_eq!(
            (plain.method.as_str(), &plain.headers[COPY_SOURCE]),
            ("PUT", &HeaderValue::from_static("/b/k"))
        );
        assert_eq!(plain.headers[COPY_SOURCE_IF_MATCH], "\"abc\"");
        assert!(!plain.headers.contains_key(METADATA_DIRECTIVE));
        let replaced = request(&sample::key(), "/b/k", None, Some(&Attributes::default())).unwrap();
        assert_eq!(replaced.headers[METADATA_DIRECTIVE], "REPLACE");
        assert_eq!(replaced.headers["content-type"], "application/octet-stream");
    }

    #[test]
    fn a_conditional_copy_takes_or_replaces_all_headers() {
        let plain = request_if_absent(&sample::key(), "/b/k", None, None).unwrap();
        assert_eq!(
            (plain.condition, &plain.headers[IF_NONE_MATCH]),
            (Condition::Absent, &HeaderValue::from_static("*"))
        );
        assert!(!plain.headers.contains_key(METADATA_DIRECTIVE));
        let described =
            HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static("image/png"))]);
        let replaced = request_if_absent(&sample::key(), "/b/k", None, Some(described)).unwrap();
        assert_eq!(
            (&replaced.headers["content-type"], &replaced.headers[METADATA_DIRECTIVE]),
            (&HeaderValue::from_static("image/png"), &HeaderValue::from_static("REPLACE"),)
        );
    }

    #[test]
    fn reads_the_tag_of_the_copy() {
        let document =
            "<CopyObjectResult><LastModified>x</LastModified><ETag>&quot;abc&quot;</ETag></CopyObjectResult>";
        let outcome = answer(&sample::answer(200, &[], document), 3).unwrap();
        assert_eq!(outcome, PutOutcome::new(3).with_etag(Some(ETag::new("abc"))));
        assert!(answer(&sample::answer(200, &[], ""), 3).is_err());
    }
}
