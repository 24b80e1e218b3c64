//! The example that the S3 API's pages on signatures use throughout.

use std::time::{Duration, SystemTime};

use storage_core::BucketName;

use super::Signer;
use crate::addressing::{Addressing, BucketAddress};
use crate::credentials::Credentials;

pub(super) fn credentials() -> Credentials {
    Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").unwrap()
}

pub(super) fn signer() -> Signer {
    Signer::new("us-east-1")
}

/// 2013-05-24T00:00:00Z.
pub(super) fn time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_369_353_600)
}

/// `https://examplebucket.s3.amazonaws.com`.
pub(super) fn address() -> BucketAddress {
    let bucket = BucketName::new("examplebucket").unwrap();
    BucketAddress::internal(&"https://s3.amazonaws.com".parse().unwrap(), Addressing::VirtualHost, &bucket)
        .unwrap()
}
