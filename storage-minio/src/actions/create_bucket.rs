//! [CreateBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html)

use http::{HeaderValue, Method};

use super::object_lock::ENABLED;
use super::xml::escape;
use crate::client::Request;
use crate::transport::Content;

/// The region that is meant where none is named.
const DEFAULT_REGION: &str = "us-east-1";

/// What a bucket is made for, once and for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    WithObjectLock,
}

pub(crate) fn request(region: &str, kind: Kind) -> Request {
    let mut request = Request::bucket(Method::PUT);
    if kind == Kind::WithObjectLock {
        request.headers.insert(ENABLED, HeaderValue::from_static("true"));
    }
    if region == DEFAULT_REGION {
        return request;
    }
    let document = format!(
        "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <LocationConstraint>{}</LocationConstraint></CreateBucketConfiguration>",
        escape(region)
    );
    request.content(Content::Bytes(document.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_every_region_but_the_default() {
        let plain = request("us-east-1", Kind::Plain);
        assert_eq!((plain.method.as_str(), plain.key, plain.content.len()), ("PUT", None, 0));
        let Content::Bytes(document) = request("eu-west-1", Kind::WithObjectLock).content else {
            panic!("no bytes")
        };
        assert!(document.windows(9).any(|text| text == b"eu-west-1"));
    }
}
