//! Large objects: nothing is left behind, and nothing is overwritten.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::SERVER;
use http::{HeaderValue, Method};
use s3_testserver::{Effect, Fault, RequestRecord, TestServer};
use sha2::{Digest, Sha256};
use storage_core::options::{Checksum, PutMode};
use storage_core::{Body, CopyOptions, ErrorKind, PutOptions, Storage};
use storage_minio::MinioStorage;
use storage_minio::transport::TransportFault;
use support::{Reply, Scripted, key, multipart, multipart_by};
use tokio::time::Instant;

const MIB: usize = 1024 * 1024;

fn large() -> Body {
    Body::from(vec![1; 12 * MIB])
}

fn stream_of(chunks: usize) -> Body {
    Body::from_stream(stream::iter((0..chunks).map(|_| Ok::<_, io::Error>(Bytes::from(vec![2; MIB])))))
}

fn last(transport: &Scripted) -> String {
    transport.lines().pop().unwrap()
}

#[tokio::test]
async fn a_stream_of_unknown_length_is_stored_whole() {
    let transport = multipart(|_| None);
    let outcome = transport.storage().put(&key("a"), stream_of(12), PutOptions::new()).await.unwrap();
    assert_eq!(outcome.size, 12 * MIB as u64);
    let sent: usize = transport.asked().iter().filter(|a| a.method == "PUT").map(|a| a.body.len()).sum();
    assert_eq!(sent, 12 * MIB);
}

#[tokio::test]
async fn a_file_is_sent_in_parts_that_are_its_bytes() {
    let content: Vec<u8> = (0..=250).cycle().take(11 * MIB + 3).collect();
    let mut file = tempfile::tempfile().unwrap();
    io::Write::write_all(&mut file, &content).unwrap();
    io::Seek::rewind(&mut file).unwrap();
    let transport = multipart(|_| None);
    transport.storage().put(&key("a"), Body::from_file(file).unwrap(), PutOptions::new()).await.unwrap();
    let mut parts: Vec<_> = transport.asked().into_iter().filter(|asked| asked.method == "PUT").collect();
    parts.sort_by(|a, b| a.query.cmp(&b.query));
    assert_eq!(parts.len(), 3);
    assert!(parts.iter().flat_map(|part| &part.body).eq(&content));
}

#[tokio::test(start_paused = true)]
async fn every_failure_aborts_the_upload() {
    let refused = |what: &'static str, reply: fn() -> Reply| {
        multipart(move |asked| asked.line().contains(what).then(reply).filter(|_| asked.method != "DELETE"))
    };
    for (transport, kind) in [
        (refused("partNumber=2", || Reply::error(403, "AccessDenied")), ErrorKind::PermissionDenied),
        (refused("partNumber=3", || Reply::Fails(TransportFault::Broken)), ErrorKind::Unavailable),
        (refused("partNumber=1&", || Reply::status(200)), ErrorKind::Corrupt),
        (refused("a?uploadId=", || Reply::error(412, "PreconditionFailed")), ErrorKind::AlreadyExists),
        (refused("a?uploadId=", || Reply::error(200, "InvalidPart")), ErrorKind::Corrupt),
    ] {
        let error = transport
            .storage()
            .put(&key("a"), large(), PutOptions::new().mode(PutMode::Create))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(last(&transport), "DELETE /photos/a?uploadId=up-1");
    }
}

#[tokio::test]
async fn a_body_that_fails_or_lies_about_its_length_leaves_nothing() {
    let failing = stream::iter((0..8).map(|_| Ok(Bytes::from(vec![2; MIB]))))
        .chain(stream::iter([Err(io::Error::other("the client went away"))]));
    for (body, kind) in [
        (Body::from_stream(failing), ErrorKind::Other),
        (stream_of(8).with_length(9 * MIB as u64), ErrorKind::InvalidInput),
        (stream_of(9).with_length(8 * MIB as u64), ErrorKind::InvalidInput),
    ] {
        let transport = multipart(|_| None);
        let error = transport.storage().put(&key("a"), body, PutOptions::new()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(last(&transport), "DELETE /photos/a?uploadId=up-1");
    }
    let transport = Scripted::replies([]);
    let small = Body::from_stream(stream::iter([Ok::<_, io::Error>(Bytes::from("abc"))])).with_length(4);
    let error = transport.storage().put(&key("a"), small, PutOptions::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_file_that_shrinks_is_the_callers_error() {
    let mut file = tempfile::tempfile().unwrap();
    io::Write::write_all(&mut file, &[1; 100]).unwrap();
    io::Seek::rewind(&mut file).unwrap();
    let body = Body::from_file(file.try_clone().unwrap()).unwrap();
    file.set_len(50).unwrap();
    let transport = Scripted::new(|_| Reply::status(200));
    let error = transport.storage().put(&key("a"), body, PutOptions::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(transport.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_save_that_is_dropped_aborts_its_upload() {
    for (dropped, hanging) in
        [("at once", "partNumber="), ("later", "partNumber=2"), ("later", "a?uploadId=")]
    {
        let transport = multipart(move |asked| {
            (asked.line().contains(hanging) && asked.method != "DELETE").then_some(Reply::Hangs)
        });
        let storage = Arc::new(transport.storage());
        let saving = {
            let storage = Arc::clone(&storage);
            tokio::spawn(async move { storage.put(&key("a"), large(), PutOptions::new()).await })
        };
        // Dropped right after it was begun, or while a request hangs.
        match dropped {
            "at once" => {
                while transport.asked().is_empty() {
                    tokio::task::yield_now().await;
                }
            }
            _ => tokio::time::sleep(Duration::from_secs(1)).await,
        }
        saving.abort();
        assert!(saving.await.unwrap_err().is_cancelled());
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(last(&transport), "DELETE /photos/a?uploadId=up-1", "{dropped}: {hanging}");
    }
}

#[tokio::test]
async fn a_checksum_of_the_whole_is_checked_before_the_object_is() {
    let wrong = PutOptions::new().checksum(Checksum::Sha256([0; 32]));
    let transport = multipart(|_| None);
    let error = transport.storage().put(&key("a"), stream_of(6), wrong.clone()).await.unwrap_err();
    assert_eq!(
        (error.kind(), last(&transport).as_str()),
        (ErrorKind::Corrupt, "DELETE /photos/a?uploadId=up-1")
    );

    let untouched = Scripted::replies([]);
    let error = untouched.storage().put(&key("a"), large(), wrong).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);

    let right = PutOptions::new().checksum(Checksum::Sha256(Sha256::digest(vec![1; 12 * MIB]).into()));
    let checked = multipart(|_| None);
    checked.storage().put(&key("a"), large(), right).await.unwrap();
    let parts = checked.asked().into_iter().filter(|asked| asked.method == "PUT");
    assert!(
        parts.map(|part| part.header("content-md5").is_some()).eq([true; 3]),
        "the server checks each part"
    );
}

#[tokio::test]
async fn progress_counts_every_byte_once_and_ends_with_all() {
    for body in [large(), stream_of(12), Body::from(vec![1; 1_000])] {
        let seen: Arc<Mutex<Vec<_>>> = Arc::default();
        let options = PutOptions::new().progress({
            let seen = Arc::clone(&seen);
            move |progress| seen.lock().unwrap().push((progress.transferred, progress.total))
        });
        let transport = Arc::new(Mutex::new(0));
        let transport = {
            let failures = Arc::clone(&transport);
            multipart(move |asked| match asked.query.as_str() {
                "" => Some(Reply::stored()),
                query if query.starts_with("partNumber=2") && *failures.lock().unwrap() == 0 => {
                    *failures.lock().unwrap() = 1;
                    Some(Reply::status(500))
                }
                _ => None,
            })
        };
        let size = transport.storage().put(&key("a"), body, options).await.unwrap().size;
        let seen = seen.lock().unwrap();
        assert!(seen.is_sorted_by_key(|(transferred, _)| *transferred), "{seen:?}");
        assert_eq!(*seen.last().unwrap(), (size, Some(size)));
        assert!(seen.iter().all(|(transferred, _)| *transferred <= size));
    }
}

/// SeaweedFS lets several conditional completions succeed, but only one conditional copy.
#[tokio::test]
async fn where_completions_race_a_large_create_goes_aside_and_is_copied_to_its_place() {
    let transport = multipart_by("SeaweedFS 8000GB 4.48", |asked| match asked.method.as_str() {
        "PUT" if asked.query.is_empty() => {
            Some(Reply::status(200).body("<CopyObjectResult><ETag>\"copied\"</ETag></CopyObjectResult>"))
        }
        "DELETE" => Some(Reply::status(204)),
        _ => None,
    });
    let storage = transport.storage();
    let create = || PutOptions::new().mode(PutMode::Create);
    let outcome = storage.put(&key("d/a"), large(), create()).await.unwrap();
    assert_eq!(outcome.etag.unwrap(), "copied");

    let asked = transport.asked();
    // What was begun before the server was known is aborted.
    assert_eq!(asked[0].line(), "POST /photos/d/a?uploads=");
    assert_eq!(asked[1].line(), "DELETE /photos/d/a?uploadId=up-1");
    let aside = asked[2].path.clone();
    assert!(aside.starts_with("/photos/d/.staged/"), "{aside}");
    let completion =
        asked.iter().find(|asked| asked.query == "uploadId=up-1" && asked.method == "POST").unwrap();
    assert_eq!((completion.path.as_str(), completion.header("if-none-match")), (aside.as_str(), None));
    let [.., copy, delete] = asked.as_slice() else { panic!("too few requests") };
    assert_eq!((copy.line().as_str(), copy.header("if-none-match")), ("PUT /photos/d/a", Some("*")));
    assert_eq!(copy.header("x-amz-copy-source"), Some(aside.as_str()));
    assert_eq!(delete.line(), format!("DELETE {aside}"));

    // Now it is known, and costs a copy and a delete.
    let before = transport.asked().len();
    storage.put(&key("d/b"), large(), create()).await.unwrap();
    assert_eq!(transport.asked().len() - before, 1 + 3 + 1 + 2);
}

#[tokio::test]
async fn where_completions_race_losing_leaves_nothing_aside() {
    let transport = multipart_by("SeaweedFS 8000GB 4.48", |asked| match asked.method.as_str() {
        "HEAD" => Some(Reply::error(404, "NoSuchKey")),
        "PUT" if asked.query.is_empty() => Some(Reply::error(412, "PreconditionFailed")),
        "DELETE" => Some(Reply::status(204)),
        _ => None,
    });
    let storage = transport.storage();
    storage.stat(&key("a")).await.unwrap_err();
    let error = storage.put(&key("a"), large(), PutOptions::new().mode(PutMode::Create)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert!(last(&transport).starts_with("DELETE /photos/.staged/"), "{}", last(&transport));
}

#[tokio::test(start_paused = true)]
async fn what_is_aside_holds_nobody_up_where_it_cannot_be_deleted() {
    let transport = multipart(|asked| match asked.method.as_str() {
        "HEAD" => Some(Reply::error(404, "NoSuchKey").header("server", "SeaweedFS 8000GB 4.48")),
        "PUT" if asked.query.is_empty() => Some(Reply::error(412, "PreconditionFailed")),
        "DELETE" => Some(Reply::Hangs),
        _ => None,
    });
    let storage = transport.storage();
    storage.stat(&key("a")).await.unwrap_err();
    let began = Instant::now();
    let error = storage.put(&key("a"), large(), PutOptions::new().mode(PutMode::Create)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert!(began.elapsed() <= Duration::from_secs(4), "{:?}", began.elapsed());
}

/// Behind a proxy that drops its name.
#[tokio::test]
async fn seaweedfs_is_known_by_its_ids_of_uploads_too() {
    const ID: &str = "1cf1f856e0d33c8a394780ba3877c0685339b2ca_94e5f32529244de5903aecffb5d5a8a4";
    let transport = Scripted::new(|asked| match (asked.method.as_str(), asked.query.as_str()) {
        ("HEAD", _) => Reply::status(200).header("content-length", 5).header("etag", "\"e\""),
        ("POST", "uploads=") => Reply::status(200).body(format!(
            "<InitiateMultipartUploadResult><UploadId>{ID}</UploadId></InitiateMultipartUploadResult>"
        )),
        ("PUT", "") => {
            Reply::status(200).body("<CopyObjectResult><ETag>\"copied\"</ETag></CopyObjectResult>")
        }
        ("PUT", _) => Reply::stored(),
        ("POST", _) => Reply::status(200)
            .body("<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>"),
        _ => Reply::status(204),
    });
    let create = PutOptions::new().mode(PutMode::Create);
    let outcome = transport.storage().put(&key("a"), large(), create).await.unwrap();
    assert_eq!(outcome.etag.unwrap(), "copied");
    assert_eq!(
        transport.lines()[..2],
        ["POST /photos/a?uploads=".to_owned(), format!("DELETE /photos/a?uploadId={ID}")]
    );

    let before = transport.asked().len();
    let copying = CopyOptions::new().if_absent();
    transport.storage().copy(&key("a"), &key("b"), copying).await.unwrap();
    let lines = transport.lines().split_off(before);
    assert_eq!(
        lines,
        [
            "HEAD /photos/a",
            "POST /photos/b?uploads=",
            &format!("DELETE /photos/b?uploadId={ID}"),
            "PUT /photos/b"
        ]
    );
    assert_eq!(transport.asked().last().unwrap().header("if-none-match"), Some("*"));
}

/// A completion cannot be called back: what it makes aside is deleted after it.
#[tokio::test]
async fn a_save_that_is_dropped_while_it_is_completed_aside_leaves_nothing_there() {
    let server = TestServer::start().await;
    server.create_bucket("photos");
    let storage = MinioStorage::builder()
        .endpoint(server.endpoint())
        .credentials(server.access_key(), server.secret_key())
        .bucket("photos")
        .part_size(5 * MIB as u64)
        .multipart_threshold(5 * MIB as u64)
        .build()
        .unwrap();
    let slow =
        Fault::new(Effect::Delay(Duration::from_millis(300))).method(Method::POST).target("?uploadId=");
    let completing = server.inject(slow);
    let name = HeaderValue::from_static("SeaweedFS 8000GB 4.48");
    server.inject(Fault::new(Effect::Header(SERVER, name)).always());
    let saving = tokio::spawn(async move {
        storage.put(&key("a"), large(), PutOptions::new().mode(PutMode::Create)).await
    });
    let wait_for = async |done: &dyn Fn() -> bool| {
        for _ in 0..1_000 {
            if done() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never came to that");
    };
    wait_for(&|| completing.count() == 1).await;
    saving.abort();
    assert!(saving.await.unwrap_err().is_cancelled());
    let deleted_aside = |asked: &RequestRecord| {
        let is_object = asked.target.contains(".staged") && !asked.target.contains("uploadId");
        is_object && asked.method == Method::DELETE && asked.status == Some(204)
    };
    wait_for(&|| server.requests().all().iter().any(deleted_aside)).await;
    let keys: Vec<_> = server.objects("photos").into_iter().map(|(key, _)| key).collect();
    assert_eq!((keys, server.uploads("photos")), (vec!["a".to_owned()], 0));
}
