//! Whether the server honours conditions on writes: found out before anything can be lost, each kind of write by itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod server;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use server::{
    ALL, HONOURED, IGNORED, LARGE, Winners, answers, auto, copy_if_absent, create, except, left, others,
    probed, purpose, put_large, unknown,
};
use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::{Body, Bucket, Collision, ETag, ErrorKind, PutOptions, Result, SaveOptions, Storage};
use storage_minio::transport::TransportFault;
use storage_minio::{ConditionalWrites, MinioStorage};
use support::{Asked, Reply, Scripted, key};

const DEPENDENT: [Ability; 3] = [Ability::CreateIfAbsent, Ability::PutIfMatch, Ability::CopyIfAbsent];

#[tokio::test]
async fn a_server_that_honours_them_is_asked_once() {
    let transport = unknown(HONOURED);
    let storage = auto(&transport);
    assert_eq!(storage.capabilities(), storage.capabilities().with(Ability::CreateIfAbsent));
    create(&storage, "a").await.unwrap();
    create(&storage, "b").await.unwrap();
    assert!(DEPENDENT.iter().all(|ability| storage.capabilities().has(*ability)));
    assert_eq!(storage.probe().await.unwrap(), storage.capabilities());
    assert_eq!(others(&transport), ["HEAD /photos", "PUT /photos/a", "PUT /photos/b"]);
    assert_eq!(probed(&transport), BTreeMap::from([("create", 8), ("replace", 8), ("delete", 1)]));
    assert!(left(&transport).is_empty());
    let asked = transport.asked();
    let racers: BTreeSet<_> = asked[1..17].iter().map(|asked| asked.body.clone()).collect();
    assert_eq!(racers.len(), 16, "each has an ETag of its own");
    assert_eq!(asked[9].header("if-match"), Some("\"e-2\""), "of the one that has won");
}

#[tokio::test(start_paused = true)]
async fn completions_are_found_out_by_themselves_when_they_are_needed() {
    let transport = unknown(HONOURED);
    let storage = auto(&transport);
    create(&storage, "a").await.unwrap();
    let before = transport.asked().len();
    put_large(&storage, PutMode::Create).await.unwrap();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let asked = probed(&transport);
    for (purpose, count) in
        [("begin", 8), ("part", 8), ("complete if absent", 8), ("abort", 14), ("delete", 2)]
    {
        assert_eq!(asked.get(purpose), Some(&count), "{purpose} of {asked:?}");
    }
    assert_eq!(transport.asked().len() - before, 8 + 8 + 8 + 14 + 1 + 4, "and the upload itself");
    // A copy rests upon the same.
    copy_if_absent(&storage).await.unwrap();
    put_large(&storage, PutMode::Create).await.unwrap_err();
    assert_eq!(probed(&transport), asked);
    // Replacing is another matter.
    put_large(&storage, PutMode::IfMatch(ETag::new("e"))).await.unwrap();
    assert_eq!(probed(&transport).get("complete if match"), Some(&8));
    assert!(left(&transport).is_empty());
}

#[tokio::test]
async fn where_completions_are_not_to_be_relied_on_a_copy_decides() {
    for wins in [ALL, 3] {
        let transport = unknown(Winners { creating_in_parts: wins, ..HONOURED });
        let storage = auto(&transport);
        put_large(&storage, PutMode::Create).await.unwrap();
        copy_if_absent(&storage).await.unwrap();
        assert_eq!(probed(&transport).get("copy if absent"), Some(&8));
        let asked = transport.asked();
        let decided: Vec<_> = asked
            .iter()
            .filter(|asked| !asked.path.contains(".probe") && purpose(asked).ends_with("if absent"))
            .map(Asked::line)
            .collect();
        assert_eq!(decided, ["PUT /photos/large", "PUT /photos/b"]);
        assert!(left(&transport).is_empty());
    }
}

#[tokio::test]
async fn where_nothing_decides_only_small_objects_are_created() {
    let transport = unknown(Winners { creating_in_parts: ALL, copying: 2, ..HONOURED });
    let storage = Arc::new(auto(&transport));
    create(&storage, "a").await.unwrap();
    let before = others(&transport).len();
    let error = put_large(&storage, PutMode::Create).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Unsupported, Some("put")), "{error}");
    assert_eq!(copy_if_absent(&storage).await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(others(&transport)[before..], ["HEAD /photos/a"], "nothing was sent");
    assert!(!storage.capabilities().has(Ability::CopyIfAbsent));
    assert!(storage.capabilities().has(Ability::CreateIfAbsent));
    // A bucket gives the large ones a suffix, and a stream that can be read once too.
    let bucket = Bucket::new(Arc::clone(&storage) as Arc<dyn Storage>);
    assert_eq!(bucket.save("small.bin", "x").await.unwrap().key.as_str(), "small.bin");
    let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(vec![1; LARGE].into())]);
    for body in [Body::from(vec![1; LARGE]), Body::from_stream(stream)] {
        let saved = bucket.save("large.bin", body).await.unwrap();
        assert!(saved.key.as_str().starts_with("large_"), "{}", saved.key);
    }
    assert!(left(&transport).is_empty());
}

#[tokio::test]
async fn a_large_object_is_replaced_only_where_that_is_atomic() {
    let transport = unknown(Winners { replacing_in_parts: 2, ..HONOURED });
    let storage = auto(&transport);
    let error = put_large(&storage, PutMode::IfMatch(ETag::new("e"))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert!(error.message().contains("large"), "{error}");
    assert!(others(&transport).iter().all(|line| !line.contains("large")), "nothing was sent");
    put_large(&storage, PutMode::Create).await.unwrap();
    assert!(left(&transport).is_empty());
}

/// What some versions of `SeaweedFS` did.
#[tokio::test]
async fn one_that_checks_but_not_atomically_counts_as_ignoring() {
    for wins in [2, 7] {
        let transport = unknown(Winners { creating: wins, ..HONOURED });
        assert_eq!(create(&auto(&transport), "a").await.unwrap_err().kind(), ErrorKind::Unsupported);
        assert_eq!(probed(&transport), BTreeMap::from([("create", 8), ("delete", 1)]));
    }
    let replaced = unknown(Winners { replacing: 2, ..HONOURED });
    let able = auto(&replaced).probe().await.unwrap();
    assert_eq!(DEPENDENT.map(|ability| able.has(ability)), [true, false, true]);
}

#[tokio::test]
async fn at_one_that_ignores_them_nothing_is_sent_on_a_condition() {
    let transport = unknown(IGNORED);
    let storage = auto(&transport);
    let error = create(&storage, "a").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation(), error.key()),
        (ErrorKind::Unsupported, Some("put"), Some("a"))
    );
    assert!(
        error.message().contains("ignores conditions") && error.hint().unwrap().contains("rename"),
        "{error}"
    );
    let matching = PutOptions::new().mode(PutMode::IfMatch(ETag::new("e")));
    let error = storage.put(&key("a"), Body::from("x"), matching).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(copy_if_absent(&storage).await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(put_large(&storage, PutMode::Create).await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(others(&transport), ["HEAD /photos"]);
    assert_eq!(probed(&transport), BTreeMap::from([("create", 8), ("delete", 1)]));
    assert!(DEPENDENT.iter().all(|ability| !storage.capabilities().has(*ability)));
}

#[tokio::test]
async fn a_bucket_then_gives_every_name_a_suffix_and_rejects_nothing_it_cannot() {
    let transport = unknown(IGNORED);
    let bucket = Bucket::new(Arc::new(auto(&transport)));
    let saved = bucket.save("cat.jpg", "meow").await.unwrap();
    assert!(
        saved.key.as_str().starts_with("cat_")
            && saved.key.as_str().len() == "cat_1234567890123456.jpg".len()
    );
    assert_eq!(transport.asked().last().unwrap().header("if-none-match"), None);
    let before = transport.asked().len();
    let reject = SaveOptions::new().collision(Collision::Reject);
    let error = bucket.save_with("cat.jpg", "meow", reject).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation(), error.key()),
        (ErrorKind::Unsupported, Some("save"), Some("cat.jpg"))
    );
    let prefixed = bucket.prefixed("d").unwrap();
    assert!(prefixed.save("cat.jpg", "meow").await.unwrap().key.as_str().starts_with("cat_"));
    assert_eq!(transport.asked().len(), before + 1);
}

#[tokio::test]
async fn one_that_ignores_if_match_only_can_create() {
    let transport = unknown(Winners { replacing: ALL, ..HONOURED });
    let able = auto(&transport).probe().await.unwrap();
    assert_eq!(DEPENDENT.map(|ability| able.has(ability)), [true, false, true]);
}

#[tokio::test(start_paused = true)]
async fn where_it_cannot_be_tried_it_counts_as_ignoring_for_a_minute() {
    for denial in [|| Reply::error(403, "AccessDenied"), || Reply::error(501, "NotImplemented")] {
        let mut allowed_after = 8;
        let transport = except(HONOURED, move |_| {
            allowed_after = std::cmp::max(allowed_after, 1) - 1;
            (allowed_after > 0).then(denial)
        });
        let storage = auto(&transport);
        for _ in 0..2 {
            let error = create(&storage, "a").await;
            let Err(error) = error else { panic!("it was denied") };
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(error.hint().unwrap().contains(".probe/"), "{error:?}");
            tokio::time::sleep(Duration::from_secs(29)).await;
        }
        assert_eq!(others(&transport), ["HEAD /photos"]);
        assert_eq!(probed(&transport).get("create"), Some(&8));
        tokio::time::sleep(Duration::from_secs(3)).await;
        create(&storage, "a").await.unwrap();
        assert!(left(&transport).is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_the_callers_and_the_next_asks_again() {
    let failures: [(fn() -> Reply, ErrorKind); 4] = [
        (|| Reply::status(500), ErrorKind::Unavailable),
        (|| Reply::Hangs, ErrorKind::Timeout),
        (|| Reply::error(403, "SignatureDoesNotMatch"), ErrorKind::Unauthenticated),
        (|| Reply::error(404, "NoSuchBucket"), ErrorKind::BucketMissing),
    ];
    for (failure, kind) in failures {
        let mut is_down = true;
        let transport = except(HONOURED, move |_| std::mem::take(&mut is_down).then(failure));
        let options = storage_minio::ClientOptions::new().retry(storage_minio::RetryOptions::none());
        let builder = transport.builder().conditional_writes(ConditionalWrites::Auto);
        let storage = builder.client_options(options).build().unwrap();
        let error = create(&storage, "a").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.operation(), error.key()),
            (kind, Some("put"), Some("a")),
            "{error:?}"
        );
        assert!(std::error::Error::source(&error).is_some());
        // A write that failed may have been done all the same.
        assert!(left(&transport).is_empty());
        create(&storage, "a").await.unwrap();
        assert_eq!(others(&transport).pop().unwrap(), "PUT /photos/a");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_answer_at_all_is_written_nothing() {
    for (failure, kind) in [
        (TransportFault::Connect, ErrorKind::Unavailable),
        (TransportFault::Broken, ErrorKind::Unavailable),
        (TransportFault::ConnectTimeout, ErrorKind::Timeout),
    ] {
        let transport = Scripted::new(move |_| Reply::Fails(failure));
        assert_eq!(create(&auto(&transport), "a").await.unwrap_err().kind(), kind);
        assert!(transport.lines().iter().all(|line| line == "HEAD /photos"), "{:?}", transport.lines());
    }
}

#[tokio::test(start_paused = true)]
async fn all_who_wait_are_told_and_the_server_is_asked_once() {
    let transport = unknown(HONOURED);
    let storage = Arc::new(auto(&transport));
    let names: Vec<_> = (0..32).map(|n| format!("n{n}")).collect();
    let outcomes = join_all(names.iter().map(|name| create(&storage, name))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(transport.asked().len(), 1 + 17 + 32);

    let down = Scripted::new(|_| Reply::Hangs);
    let storage = auto(&down);
    let outcomes = join_all(names.iter().map(|name| create(&storage, name))).await;
    for (outcome, name) in outcomes.into_iter().zip(&names) {
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.key()), (ErrorKind::Timeout, Some(name.as_str())));
    }
    // A question may be asked again, but not by each of them.
    let lines = down.lines();
    assert!(lines.len() <= 4 && lines.iter().all(|line| line == "HEAD /photos"), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_leaves_the_answer_to_the_next_and_nothing_behind() {
    let mut writes = 0;
    let transport = except(HONOURED, move |_| {
        writes += 1;
        (writes == 2).then_some(Reply::Hangs)
    });
    let storage = auto(&transport);
    let cut = tokio::time::timeout(Duration::from_secs(1), create(&storage, "a")).await;
    assert!(cut.is_err());
    assert_eq!(transport.asked().len(), 9);
    // The next caller waits for the same answer.
    assert_eq!(create(&storage, "b").await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(probed(&transport), BTreeMap::from([("create", 8), ("delete", 1)]));
}

/// Begins a probe on a runtime that is blocked then, or gone.
fn asked_elsewhere(storage: &Arc<MinioStorage>, is_dropped: bool) -> Option<std::sync::mpsc::Sender<()>> {
    let storage = Arc::clone(storage);
    let (release, released) = std::sync::mpsc::channel::<()>();
    let (ready, is_ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            tokio::time::timeout(Duration::from_millis(200), create(&storage, "a")).await.unwrap_err();
        });
        if is_dropped {
            drop(runtime);
            ready.send(()).unwrap();
        } else {
            ready.send(()).unwrap();
            // Nothing in it moves on until the test has ended.
            let _ = released.recv();
        }
    });
    is_ready.recv().unwrap();
    (!is_dropped).then_some(release)
}

#[tokio::test]
async fn one_who_asked_on_a_runtime_that_stands_still_holds_nobody_up() {
    for is_dropped in [true, false] {
        let mut is_first = true;
        let transport = except(HONOURED, move |asked| {
            (purpose(asked) == "create" && std::mem::take(&mut is_first)).then_some(Reply::Hangs)
        });
        let storage = Arc::new(auto(&transport));
        let blocked = asked_elsewhere(&storage, is_dropped);
        let created = tokio::time::timeout(Duration::from_secs(60), create(&storage, "b")).await;
        created.unwrap().unwrap();
        if is_dropped {
            assert!(left(&transport).is_empty(), "what was cut off is deleted by the next one");
        }
        drop(blocked);
    }
}

/// Asks two servers that take turns at one address.
#[tokio::test]
async fn what_is_known_of_one_server_is_not_believed_of_another() {
    let is_minio = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let name = Arc::clone(&is_minio);
    let mut usual = answers(IGNORED);
    let transport = Scripted::new(move |asked| match name.load(std::sync::atomic::Ordering::Relaxed) {
        true => usual(asked).header("server", "MinIO").header("x-ratelimit-limit", 100),
        false => usual(asked),
    });
    let storage = auto(&transport);
    create(&storage, "a").await.unwrap();
    put_large(&storage, PutMode::Create).await.unwrap();
    assert!(probed(&transport).is_empty());
    is_minio.store(false, std::sync::atomic::Ordering::Relaxed);
    storage.stat(&key("a")).await.unwrap();
    assert_eq!(create(&storage, "b").await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert!(!storage.capabilities().has(Ability::CreateIfAbsent));
    is_minio.store(true, std::sync::atomic::Ordering::Relaxed);
    storage.stat(&key("a")).await.unwrap();
    create(&storage, "c").await.unwrap();
}

/// Old versions ignore conditions, and what they say of themselves is what those say that do not.
#[tokio::test]
async fn names_alone_are_not_believed() {
    for name in ["VERSITYGW", "MinIO", "SeaweedFS 30GB 4.47", "AmazonS3"] {
        let mut usual = answers(IGNORED);
        let transport = Scripted::new(move |asked| {
            usual(asked).header("server", name).header("x-amz-id-2", "some").header("x-amz-request-id", "1")
        });
        let error = create(&auto(&transport), "a").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{name}");
        assert_eq!(probed(&transport), BTreeMap::from([("create", 8), ("delete", 1)]), "{name}");
    }
}

#[tokio::test]
async fn seaweedfs_does_not_replace_large_objects_on_a_condition_whatever_is_said() {
    for said in [ConditionalWrites::Auto, ConditionalWrites::Honoured] {
        let mut usual = answers(HONOURED);
        let transport = Scripted::new(move |asked| usual(asked).header("server", "SeaweedFS 30GB 4.48"));
        let storage = transport.builder().conditional_writes(said).build().unwrap();
        storage.stat(&key("a")).await.unwrap();
        let error = put_large(&storage, PutMode::IfMatch(ETag::new("e"))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(others(&transport), ["HEAD /photos/a"]);
        assert!(probed(&transport).is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_of_the_probe_is_no_reason_for_doubt() {
    let mut is_first = true;
    let mut usual = answers(HONOURED);
    let transport = Scripted::new(move |asked| {
        let reply = usual(asked);
        let is_lost = purpose(asked) == "create" && std::mem::take(&mut is_first);
        if is_lost { Reply::Fails(TransportFault::Broken) } else { reply }
    });
    create(&auto(&transport), "a").await.unwrap();
    assert!(left(&transport).is_empty());
    assert_eq!(probed(&transport).get("replace"), Some(&8));
}

#[tokio::test]
async fn what_was_said_is_never_asked() {
    let transport = Scripted::new(|_| Reply::stored());
    let honoured = transport.builder().conditional_writes(ConditionalWrites::Honoured).build().unwrap();
    create(&honoured, "a").await.unwrap();
    let matching = PutOptions::new().mode(PutMode::IfMatch(ETag::new("e")));
    let create_only = transport.builder().conditional_writes(ConditionalWrites::CreateOnly).build().unwrap();
    let refused = create_only.put(&key("a"), Body::from("x"), matching).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unsupported);
    assert_eq!(DEPENDENT.map(|ability| create_only.capabilities().has(ability)), [true, false, true]);
    let ignored = transport.builder().conditional_writes(ConditionalWrites::Ignored).build().unwrap();
    assert_eq!(create(&ignored, "b").await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert!(!ignored.capabilities().has(Ability::CreateIfAbsent));
    // Nor is anybody asked for a write without a condition.
    let bucket = Bucket::new(Arc::new(auto(&transport))).with_collision(Collision::Replace);
    bucket.save("c", "x").await.unwrap();
    assert_eq!(transport.lines(), ["PUT /photos/a", "PUT /photos/c"]);
}

#[tokio::test]
async fn a_missing_bucket_is_created_by_the_first_save_if_that_may() {
    let mut is_there = false;
    let mut usual = answers(HONOURED);
    let transport = Scripted::new(move |asked| match (asked.method.as_str(), asked.path.as_str()) {
        ("HEAD", "/photos") => Reply::status(404),
        ("PUT", "/photos") => {
            is_there = true;
            Reply::status(200)
        }
        ("PUT", _) if !is_there => Reply::error(404, "NoSuchBucket"),
        _ => usual(asked),
    });
    let builder = transport.builder().conditional_writes(ConditionalWrites::Auto);
    create(&builder.create_bucket_on_save().build().unwrap(), "a").await.unwrap();
    assert!(transport.lines().contains(&"PUT /photos".to_owned()));
    assert_eq!(transport.lines().pop().unwrap(), "PUT /photos/a");
    assert!(left(&transport).is_empty());
}
