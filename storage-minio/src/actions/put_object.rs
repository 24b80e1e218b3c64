//! [PutObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html)

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, Method};
use storage_core::options::Checksum;
use storage_core::outcome::PutOutcome;
use storage_core::{Error, ErrorKind, ObjectKey, PutOptions, Result};

use super::headers;
use super::metadata::SaveId;
use crate::client::{Answer, Condition, Digested, Request, header_value};
use crate::transport::Content;

pub(crate) const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");
const CHECKSUM_SHA256: HeaderName = HeaderName::from_static("x-amz-checksum-sha256");

pub(crate) fn request(
    key: &ObjectKey,
    content: Content,
    options: &PutOptions,
    save_id: Option<&SaveId>,
) -> Result<Request> {
    let (headers, condition) = described(options, save_id)?;
    let mut request = Request::object(Method::PUT, key).content(content).condition(condition);
    if options.checksum.is_some() {
        request.digested = Digested::ByCaller;
    }
    // Signed as the payload's hash too: that is what every server checks.
    if let Some(Checksum::Sha256(digest)) = &options.checksum {
        request.sha256 = Some(*digest);
    }
    Ok(request.headers(headers))
}

/// The headers that somebody else's upload must have, exactly so. Without a content type they may choose one.
pub(crate) fn demanded(options: &PutOptions) -> Result<HeaderMap> {
    let (mut headers, _) = described(options, None)?;
    if options.attributes.content_type.is_none() {
        headers.remove(CONTENT_TYPE);
    }
    Ok(headers)
}

/// All headers but those of the signature and the content, and what the condition among them means.
fn described(options: &PutOptions, save_id: Option<&SaveId>) -> Result<(HeaderMap, Condition)> {
    let mut headers = headers::describing(options, save_id)?;
    let condition = headers::write_mode(&options.mode, &mut headers)?;
    match &options.checksum {
        Some(Checksum::Md5(digest)) => {
            headers.insert(CONTENT_MD5, header_value(&CONTENT_MD5, &STANDARD.encode(digest))?);
        }
        Some(Checksum::Sha256(digest)) => {
            headers.insert(CHECKSUM_SHA256, header_value(&CHECKSUM_SHA256, &STANDARD.encode(digest))?);
        }
        Some(_) => {
            return Err(Error::unsupported("this kind of checksum is not known to the S3 store"));
        }
        None => {}
    }
    Ok((headers, condition))
}

/// Every S3 server answers with the `ETag` of what it stored; something else that says 200 has stored nothing.
pub(crate) fn answer(answer: &Answer, size: u64) -> Result<PutOutcome> {
    let Some(etag) = headers::read_etag(&answer.headers) else {
        return Err(Error::new(ErrorKind::Other, "the answer has no ETag: it is not that of an S3 server")
            .with_hint(
                "check that the endpoint is the address of an S3 server, not of its console or another site",
            ));
    };
    Ok(PutOutcome::new(size).with_etag(etag).with_version(headers::read_version(&answer.headers)))
}

#[cfg(test)]
mod tests {
    use storage_core::options::PutMode;
    use storage_core::{ETag, ErrorKind};

    use super::*;
    use crate::actions::sample;

    #[test]
    fn creates_only_if_the_key_is_free() {
        let id = SaveId::random().unwrap();
        let options = PutOptions::new().mode(PutMode::Create).content_type("text/plain");
        let request = request(&sample::key(), Content::Bytes("abc".into()), &options, Some(&id)).unwrap();
        assert_eq!((request.method.as_str(), request.condition), ("PUT", Condition::Absent));
        assert_eq!(request.headers["if-none-match"], "*");
        assert!(crate::actions::metadata::holds(&request.headers, &id));
    }

    #[test]
    fn replaces_only_what_matches_and_has_digests_checked() {
        let options =
            PutOptions::new().mode(PutMode::IfMatch(ETag::new("abc"))).checksum(Checksum::Md5([0; 16]));
        let request = request(&sample::key(), Content::EMPTY, &options, None).unwrap();
        assert_eq!(request.headers["if-match"], "\"abc\"");
        assert_eq!(request.headers["content-md5"], "AAAAAAAAAAAAAAAAAAAAAA==");
        let options = PutOptions::new().checksum(Checksum::Sha256([1; 32]));
        let request = super::request(&sample::key(), Content::EMPTY, &options, None).unwrap();
        assert_eq!(request.sha256, Some([1; 32]));
    }

    #[test]
    fn what_cannot_be_a_header_is_an_error() {
        let options = PutOptions::new().content_type("a\r\nb");
        let error = request(&sample::key(), Content::EMPTY, &options, None).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn reads_tag_and_version() {
        let outcome =
            answer(&sample::answer(200, &[("etag", "\"abc\""), ("x-amz-version-id", "v1")], ""), 3).unwrap();
        assert_eq!(
            (outcome.etag, outcome.version.as_deref(), outcome.size),
            (Some(ETag::new("abc")), Some("v1"), 3)
        );
    }
}
