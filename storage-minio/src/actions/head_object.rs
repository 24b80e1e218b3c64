//! [HeadObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html)

use http::Method;
use http::header::CONTENT_LENGTH;
use storage_core::options::CustomerKey;
use storage_core::{ObjectKey, ObjectMeta, Result};

use super::xml::garbled;
use super::{encryption, headers};
use crate::client::{Answer, Request};

pub(crate) fn request(key: &ObjectKey, customer_key: Option<&CustomerKey>) -> Result<Request> {
    let mut request = Request::object(Method::HEAD, key);
    if let Some(customer_key) = customer_key {
        encryption::write_customer_key(customer_key, &mut request.headers)?;
    }
    Ok(request)
}

pub(crate) fn answer(answer: &Answer, key: ObjectKey) -> Result<ObjectMeta> {
    let size = headers::text(&answer.headers, &CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let size = size.ok_or_else(|| garbled("it has no `Content-Length`"))?;
    Ok(headers::read_meta(key, size, &answer.headers))
}

#[cfg(test)]
mod tests {
    use storage_core::ErrorKind;

    use super::*;
    use crate::actions::sample;

    #[test]
    fn reads_size_and_type() {
        assert_eq!(request(&sample::key(), None).unwrap().method, "HEAD");
        let head = sample::answer(200, &[("content-length", "7"), ("content-type", "text/plain")], "");
        let meta = answer(&head, sample::key()).unwrap();
        assert_eq!((meta.size, meta.content_type.as_str()), (7, "text/plain"));
        let error = answer(&sample::answer(200, &[], ""), sample::key()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
    }
}
