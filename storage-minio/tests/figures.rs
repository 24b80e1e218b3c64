//! How many requests each operation takes, counted at the transport.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use futures_util::StreamExt;
use std::sync::Arc;

use storage_core::key::RawKey;
use storage_core::list::ListOptions;
use storage_core::options::PutMode;
use storage_core::{AcceptOptions, Body, Bucket, ErrorKind, GetOptions, PutOptions, Storage, StorageExt};
use storage_minio::ConditionalWrites;
use storage_minio::transport::TransportFault;
use support::{Reply, Scripted, key, multipart};

fn object(body: &'static str) -> Reply {
    Reply::status(200).header("content-length", body.len()).header("etag", "\"e\"").body(body)
}

#[tokio::test]
async fn a_small_save_is_one_request_and_one_more_if_the_name_is_taken() {
    let transport =
        Scripted::replies([Reply::stored(), Reply::error(412, "PreconditionFailed"), Reply::stored()]);
    let bucket = Bucket::new(Arc::new(transport.storage()));
    bucket.save("cat.jpg", "meow").await.unwrap();
    assert_eq!(transport.lines(), ["PUT /photos/cat.jpg"]);
    let saved = bucket.save("cat.jpg", "meow").await.unwrap();
    assert_eq!(transport.asked().len(), 3);
    assert_eq!(transport.lines()[2], format!("PUT /photos/{}", saved.key));
    assert!(
        transport
            .asked()
            .iter()
            .all(|asked| asked.header("if-none-match") == Some("*") && asked.body == "meow")
    );
}

/// Unless the setting says what the server does with conditions, as it does in all other figures here.
#[tokio::test]
async fn the_first_conditional_save_asks_once_what_the_server_is() {
    let minio = |reply: Reply| reply.header("server", "MinIO").header("x-ratelimit-limit", 100);
    let transport = Scripted::new(move |asked| {
        minio(if asked.method == "HEAD" { Reply::status(200) } else { Reply::stored() })
    });
    let builder = transport.builder().conditional_writes(ConditionalWrites::Auto);
    let bucket = Bucket::new(Arc::new(builder.clone().build().unwrap()));
    for name in ["a", "b", "c"] {
        bucket.save(name, "x").await.unwrap();
    }
    assert_eq!(transport.lines(), ["HEAD /photos", "PUT /photos/a", "PUT /photos/b", "PUT /photos/c"]);

    // Any earlier answer serves as well.
    let storage = builder.build().unwrap();
    storage.delete(&key("old")).await.unwrap();
    Bucket::new(Arc::new(storage)).save("d", "x").await.unwrap();
    assert_eq!(transport.lines()[4..], ["DELETE /photos/old", "PUT /photos/d"]);
}

#[tokio::test]
async fn open_range_and_url_take_one_one_and_none() {
    let part =
        Reply::status(206).header("content-length", 2).header("content-range", "bytes 1-2/4").body("eo");
    let transport = Scripted::replies([object("meow"), part]);
    let storage = transport.storage();
    let found = storage.get(&key("a"), GetOptions::new()).await.unwrap().into_object().unwrap();
    assert_eq!(found.meta().size, 4);
    assert_eq!(found.bytes().await.unwrap(), "meow");
    assert_eq!(storage.read_range(&key("a"), 1..3).await.unwrap(), "eo");
    storage.url_signer().unwrap().signed_url(&key("a"), &storage_core::UrlOptions::new()).unwrap();
    assert_eq!(transport.lines(), ["GET /photos/a", "GET /photos/a"]);
}

#[tokio::test]
async fn a_miss_is_one_request_once_the_bucket_was_seen() {
    let missing = |reply: Reply| reply.header("x-amz-request-id", "18EACB02A3225DCC");
    let transport = Scripted::replies([
        missing(Reply::status(404)),
        Reply::error(404, "NoSuchKey"),
        missing(Reply::status(404)),
        Reply::status(404).header("content-type", "application/xml"),
        Reply::status(200).header("content-length", 1),
    ]);
    let storage = transport.storage();
    for expected in [false, false, false, true] {
        assert_eq!(storage.exists(&key("a")).await.unwrap(), expected);
    }
    assert_eq!(transport.lines()[..2], ["HEAD /photos/a", "GET /photos/a"]);
    assert_eq!(transport.asked()[1].header("range"), Some("bytes=0-0"));
    assert_eq!(transport.asked().len(), 5);
}

#[tokio::test]
async fn a_proxy_without_a_server_is_never_taken_for_a_missing_key() {
    let seen = || Reply::status(200).header("content-length", 1);
    for (get, expected) in [
        (Reply::error(404, "NoSuchKey"), Ok(false)),
        (Reply::error(404, "NoSuchBucket"), Err((ErrorKind::BucketMissing, false))),
        (Reply::status(404).body("404 page not found"), Err((ErrorKind::Other, false))),
        (Reply::Fails(TransportFault::Tls), Err((ErrorKind::Unavailable, false))),
        (
            Reply::status(206).header("content-range", "bytes 0-0/9").body("x"),
            Err((ErrorKind::Unavailable, true)),
        ),
        (Reply::error(416, "InvalidRange"), Err((ErrorKind::Unavailable, true))),
    ] {
        let transport = Scripted::replies([seen(), Reply::status(404), get]);
        let storage = transport.storage();
        assert!(storage.exists(&key("a")).await.unwrap());
        let found = storage.exists(&key("a")).await.map_err(|error| (error.kind(), error.is_retryable()));
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn a_missing_bucket_is_never_taken_for_a_missing_key() {
    let said = Scripted::replies([Reply::status(404).header("x-minio-error-code", "NoSuchBucket")]);
    assert_eq!(said.storage().exists(&key("a")).await.unwrap_err().kind(), ErrorKind::BucketMissing);
    let unsaid = Scripted::replies([Reply::status(404), Reply::error(404, "NoSuchBucket")]);
    assert_eq!(unsaid.storage().exists(&key("a")).await.unwrap_err().kind(), ErrorKind::BucketMissing);
    let down = Scripted::new(|asked| Reply::status(if asked.method == "HEAD" { 404 } else { 500 }));
    assert_eq!(down.storage().exists(&key("a")).await.unwrap_err().kind(), ErrorKind::Unavailable);
    let other = Scripted::new(|_| Reply::status(404).body("<html>"));
    assert_eq!(other.storage().exists(&key("a")).await.unwrap_err().kind(), ErrorKind::Other);
}

#[tokio::test]
async fn a_large_save_is_create_parts_and_complete() {
    let transport = multipart(|_| None);
    let body = Body::from(vec![1; 12 * 1024 * 1024]);
    let outcome =
        transport.storage().put(&key("a"), body, PutOptions::new().mode(PutMode::Create)).await.unwrap();
    assert_eq!((outcome.size, outcome.etag.unwrap().as_str()), (12 * 1024 * 1024, "whole-1"));
    assert_eq!(transport.asked().len(), 1 + 3 + 1);
    let complete = transport.asked().pop().unwrap();
    assert_eq!(complete.header("if-none-match"), Some("*"));
    let text = String::from_utf8(complete.body.to_vec()).unwrap();
    assert!(text.contains("<PartNumber>3</PartNumber><ETag>&quot;2097152&quot;</ETag>"), "{text}");
}

/// A catch-all site or a maintenance page says 200 to everything.
#[tokio::test]
async fn a_200_without_an_etag_has_stored_nothing() {
    let transport = Scripted::new(|_| Reply::status(200).body("<html>welcome</html>"));
    let error = transport.storage().put(&key("a"), Body::from("x"), PutOptions::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Other);
    assert!(error.hint().unwrap().contains("endpoint"), "{error:?}");
}

#[tokio::test]
async fn a_large_save_through_a_bucket_looks_first() {
    let transport = multipart(|asked| (asked.method == "HEAD").then(|| Reply::error(404, "NoSuchKey")));
    let bucket = Bucket::new(Arc::new(transport.storage()));
    bucket.save("a.bin", vec![1; 12 * 1024 * 1024]).await.unwrap();
    let methods: Vec<_> = transport.asked().iter().map(|asked| asked.method.to_string()).collect();
    assert_eq!(methods, ["HEAD", "POST", "PUT", "PUT", "PUT", "POST"]);
}

/// One to look, one for the receipt, a copy within the server that must not overwrite, one to delete.
#[tokio::test]
async fn an_upload_is_accepted_by_seven_requests_and_none_of_its_bytes_but_the_first() {
    let transport = multipart(|asked| match asked.method.as_str() {
        "GET" => Some(
            Reply::status(206)
                .header("content-range", "bytes 0-8191/20000")
                .header("content-length", 8192)
                .header("etag", "\"e\"")
                .body("meow".repeat(2_048)),
        ),
        "PUT" if asked.query.is_empty() => Some(Reply::stored()),
        "HEAD" => Some(Reply::status(200).header("content-length", 20_000).header("etag", "\"e\"")),
        "DELETE" => Some(Reply::status(204)),
        _ => None,
    });
    let photos = Bucket::new(Arc::new(transport.storage()));
    let uploads = Bucket::new(Arc::new(transport.builder().bucket("uploads").build().unwrap()));
    let accepted = photos.accept(&uploads, "upload", "cat.txt", AcceptOptions::new()).await.unwrap();
    assert_eq!(accepted.into_saved().unwrap().size, 20_000);
    let lines = transport.lines();
    let (copy, last) = (&lines[3..6], &lines[6]);
    assert_eq!(lines[..3], ["GET /uploads/upload", "PUT /uploads/.accepted/upload", "HEAD /uploads/upload"]);
    assert!(copy.iter().all(|line| line.contains(" /photos/cat.txt?")), "{copy:?}");
    assert_eq!((last.as_str(), lines.len()), ("DELETE /uploads/upload", 7));
    assert_eq!(transport.asked()[4].header("x-amz-copy-source"), Some("/uploads/upload"));
    assert_eq!(transport.asked()[4].header("x-amz-copy-source-if-match"), Some("\"e\""));
}

#[tokio::test]
async fn deleting_2500_keys_is_three_requests() {
    let transport = Scripted::new(|_| Reply::status(200).body("<DeleteResult/>"));
    let keys = (0..2_500).map(|n| RawKey::new(format!("k{n}"))).collect();
    transport.storage().delete_many(keys).await.unwrap().into_result().unwrap();
    assert_eq!(transport.lines(), ["POST /photos?delete="; 3]);
    assert!(transport.asked().iter().all(|asked| asked.header("content-md5").is_some()));
}

#[tokio::test]
async fn a_listing_is_one_request_a_page_and_none_ahead() {
    let transport = Scripted::new(|asked| {
        let page =
            ["one", "two", "three"].iter().position(|token| asked.query.contains(token)).map_or(0, |n| n + 1);
        let keys = 0..if page == 2 { 500 } else { 1_000 };
        let contents: Vec<_> =
            keys.map(|n| format!("<Contents><Key>k{page}-{n:04}</Key><Size>1</Size></Contents>")).collect();
        let contents = contents.concat();
        let next = ["one", "two"].get(page).map_or(String::new(), |token| {
            format!("<IsTruncated>true</IsTruncated><NextContinuationToken>{token}</NextContinuationToken>")
        });
        Reply::status(200).body(format!("<ListBucketResult>{contents}{next}</ListBucketResult>"))
    });
    let mut listing = transport.storage().list(ListOptions::new());
    assert!(transport.asked().is_empty());
    assert!(listing.next().await.unwrap().is_ok());
    assert_eq!(transport.asked().len(), 1);
    assert_eq!(listing.filter(|item| std::future::ready(item.is_ok())).count().await, 2_499);
    assert_eq!(transport.asked().len(), 3);
}

#[tokio::test]
async fn only_the_first_save_pays_for_a_missing_bucket() {
    let mut is_there = false;
    let transport = Scripted::new(move |asked| match asked.path.as_str() {
        "/photos" => {
            is_there = true;
            Reply::status(200)
        }
        _ if is_there => Reply::stored(),
        _ => Reply::error(404, "NoSuchBucket"),
    });
    let storage = transport.builder().create_bucket_on_save().build().unwrap();
    for name in ["a", "b"] {
        storage.put(&key(name), Body::from("x"), PutOptions::new()).await.unwrap();
    }
    assert_eq!(transport.lines(), ["PUT /photos/a", "PUT /photos", "PUT /photos/a", "PUT /photos/b"]);
}
