//! [DeleteBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html)

use http::Method;

use crate::client::Request;

pub(crate) fn request() -> Request {
    Request::bucket(Method::DELETE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_no_key() {
        assert_eq!(
            (request().method.as_str(), request().key, request().query.as_str()),
            ("DELETE", None, "")
        );
    }
}
