//! What an S3 server refuses means the same here and in `storage-minio`, whose table of codes is its own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, and runs where it is")]

mod support;

use s3_testserver::{Answer, Effect, Fault};
use storage_core::{Storage, StorageExt};
use storage_minio::MinioStorage;

use support::{BUCKET, key, store};

const CODES: &[(u16, &str)] = &[
    (404, "NoSuchKey"),
    (404, "NoSuchVersion"),
    (404, "NoSuchBucket"),
    (404, "XAdminUserNotFound"),
    (403, "AccessDenied"),
    (403, "AllAccessDisabled"),
    (403, "InvalidObjectState"),
    (403, "InvalidAccessKeyId"),
    (403, "SignatureDoesNotMatch"),
    (403, "InvalidSecurity"),
    (400, "ExpiredToken"),
    (400, "InvalidToken"),
    (400, "MissingSecurityHeader"),
    (400, "TokenRefreshRequired"),
    (400, "AuthorizationHeaderMalformed"),
    (403, "RequestTimeTooSkewed"),
    (400, "IllegalLocationConstraintException"),
    (400, "KeyTooLongError"),
    (400, "InvalidArgument"),
    (400, "InvalidRequest"),
    (400, "InvalidStorageClass"),
    (400, "MetadataTooLarge"),
    (400, "EntityTooLarge"),
    (400, "BadDigest"),
    (400, "XAmzContentSHA256Mismatch"),
    (400, "InvalidPart"),
    (400, "InvalidPartOrder"),
    (405, "MethodNotAllowed"),
    (409, "ObjectParentIsFile"),
    (409, "ExistingObjectIsDirectory"),
    (400, "DirectoryObjectContainsData"),
    (409, "OperationAborted"),
    (409, "ConditionalRequestConflict"),
    (416, "InvalidRange"),
    (501, "NotImplemented"),
];

#[tokio::test]
async fn a_code_means_the_same_in_both_crates() {
    let (server, ours) = store().await;
    let minio = MinioStorage::builder()
        .endpoint(server.endpoint())
        .region("us-east-1")
        .credentials(server.access_key(), server.secret_key())
        .bucket(BUCKET)
        .build()
        .unwrap();
    let stores: [&dyn Storage; 2] = [&*ours, &minio];
    for (status, code) in CODES {
        let mut kinds = Vec::new();
        for store in stores {
            server.inject(Fault::new(Effect::Answer(Answer::error(*status, code))).always());
            kinds.push(store.read(&key("a")).await.unwrap_err().kind());
            server.clear_faults();
        }
        assert_eq!(kinds[0], kinds[1], "{status} {code}");
    }
}
