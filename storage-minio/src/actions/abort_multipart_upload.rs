//! [AbortMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html)

use http::Method;
use storage_core::ObjectKey;

use crate::client::Request;

pub(crate) fn request(key: &ObjectKey, upload: &str) -> Request {
    Request::object(Method::DELETE, key).query([("uploadId", upload)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn names_the_upload() {
        let request = request(&sample::key(), "u-1");
        assert_eq!((request.method.as_str(), request.query.as_str()), ("DELETE", "uploadId=u-1"));
    }
}
