//! [CreateMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html)

use http::{HeaderMap, Method};
use storage_core::{ObjectKey, Result};

use super::xml::{Xml, garbled};
use crate::client::{Answer, Request};

/// `headers` describe the object that is to be.
pub(crate) fn request(key: &ObjectKey, headers: HeaderMap) -> Request {
    Request::object(Method::POST, key).query([("uploads", "")]).headers(headers)
}

/// The upload's id.
pub(crate) fn answer(answer: &Answer) -> Result<String> {
    let mut xml = Xml::open_as(&answer.document, "InitiateMultipartUploadResult")?;
    let mut id = None;
    while let Some(name) = xml.child()? {
        match name {
            "UploadId" => id = Some(xml.text()?.into_owned()),
            _ => xml.skip()?,
        }
    }
    id.filter(|id| !id.is_empty()).ok_or_else(|| garbled("it has no upload id"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn asks_for_an_id_and_reads_it() {
        let request = request(&sample::key(), HeaderMap::new());
        assert_eq!((request.method.as_str(), request.query.as_str()), ("POST", "uploads="));
        let document = "<InitiateMultipartUploadResult><Bucket>b</Bucket><UploadId>u-1</UploadId></InitiateMultipartUploadResult>";
        assert_eq!(answer(&sample::answer(200, &[], document)).unwrap(), "u-1");
        assert!(answer(&sample::answer(200, &[], "<InitiateMultipartUploadResult/>")).is_err());
    }
}
