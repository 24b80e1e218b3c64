//! [HeadBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html)

use http::Method;

use crate::client::Request;

pub(crate) fn request() -> Request {
    Request::bucket(Method::HEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_the_bucket_itself() {
        assert_eq!((request().method.as_str(), request().key), ("HEAD", None));
    }
}
