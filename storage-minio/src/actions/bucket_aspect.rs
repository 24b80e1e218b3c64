//! What a bucket has besides objects: each aspect is a document of its own below a parameter of the bucket's address
//! ([S3 API, "Actions"](https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html), those on buckets).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use http::header::CONTENT_TYPE;
use md5::{Digest, Md5};
use storage_core::Result;

use super::put_object::CONTENT_MD5;
use crate::client::Request;

/// The parameter that names an aspect, and the code of the error that says that the bucket has none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aspect {
    parameter: &'static str,
    pub(crate) absent: &'static str,
}

pub(crate) const POLICY: Aspect = Aspect { parameter: "policy", absent: "NoSuchBucketPolicy" };
pub(crate) const LIFECYCLE: Aspect =
    Aspect { parameter: "lifecycle", absent: "NoSuchLifecycleConfiguration" };
pub(crate) const CORS: Aspect = Aspect { parameter: "cors", absent: "NoSuchCORSConfiguration" };
pub(crate) const VERSIONING: Aspect = Aspect { parameter: "versioning", absent: "" };
pub(crate) const TAGGING: Aspect = Aspect { parameter: "tagging", absent: "NoSuchTagSet" };
pub(crate) const ENCRYPTION: Aspect =
    Aspect { parameter: "encryption", absent: "ServerSideEncryptionConfigurationNotFoundError" };

impl Aspect {
    pub(crate) fn read(self) -> Request {
        Request::bucket(Method::GET).query([(self.parameter, "")])
    }

    /// # Errors
    ///
    /// None that a document made here could cause.
    pub(crate) fn write(self, document: String) -> Result<Request> {
        // Required by S3 for most of these actions.
        let digest = STANDARD.encode(Md5::digest(&document));
        let content_type = if document.starts_with('<') { "application/xml" } else { "application/json" };
        Request::bucket(Method::PUT)
            .query([(self.parameter, "")])
            .document(document)
            .header(CONTENT_MD5, &digest)?
            .header(CONTENT_TYPE, content_type)
    }

    pub(crate) fn remove(self) -> Request {
        Request::bucket(Method::DELETE).query([(self.parameter, "")])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_a_parameter_of_the_bucket() {
        assert_eq!(POLICY.read().query.as_str(), "policy=");
        assert_eq!(CORS.remove().method, Method::DELETE);
        let write = LIFECYCLE.write("<A/>".into()).unwrap();
        assert_eq!(write.headers[&CONTENT_MD5], STANDARD.encode(Md5::digest("<A/>")));
        assert_eq!(write.headers[CONTENT_TYPE], "application/xml");
        assert_eq!(POLICY.write("{}".into()).unwrap().headers[CONTENT_TYPE], "application/json");
    }
}
