//! [UploadPart](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html)

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use storage_core::options::CustomerKey;
use storage_core::{ETag, ObjectKey, Result};

use super::put_object::CONTENT_MD5;
use super::xml::garbled;
use super::{encryption, headers};
use crate::client::{Answer, Request};
use crate::transport::Content;

/// Which part of which upload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PartId<'a> {
    pub(crate) key: &'a ObjectKey,
    pub(crate) upload: &'a str,
    /// 1 to 10,000.
    pub(crate) number: u32,
}

impl PartId<'_> {
    pub(super) fn request(self) -> Request {
        let number = self.number.to_string();
        Request::object(Method::PUT, self.key)
            .query([("partNumber", number.as_str()), ("uploadId", self.upload)])
    }
}

/// With `md5` the server checks the part.
pub(crate) fn request(
    part: PartId<'_>,
    content: Content,
    customer_key: Option<&CustomerKey>,
    md5: Option<[u8; 16]>,
) -> Result<Request> {
    let mut request = part.request().content(content);
    if let Some(customer_key) = customer_key {
        encryption::write_customer_key(customer_key, &mut request.headers)?;
    }
    match md5 {
        Some(digest) => request.header(CONTENT_MD5, &STANDARD.encode(digest)),
        None => Ok(request),
    }
}

pub(crate) fn answer(answer: &Answer) -> Result<ETag> {
    headers::read_etag(&answer.headers).ok_or_else(|| garbled("a part has no `ETag`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn names_part_and_upload() {
        let (key, upload) = (sample::key(), "u/1=");
        let part = PartId { key: &key, upload, number: 12 };
        let request = request(part, Content::Bytes("abc".into()), None, Some([0; 16])).unwrap();
        assert_eq!(
            (request.method.as_str(), request.query.as_str()),
            ("PUT", "partNumber=12&uploadId=u%2F1%3D")
        );
        assert_eq!(request.headers["content-md5"], "AAAAAAAAAAAAAAAAAAAAAA==");
        assert_eq!(answer(&sample::answer(200, &[("etag", "\"abc\"")], "")).unwrap(), ETag::new("abc"));
        assert!(answer(&sample::answer(200, &[], "")).is_err());
    }
}
