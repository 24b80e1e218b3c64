//! AWS Signature Version 4 for S3: requests by their headers, URLs by their query, forms by their
//! policy. No I/O, and no clock but the time passed in.
//!
//! Follows the S3 API's
//! [Authenticating requests (AWS Signature Version 4)](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html).

mod canonical_query;
#[cfg(test)]
mod example;
mod hashing;
#[cfg(test)]
mod oracle;
mod payload;
mod policy;
mod presign;
mod request;
mod signed_headers;
mod signer;
mod signing_key;

pub(crate) use canonical_query::{CanonicalQuery, sort};
pub(crate) use payload::Payload;
pub(crate) use policy::PostPolicy;
pub(crate) use presign::Presign;
pub(crate) use signer::Signer;
