//! What other clients stored and other servers answer: nothing panics, nothing kills a listing, nothing secret is shown.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::error::Error as _;

use futures_util::StreamExt;
use proptest::prelude::*;
use storage_core::key::RawKey;
use storage_core::list::{LevelItem, ListItem, ListOptions};
use storage_core::{Body, ErrorKind, GetOptions, PutOptions, Storage, StorageExt};
use storage_minio::transport::TransportFault;
use support::{Reply, SECRET, Scripted, key};

fn listing(contents: &str) -> Reply {
    Reply::status(200).body(format!("<ListBucketResult>{contents}</ListBucketResult>"))
}

#[tokio::test]
async fn keys_that_cannot_be_addressed_are_reported_in_place() {
    let contents = ["a//b", "a/", "b", "c/../d"]
        .map(|key| format!("<Contents><Key>{key}</Key><Size>1</Size></Contents>"))
        .concat();
    let transport = Scripted::replies([
        listing(&contents),
        listing(&format!("{contents}<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>")),
    ]);
    let storage = transport.storage();
    let flat: Vec<_> = storage.list(ListOptions::new()).collect().await;
    let unaddressable = flat.iter().filter(|item| matches!(item, Ok(ListItem::Unaddressable(_)))).count();
    assert_eq!((flat.len(), unaddressable), (4, 3));
    let level: Vec<_> = storage.list_level(ListOptions::new()).collect().await;
    assert_eq!(level.iter().filter(|item| matches!(item, Ok(LevelItem::Folder(_)))).count(), 1);
}

#[tokio::test]
async fn a_listing_that_is_none_is_one_error() {
    for (reply, kind) in [
        (Reply::status(200).body("<html>"), ErrorKind::Corrupt),
        (Reply::status(200).body("<ListBucketResult><Contents>"), ErrorKind::Corrupt),
        (Reply::status(200).body(vec![b' '; 9 * 1024 * 1024]), ErrorKind::Corrupt),
        (
            Reply::status(200).body(
                "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><ListBucketResult>&b;</ListBucketResult>",
            ),
            ErrorKind::Corrupt,
        ),
        (Reply::error(403, "AccessDenied"), ErrorKind::PermissionDenied),
    ] {
        let transport = Scripted::replies([reply]);
        let items: Vec<_> = transport.storage().list(ListOptions::new()).collect().await;
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].as_ref().unwrap_err().kind(), kind);
    }
    let turning = Scripted::new(|_| {
        listing("<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>")
    });
    let items: Vec<_> = turning.storage().list(ListOptions::new()).collect().await;
    assert_eq!(items.len(), 1);
    assert_eq!(turning.asked().len(), 2);
}

#[tokio::test]
async fn a_partial_deletion_names_each_key() {
    let transport = Scripted::replies([
        Reply::status(200)
            .body("<DeleteResult><Error><Key>b</Key><Code>AccessDenied</Code></Error></DeleteResult>"),
        Reply::error(403, "AccessDenied"),
    ]);
    let keys = (0..1_001).map(|n| RawKey::new(format!("k{n}"))).collect();
    let deletion = transport.storage().delete_many(keys).await.unwrap();
    let failed: Vec<_> = deletion.failed.iter().map(|(key, error)| (key.as_str(), error.kind())).collect();
    assert_eq!(failed, [("b", ErrorKind::PermissionDenied), ("k1000", ErrorKind::PermissionDenied)]);
}

#[tokio::test]
async fn an_odd_key_is_deleted_only_where_it_is_listed() {
    let listed = |key: &str| listing(&format!("<Contents><Key>{key}</Key><Size>1</Size></Contents>"));
    let transport = Scripted::replies([
        listed("a/b"),
        listed("a//b"),
        Reply::status(200).body("<DeleteResult/>"),
        listing(""),
    ]);
    let storage = transport.storage();
    for keys in
        [vec![RawKey::new("a//b"), RawKey::new("")], vec![RawKey::new("a//b")], vec![RawKey::new("../a")]]
    {
        storage.delete_many(keys).await.unwrap().into_result().unwrap();
    }
    let deletions = transport.lines().iter().filter(|line| !line.starts_with("GET")).count();
    assert_eq!((transport.asked().len(), deletions), (4, 1));
    assert!(String::from_utf8_lossy(&transport.asked()[2].body).contains("<Key>a//b</Key>"));
}

#[tokio::test]
async fn a_refused_head_is_explained_by_a_request_with_a_body() {
    for (code, kind) in [
        ("SignatureDoesNotMatch", ErrorKind::Unauthenticated),
        ("InvalidAccessKeyId", ErrorKind::Unauthenticated),
        ("RequestTimeTooSkewed", ErrorKind::ClockSkewed),
        ("AccessDenied", ErrorKind::PermissionDenied),
    ] {
        let transport = Scripted::replies([Reply::status(403), Reply::error(403, code)]);
        assert_eq!(transport.storage().stat(&key("a")).await.unwrap_err().kind(), kind);
    }
}

#[tokio::test]
async fn whether_the_bucket_exists_is_said_only_by_a_server_that_answered() {
    for (replies, expected) in [
        (vec![Reply::status(200)], Ok(true)),
        (vec![Reply::status(404), Reply::error(404, "NoSuchBucket")], Ok(false)),
        (vec![Reply::status(404), Reply::status(404)], Err(ErrorKind::Other)),
        (vec![Reply::status(404), listing("")], Ok(true)),
        (vec![Reply::status(404), Reply::error(403, "AccessDenied")], Err(ErrorKind::PermissionDenied)),
        (vec![Reply::status(403), Reply::error(403, "AccessDenied")], Err(ErrorKind::PermissionDenied)),
        (vec![Reply::Fails(TransportFault::Tls)], Err(ErrorKind::Unavailable)),
    ] {
        let found = Scripted::replies(replies).storage().bucket_exists().await;
        assert_eq!(found.map_err(|error| error.kind()), expected);
    }
}

#[tokio::test]
async fn create_bucket_takes_its_own_for_success() {
    let own = Scripted::replies([Reply::error(409, "BucketAlreadyOwnedByYou")]);
    own.storage().create_bucket().await.unwrap();
    // Some servers give both the same code: whose it is, the bucket itself tells.
    let also_own = Scripted::replies([Reply::error(409, "BucketAlreadyExists"), Reply::status(200)]);
    also_own.storage().create_bucket().await.unwrap();
    let others =
        Scripted::replies([Reply::error(409, "BucketAlreadyExists"), Reply::error(403, "AccessDenied")]);
    assert!(others.storage().create_bucket().await.unwrap_err().is_already_exists());
}

#[tokio::test]
async fn no_error_shows_a_secret_or_a_signature() {
    let echo = "<Error><Code>SignatureDoesNotMatch</Code><Message>no: Signature=abc</Message><SignatureProvided>sig</SignatureProvided>\
                <CanonicalRequest>PUT x-amz-content-sha256</CanonicalRequest></Error>";
    for reply in [
        Reply::status(403).body(echo),
        Reply::error(400, "X-Amz-Signature=abc"),
        Reply::status(302).header("location", "http://u:p@h/?X-Amz-Signature=abc"),
        Reply::Fails(TransportFault::Other),
    ] {
        let transport = Scripted::replies([reply]);
        let storage = transport.storage();
        let error = storage.put(&key("a"), Body::from("x"), PutOptions::new()).await.unwrap_err();
        let mut shown = format!("{error:?} {storage:?}");
        let mut source = error.source();
        while let Some(cause) = source {
            shown = format!("{shown} {cause} {cause:?}");
            source = cause.source();
        }
        let sent = transport.asked().pop().unwrap();
        let signature = sent.header("authorization").unwrap().split_once("Signature=").unwrap().1.to_owned();
        for secret in [SECRET, &signature, "abc", "u:p@", "CanonicalRequest"] {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
        assert!(!format!("{sent:?}").contains(&signature), "a request's own Debug hides it");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_answer_to_any_call_is_a_result(
        status in 100u16..600,
        document in "(<[A-Za-z]{1,12}>|</[A-Za-z]{1,12}>|<Error>|<Code>|</Code>|</Error>|<ListBucketResult>|&[a-z#0-9]{1,4};|\\PC){0,12}",
        value in proptest::collection::vec(0x20u8..=0xff, 0..24).prop_filter("a header", |v| !v.contains(&0x7f)),
    ) {
        let reply = move |_: &support::Asked| {
            let text = String::from_utf8_lossy(&value).into_owned();
            ["etag", "content-range", "last-modified", "x-amz-meta-a", "date", "retry-after", "location", "x-minio-error-code"]
                .iter()
                .fold(Reply::status(status), |reply, name| reply.header(name, &text))
                .header("content-length", document.len())
                .body(document.clone())
        };
        let transport = Scripted::new(reply);
        let options = storage_minio::ClientOptions::new().retry(storage_minio::RetryOptions::none());
        let storage = transport.builder().client_options(options).build().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let _ = storage.put(&key("a"), Body::from("x"), PutOptions::new()).await;
            let _ = storage.put(&key("a"), Body::from(vec![0; 6 * 1024 * 1024]), PutOptions::new()).await;
            let _ = storage.read(&key("a")).await;
            let _ = storage.get(&key("a"), GetOptions::new().range(0..3)).await;
            let _ = storage.stat(&key("a")).await;
            let _ = storage.delete(&key("a")).await;
            let _ = storage.delete_many(vec![RawKey::new("a")]).await;
            let _ = storage.copy(&key("a"), &key("b"), storage_core::CopyOptions::new().if_absent()).await;
            let _ = storage.list(ListOptions::new()).take(3).count().await;
            let _ = storage.list_level(ListOptions::new()).take(3).count().await;
            let _ = storage.bucket_exists().await;
        });
    }
}
