//! [CompleteMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html)

use std::fmt::Write as _;

use http::Method;
use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{ETag, ObjectKey, Result};

use super::copy_object::etag;
use super::headers;
use super::xml::{Xml, escape};
use crate::client::{Answer, Request};

/// `parts` are the tags of the parts 1, 2, 3 and so on.
pub(crate) fn request(key: &ObjectKey, upload: &str, parts: &[ETag], mode: &PutMode) -> Result<Request> {
    let mut document =
        String::from(r#"<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">"#);
    for (index, etag) in parts.iter().enumerate() {
        let (number, etag) = (index + 1, escape(&etag.quoted()));
        let _ = write!(document, "<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
    }
    document.push_str("</CompleteMultipartUpload>");
    let mut request =
        Request::object(Method::POST, key).query([("uploadId", upload)]).document(document).patient();
    request.condition = headers::write_mode(mode, &mut request.headers)?;
    Ok(request)
}

pub(crate) fn answer(answer: &Answer, size: u64) -> Result<PutOutcome> {
    let mut xml = Xml::open_as(&answer.document, "CompleteMultipartUploadResult")?;
    let etag = etag(&mut xml)?;
    Ok(PutOutcome::new(size).with_etag(etag).with_version(headers::read_version(&answer.headers)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;
    use crate::client::Condition;
    use crate::transport::Content;

    #[test]
    fn lists_the_parts_under_a_condition() {
        let parts = [ETag::new("a"), ETag::new("b<")];
        let request = request(&sample::key(), "u", &parts, &PutMode::Create).unwrap();
        let Content::Bytes(document) = &request.content else { panic!("no bytes") };
        assert_eq!(
            document,
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
             <Part><PartNumber>1</PartNumber><ETag>&quot;a&quot;</ETag></Part>\
             <Part><PartNumber>2</PartNumber><ETag>&quot;b&lt;&quot;</ETag></Part></CompleteMultipartUpload>"
        );
        assert_eq!(
            (request.condition, &request.headers["if-none-match"]),
            (Condition::Absent, &"*".parse().unwrap())
        );
    }

    #[test]
    fn reads_the_tag_of_the_whole() {
        let document = "<CompleteMultipartUploadResult><Location>x</Location><ETag>\"abc-2\"</ETag></CompleteMultipartUploadResult>";
        let outcome = answer(&sample::answer(200, &[("x-amz-version-id", "v")], document), 9).unwrap();
        assert_eq!((outcome.etag, outcome.version.as_deref()), (Some(ETag::new("abc-2")), Some("v")));
        assert!(answer(&sample::answer(200, &[], "<Error><Code>InternalError</Code></Error>"), 9).is_err());
    }
}
