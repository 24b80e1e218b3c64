//! Who gets in.

use crate::support::{Fixture, send, signed};
use rusty_s3::Credentials;
use rusty_s3::actions::{CreateBucket, DeleteBucket, HeadBucket};

#[tokio::test]
async fn wrong_keys_and_secrets_are_told_apart() {
    let mut s3 = Fixture::new().await;
    s3.credentials = Credentials::new("nobody", "x");
    assert_eq!(s3.get("k", &[]).element("Code").as_deref(), Some("InvalidAccessKeyId"));
    s3.credentials = Credentials::new(s3.server.access_key(), "wrong");
    assert_eq!(s3.get("k", &[]).element("Code").as_deref(), Some("SignatureDoesNotMatch"));
    let head = s3.head("k", &[]);
    assert_eq!((head.status, head.header("x-minio-error-code")), (403, Some("SignatureDoesNotMatch")));
}

#[tokio::test]
async fn temporary_keys_need_their_token() {
    let mut s3 = Fixture::new().await;
    s3.server.add_account("temporary", "secret", Some("to/ken+"));
    s3.credentials = Credentials::new_with_token("temporary", "secret", "to/ken+");
    assert_eq!(s3.put("k", &[], b"x").status, 200);
    s3.credentials = Credentials::new_with_token("temporary", "secret", "other");
    assert_eq!(s3.get("k", &[]).element("Code").as_deref(), Some("InvalidTokenId"));
    s3.server.remove_account("temporary");
    assert_eq!(s3.get("k", &[]).element("Code").as_deref(), Some("InvalidAccessKeyId"));
}

#[tokio::test]
async fn a_public_bucket_is_read_by_anybody_and_not_listed() {
    let s3 = Fixture::new().await;
    s3.put("k", &[], b"x");
    let url = format!("{}/bucket/k", s3.server.endpoint());
    assert_eq!(send("GET", &url, &[], b"").expect("an answer").status, 403);
    s3.server.make_public("bucket");
    assert_eq!(send("GET", &url, &[], b"").expect("an answer").text(), "x");
    assert_eq!(send("PUT", &url, &[], b"y").expect("an answer").status, 403);
    let list = format!("{}/bucket?list-type=2", s3.server.endpoint());
    assert_eq!(send("GET", &list, &[], b"").expect("an answer").status, 403);
    let health = format!("{}/minio/health/live", s3.server.endpoint());
    assert_eq!(send("GET", &health, &[], b"").expect("an answer").status, 200);
}

#[tokio::test]
async fn buckets_come_and_go() {
    let s3 = Fixture::new().await;
    let create = signed(&CreateBucket::new(&s3.bucket, &s3.credentials));
    let taken = send("PUT", &create, &[], b"").expect("an answer");
    assert_eq!((taken.status, taken.element("Code").as_deref()), (409, Some("BucketAlreadyOwnedByYou")));
    s3.put("k", &[], b"x");
    let delete = signed(&DeleteBucket::new(&s3.bucket, &s3.credentials));
    let full = send("DELETE", &delete, &[], b"").expect("an answer");
    assert_eq!((full.status, full.element("Code").as_deref()), (409, Some("BucketNotEmpty")));
    s3.delete("k");
    assert_eq!(send("DELETE", &delete, &[], b"").expect("an answer").status, 204);

    let head = signed(&HeadBucket::new(&s3.bucket, Some(&s3.credentials)));
    let gone = send("HEAD", &head, &[], b"").expect("an answer");
    assert_eq!((gone.status, gone.header("x-minio-error-code")), (404, Some("NoSuchBucket")));
    assert_eq!(s3.put("k", &[], b"x").element("Code").as_deref(), Some("NoSuchBucket"));
    assert_eq!(send("PUT", &create, &[], b"").expect("an answer").status, 200);
}
