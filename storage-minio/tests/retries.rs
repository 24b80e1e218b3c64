//! What is sent again, and how an earlier success is told from a loss.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use storage_core::options::PutMode;
use storage_core::{Body, Bucket, ETag, ErrorKind, GetOptions, PutOptions, Storage};
use storage_minio::transport::TransportFault;
use storage_minio::{ClientOptions, MinioStorage, RetryOptions};
use support::{End, Reply, Scripted, key, multipart};
use tokio::time::Instant;

async fn put(
    storage: &MinioStorage,
    mode: PutMode,
) -> storage_core::Result<storage_core::outcome::PutOutcome> {
    storage.put(&key("a"), Body::from("content"), PutOptions::new().mode(mode)).await
}

#[tokio::test(start_paused = true)]
async fn what_is_transient_is_sent_again_with_the_same_body() {
    let failures = || {
        [
            Reply::status(500),
            Reply::error(503, "SlowDown"),
            Reply::status(502),
            Reply::status(504),
            Reply::status(429),
            Reply::error(400, "RequestTimeout"),
            Reply::error(409, "ConditionalRequestConflict"),
            Reply::Fails(TransportFault::Broken),
            Reply::Fails(TransportFault::Connect),
            Reply::Fails(TransportFault::Resolve),
            Reply::error(200, "InternalError"),
            Reply::error(400, "XAmzContentSHA256Mismatch"),
        ]
    };
    for failure in failures() {
        let transport = Scripted::replies([failure, Reply::stored()]);
        put(&transport.storage(), PutMode::Overwrite).await.unwrap();
        let asked = transport.asked();
        assert_eq!((asked.len(), &asked[0].body, &asked[1].body), (2, &"content".into(), &"content".into()));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_final_is_not() {
    for (reply, kind) in [
        (Reply::error(403, "AccessDenied"), ErrorKind::PermissionDenied),
        (Reply::error(404, "NoSuchBucket"), ErrorKind::BucketMissing),
        (Reply::error(501, "NotImplemented"), ErrorKind::Unsupported),
        (Reply::status(301).header("x-amz-bucket-region", "eu-west-1"), ErrorKind::WrongRegion),
        (Reply::status(302).header("location", "http://elsewhere/"), ErrorKind::Other),
        (Reply::Fails(TransportFault::Tls), ErrorKind::Unavailable),
    ] {
        let transport = Scripted::replies([reply]);
        let error = put(&transport.storage(), PutMode::Create).await.unwrap_err();
        assert_eq!((error.kind(), transport.asked().len()), (kind, 1), "{error}");
        assert_eq!((error.operation(), error.key(), error.store()), (Some("put"), Some("a"), Some("photos")));
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_given_up_after_the_count_and_in_bounded_time() {
    let transport = Scripted::new(|_| Reply::error(503, "SlowDown"));
    let error = put(&transport.storage(), PutMode::Create).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Throttled, true));
    let writes = transport.lines().iter().filter(|line| line.starts_with("PUT")).count();
    assert_eq!(writes, 4);

    let refused = Scripted::new(|_| Reply::Fails(TransportFault::ConnectTimeout));
    let options = ClientOptions::new().retry(RetryOptions::none());
    let storage = refused.builder().client_options(options).build().unwrap();
    assert_eq!(put(&storage, PutMode::Create).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(refused.asked().len(), 1);

    let hanging = Scripted::new(|_| Reply::Hangs);
    let started = Instant::now();
    assert_eq!(put(&hanging.storage(), PutMode::Create).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert!(started.elapsed() <= Duration::from_secs(71), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_servers_wish_to_wait_is_honoured_or_reported() {
    let slow = |seconds: u64| Reply::error(503, "SlowDown").header("retry-after", seconds);
    let transport = Scripted::replies([slow(7), Reply::stored()]);
    let started = Instant::now();
    put(&transport.storage(), PutMode::Overwrite).await.unwrap();
    assert!((7..9).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());

    let transport = Scripted::replies([slow(3_600)]);
    assert_eq!(put(&transport.storage(), PutMode::Overwrite).await.unwrap_err().kind(), ErrorKind::Throttled);
}

/// Takes the first write and loses its answer; then refuses, and shows what `of_whom` says is stored.
fn lost_answer(of_whom: &'static str) -> Arc<Scripted> {
    let mut stored_id = None;
    Scripted::new(move |asked| match asked.method.as_str() {
        "PUT" if stored_id.is_none() => {
            stored_id = Some(asked.header("x-amz-meta-storage-save-id").unwrap().to_owned());
            Reply::Fails(TransportFault::Broken)
        }
        "PUT" => Reply::error(412, "PreconditionFailed"),
        _ if of_whom == "mine" => Reply::status(200)
            .header("content-length", 7)
            .header("etag", "\"mine\"")
            .header("x-amz-meta-storage-save-id", stored_id.as_ref().unwrap()),
        _ => Reply::status(200).header("content-length", 7).header("x-amz-meta-storage-save-id", "theirs"),
    })
}

#[tokio::test(start_paused = true)]
async fn a_repeated_create_knows_its_own_earlier_success() {
    for mode in [PutMode::Create, PutMode::IfMatch(ETag::new("x"))] {
        let transport = lost_answer("mine");
        let outcome = put(&transport.storage(), mode).await.unwrap();
        assert_eq!((outcome.etag, outcome.size), (Some(ETag::new("mine")), 7));
        assert_eq!(transport.lines(), ["PUT /photos/a", "PUT /photos/a", "HEAD /photos/a"]);
    }
}

type Failure = fn() -> Reply;

/// Takes the write, gives no answer in time to any attempt, and then shows what is stored.
fn never_answered(failure: Failure, is_stored: bool) -> Arc<Scripted> {
    let mut stored_id = String::new();
    Scripted::new(move |asked| match asked.method.as_str() {
        "PUT" => {
            asked.header("x-amz-meta-storage-save-id").unwrap().clone_into(&mut stored_id);
            failure()
        }
        _ if is_stored => Reply::status(200)
            .header("content-length", 7)
            .header("etag", "\"mine\"")
            .header("x-amz-meta-storage-save-id", &stored_id),
        _ => Reply::error(404, "NoSuchKey"),
    })
}

#[tokio::test(start_paused = true)]
async fn a_write_whose_last_answer_was_lost_is_looked_for_once() {
    let failures: [(Failure, ErrorKind, usize); 4] = [
        (|| Reply::Hangs, ErrorKind::Timeout, 1),
        (|| Reply::Fails(TransportFault::Broken), ErrorKind::Unavailable, 4),
        (|| Reply::status(500), ErrorKind::Unavailable, 4),
        (|| Reply::error(503, "SlowDown"), ErrorKind::Throttled, 4),
    ];
    for (failure, kind, attempts) in failures {
        for mode in [PutMode::Create, PutMode::IfMatch(ETag::new("x"))] {
            let stored = never_answered(failure, true);
            assert_eq!(put(&stored.storage(), mode.clone()).await.unwrap().etag, Some(ETag::new("mine")));
            let lost = never_answered(failure, false);
            assert_eq!(put(&lost.storage(), mode).await.unwrap_err().kind(), kind);
            for transport in [stored, lost] {
                let mut lines = transport.lines();
                assert_eq!(lines.pop().unwrap(), "HEAD /photos/a");
                assert_eq!(lines, vec!["PUT /photos/a"; attempts]);
            }
        }
    }
}

/// Refuses the repetition of a create, and then shows nothing, or only at the second look what is there.
#[tokio::test(start_paused = true)]
async fn a_key_with_nothing_under_it_is_never_taken() {
    for (appears, kind) in [(false, ErrorKind::Unavailable), (true, ErrorKind::AlreadyExists)] {
        let (mut is_first, mut looks) = (true, 0);
        let transport = Scripted::new(move |asked| match asked.method.as_str() {
            "PUT" if std::mem::take(&mut is_first) => Reply::Fails(TransportFault::Broken),
            "PUT" => Reply::error(412, "PreconditionFailed"),
            _ => {
                looks += 1;
                match appears && looks > 1 {
                    true => Reply::status(200).header("content-length", 7).header("etag", "\"theirs\""),
                    false => Reply::error(404, "NoSuchKey"),
                }
            }
        });
        let error = put(&transport.storage(), PutMode::Create).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (kind, !appears), "{error}");
        assert_eq!(transport.lines()[2..], ["HEAD /photos/a", "HEAD /photos/a"]);
    }
    // Of a replacement it is the truth.
    let mut is_first = true;
    let gone = Scripted::new(move |asked| match asked.method.as_str() {
        "PUT" if std::mem::take(&mut is_first) => Reply::Fails(TransportFault::Broken),
        "PUT" => Reply::error(412, "PreconditionFailed"),
        _ => Reply::error(404, "NoSuchKey"),
    });
    let error = put(&gone.storage(), PutMode::IfMatch(ETag::new("x"))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PreconditionFailed);
}

/// "Taken" would have a bucket store a second copy under another name.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_looked_for_is_never_taken() {
    let looks: [(Failure, ErrorKind); 3] = [
        (|| Reply::Hangs, ErrorKind::Timeout),
        (|| Reply::status(500), ErrorKind::Unavailable),
        (|| Reply::status(403), ErrorKind::PermissionDenied),
    ];
    for (look, kind) in looks {
        let mut is_first = true;
        let transport = Scripted::new(move |asked| match asked.method.as_str() {
            "PUT" if std::mem::take(&mut is_first) => Reply::Fails(TransportFault::Broken),
            "PUT" => Reply::error(412, "PreconditionFailed"),
            "GET" => Reply::status(200).body("<ListBucketResult/>"),
            _ => look(),
        });
        let started = Instant::now();
        let bucket = Bucket::new(Arc::new(transport.storage()));
        assert_eq!(bucket.save("a", "content").await.unwrap_err().kind(), kind);
        assert!(started.elapsed() <= Duration::from_secs(11), "{:?}", started.elapsed());
        assert_eq!(transport.lines()[..3], ["PUT /photos/a", "PUT /photos/a", "HEAD /photos/a"]);
        assert_eq!(transport.lines().iter().filter(|line| line.starts_with("PUT")).count(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn and_somebody_elses_from_its_own() {
    let error = put(&lost_answer("theirs").storage(), PutMode::Create).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    let error = put(&lost_answer("theirs").storage(), PutMode::IfMatch(ETag::new("x"))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PreconditionFailed);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_at_once_is_a_loss_without_a_look() {
    let transport = Scripted::replies([Reply::error(412, "PreconditionFailed")]);
    assert!(put(&transport.storage(), PutMode::Create).await.unwrap_err().is_already_exists());
    // A connection that never came about cannot have stored anything either.
    let transport =
        Scripted::replies([Reply::Fails(TransportFault::Connect), Reply::error(412, "PreconditionFailed")]);
    assert!(put(&transport.storage(), PutMode::Create).await.unwrap_err().is_already_exists());
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_never_reported_as_taken() {
    let transport = Scripted::new(|_| Reply::error(409, "ConditionalRequestConflict"));
    let error = put(&transport.storage(), PutMode::Create).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unavailable, true));
}

#[tokio::test(start_paused = true)]
async fn a_completion_whose_answer_was_lost_is_verified() {
    let mut id = String::new();
    let transport = multipart(move |asked| match (asked.method.as_str(), asked.query.as_str()) {
        ("POST", "uploads=") => {
            asked.header("x-amz-meta-storage-save-id").unwrap().clone_into(&mut id);
            None
        }
        ("POST", _) => Some(Reply::Fails(TransportFault::Broken)),
        ("HEAD", _) => {
            Some(Reply::status(200).header("content-length", 1).header("x-amz-meta-storage-save-id", &id))
        }
        _ => None,
    });
    let body = Body::from(vec![1; 6 * 1024 * 1024]);
    transport.storage().put(&key("a"), body, PutOptions::new().mode(PutMode::Create)).await.unwrap();
    assert!(transport.asked().iter().all(|asked| asked.method != "DELETE"), "{:?}", transport.lines());
}

fn whole(then: End, sent: &'static str) -> Reply {
    Reply::status(200).header("content-length", 10).header("etag", "\"e\"").body(sent).then(then)
}

fn rest(from: u64, sent: &'static str, then: End) -> Reply {
    Reply::status(206)
        .header("content-range", format!("bytes {from}-9/10"))
        .header("etag", "\"e\"")
        .body(sent)
        .then(then)
}

async fn read(transport: &Arc<Scripted>) -> storage_core::Result<bytes::Bytes> {
    let options = ClientOptions::new().read_timeout(Duration::from_secs(10));
    let storage = transport.builder().client_options(options).build()?;
    storage.get(&key("a"), GetOptions::new()).await?.into_object()?.bytes().await
}

#[tokio::test(start_paused = true)]
async fn a_read_that_breaks_goes_on_where_it_broke() {
    for end in [End::Breaks, End::Hangs, End::Complete] {
        let transport =
            Scripted::replies([whole(end, "0123"), rest(4, "45", end), rest(6, "6789", End::Complete)]);
        assert_eq!(read(&transport).await.unwrap(), "0123456789");
        let asked = transport.asked();
        assert_eq!(
            (asked[1].header("range"), asked[1].header("if-match")),
            (Some("bytes=4-9"), Some("\"e\""))
        );
        assert_eq!(asked[2].header("range"), Some("bytes=6-9"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_that_stands_still_again_and_again_is_given_up_within_the_budget() {
    let transport = Scripted::new(|asked| match asked.header("range") {
        None => whole(End::Hangs, "0"),
        Some(range) => {
            let from: u64 = range["bytes=".len()..].split_once('-').unwrap().0.parse().unwrap();
            rest(from, "1", End::Hangs)
        }
    });
    let began = Instant::now();
    assert_eq!(read(&transport).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert!(began.elapsed() <= Duration::from_secs(55), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_read_that_gets_no_answer_is_sent_again_within_the_budget() {
    let mut first = true;
    let once = Scripted::new(move |_| match std::mem::take(&mut first) {
        true => Reply::Hangs,
        false => whole(End::Complete, "0123456789"),
    });
    assert_eq!(read(&once).await.unwrap(), "0123456789");
    let always = Scripted::new(|_| Reply::Hangs);
    let began = Instant::now();
    let error = always.storage().get(&key("a"), GetOptions::new()).await.unwrap_err();
    assert_eq!((error.kind(), always.asked().len()), (ErrorKind::Timeout, 2));
    assert!(began.elapsed() <= Duration::from_secs(61), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_completion_that_was_repeated_looks_for_its_own_success_whatever_it_is_told() {
    let mut id = String::new();
    let mut completed = false;
    let transport = multipart(move |asked| match (asked.method.as_str(), asked.query.as_str()) {
        ("POST", "uploads=") => {
            asked.header("x-amz-meta-storage-save-id").unwrap().clone_into(&mut id);
            None
        }
        ("POST", _) if !std::mem::replace(&mut completed, true) => Some(Reply::Fails(TransportFault::Broken)),
        // The upload is gone, and the document that says so is cut short.
        ("POST", _) => Some(Reply::status(404)),
        ("HEAD", _) => {
            Some(Reply::status(200).header("content-length", 1).header("x-amz-meta-storage-save-id", &id))
        }
        _ => None,
    });
    let body = Body::from(vec![1; 6 * 1024 * 1024]);
    transport.storage().put(&key("a"), body, PutOptions::new()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_read_of_what_was_replaced_is_an_error() {
    for second in [
        Reply::error(412, "PreconditionFailed"),
        Reply::status(206).header("content-range", "bytes 4-9/10").header("etag", "\"other\"").body("xxxxxx"),
    ] {
        let transport = Scripted::replies([whole(End::Breaks, "0123"), second]);
        let error = read(&transport).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::PreconditionFailed, true));
        assert_eq!((error.operation(), error.key()), (Some("get"), Some("a")));
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_never_ends_as_if_complete() {
    let breaking = Scripted::new(|asked| match asked.header("range") {
        None => whole(End::Breaks, "0123"),
        Some(_) => rest(4, "", End::Breaks),
    });
    assert_eq!(read(&breaking).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(breaking.asked().len(), 1 + 3);

    let untagged =
        Scripted::replies([Reply::status(200).header("content-length", 10).body("0123").then(End::Breaks)]);
    assert_eq!(read(&untagged).await.unwrap_err().kind(), ErrorKind::Unavailable);

    let whole_again = Scripted::replies([whole(End::Breaks, "0123"), whole(End::Complete, "0123456789")]);
    assert_eq!(read(&whole_again).await.unwrap_err().kind(), ErrorKind::Corrupt);
}

#[tokio::test(start_paused = true)]
async fn a_limit_on_the_whole_request_holds_for_the_content_too() {
    let transport = Scripted::new(|_| whole(End::Hangs, "0123"));
    let options = ClientOptions::new().request_timeout(Duration::from_secs(5));
    let storage = transport.builder().client_options(options).build().unwrap();
    let started = Instant::now();
    let found = storage.get(&key("a"), GetOptions::new()).await.unwrap().into_object().unwrap();
    assert_eq!(found.bytes().await.unwrap_err().kind(), ErrorKind::Timeout);
    assert!(started.elapsed() < Duration::from_secs(6), "{:?}", started.elapsed());
}
