//! The clients that several benchmarks compare, for a server on this machine, with as few extras as they let one choose.

use anyhow::Result;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region, RequestChecksumCalculation};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use storage_minio::{MinioStorage, PayloadSigning};

pub(crate) const BUCKET: &str = "bench";
pub(crate) const REGION: &str = "us-east-1";
pub(crate) const ACCESS_KEY: &str = "bench";
pub(crate) const SECRET_KEY: &str = "benchbench";

/// Without a signature of the payload, which ours has by default where there is no TLS, and nobody else does.
pub(crate) fn ours(address: &str) -> Result<MinioStorage> {
    let builder = MinioStorage::builder()
        .endpoint(address)
        .credentials(ACCESS_KEY, SECRET_KEY)
        .bucket(BUCKET)
        .payload_signing(PayloadSigning::Never);
    Ok(builder.build()?)
}

pub(crate) fn object_store(address: &str) -> Result<AmazonS3> {
    let builder = AmazonS3Builder::new()
        .with_endpoint(address)
        .with_allow_http(true)
        .with_region(REGION)
        .with_bucket_name(BUCKET)
        .with_access_key_id(ACCESS_KEY)
        .with_secret_access_key(SECRET_KEY)
        .with_unsigned_payload(true);
    Ok(builder.build()?)
}

/// Without the checksums of what is sent, which it computes by default and nobody else does.
pub(crate) fn aws_sdk(address: &str) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(address)
        .force_path_style(true)
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "bench"))
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .build();
    aws_sdk_s3::Client::from_conf(config)
}
