//! [DeleteObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html)

use http::Method;

use crate::client::Request;

/// Deletes the object with this key, which may be one that no `ObjectKey` holds; but it may not be empty, or the bucket is meant.
pub(crate) fn request(key: impl AsRef<str>) -> Request {
    Request::object(Method::DELETE, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_object() {
        let request = request("a//b");
        assert_eq!((request.method.as_str(), request.key.as_deref()), ("DELETE", Some("a//b")));
    }
}
