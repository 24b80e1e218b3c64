//! Whether the server honours conditions on writes: found out once, before anything can be lost.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use http::HeaderValue;
use http::header::SERVER;
use s3_testserver::{Answer, Effect, Fault, TestServer};
use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{
    Body, Bucket, Collision, CopyOptions, ETag, ErrorKind, PutOptions, Result, SaveOptions, Storage,
};
use storage_minio::transport::TransportFault;
use storage_minio::{ConditionalWrites, MinioStorage};
use support::{Asked, Reply, Scripted, key};

const DEPENDENT: [Ability; 3] = [Ability::CreateIfAbsent, Ability::PutIfMatch, Ability::CopyIfAbsent];

/// A server of an unknown kind that has one object, and treats a conditional write to the probe's key as `taken` says.
fn unknown(mut taken: impl FnMut(&Asked) -> Reply + Send + 'static) -> Arc<Scripted> {
    Scripted::new(move |asked| match asked.method.as_str() {
        "HEAD" => Reply::status(200).header("content-length", 1).header("etag", "\"e\""),
        "DELETE" => Reply::status(204),
        "PUT" if asked.path.contains("/.probe/") => taken(asked),
        _ => Reply::stored(),
    })
}

/// Refuses whatever comes after the first write.
fn honouring() -> Arc<Scripted> {
    let mut is_first = true;
    unknown(move |_| match std::mem::take(&mut is_first) {
        true => Reply::stored(),
        false => Reply::error(412, "PreconditionFailed"),
    })
}

fn auto(transport: &Arc<Scripted>) -> MinioStorage {
    transport.builder().conditional_writes(ConditionalWrites::Auto).build().unwrap()
}

async fn create(storage: &MinioStorage, name: &str) -> Result<PutOutcome> {
    storage.put(&key(name), Body::from("content"), PutOptions::new().mode(PutMode::Create)).await
}

/// The requests, with the probe's key left out.
fn lines(transport: &Scripted) -> Vec<String> {
    let shortened = |line: String| match line.split_once("/.probe/") {
        Some((before, random)) => {
            assert!(random.len() == 32, "{line}");
            format!("{before}/.probe")
        }
        None => line,
    };
    transport.lines().into_iter().map(shortened).collect()
}

const PROBED: [&str; 5] = [
    "HEAD /photos",
    "PUT /photos/.probe",
    "PUT /photos/.probe",
    "PUT /photos/.probe",
    "DELETE /photos/.probe",
];

#[tokio::test]
async fn a_server_that_honours_them_is_asked_once() {
    let transport = honouring();
    let storage = auto(&transport);
    assert_eq!(storage.capabilities(), storage.capabilities().with(Ability::CreateIfAbsent));
    create(&storage, "a").await.unwrap();
    create(&storage, "b").await.unwrap();
    assert!(DEPENDENT.iter().all(|ability| storage.capabilities().has(*ability)));
    assert_eq!(storage.probe().await.unwrap(), storage.capabilities());
    assert_eq!(lines(&transport), [&PROBED[..], &["PUT /photos/a", "PUT /photos/b"]].concat());
    let asked = transport.asked();
    assert!(asked[1..5].iter().all(|each| each.path == asked[1].path));
    assert_eq!(
        (
            asked[1].header("if-none-match"),
            asked[2].header("if-none-match"),
            asked[3].header("if-none-match")
        ),
        (Some("*"), Some("*"), None)
    );
    assert!(asked[3].header("if-match").is_some());
}

#[tokio::test]
async fn at_one_that_ignores_them_nothing_is_sent_on_a_condition() {
    let transport = unknown(|_| Reply::stored());
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
    let error = storage.copy(&key("a"), &key("b"), CopyOptions::new().if_absent()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let large = Body::from(vec![1; 6 * 1024 * 1024]);
    let error = storage.put(&key("a"), large, PutOptions::new().mode(PutMode::Create)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(
        lines(&transport),
        ["HEAD /photos", "PUT /photos/.probe", "PUT /photos/.probe", "DELETE /photos/.probe"]
    );
    assert!(DEPENDENT.iter().all(|ability| !storage.capabilities().has(*ability)));
}

#[tokio::test]
async fn a_bucket_then_gives_every_name_a_suffix_and_rejects_nothing_it_cannot() {
    let transport = unknown(|_| Reply::stored());
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
    let mut writes = 0;
    let transport = unknown(move |asked| {
        writes += 1;
        match (writes, asked.header("if-match")) {
            (2, None) => Reply::error(412, "PreconditionFailed"),
            _ => Reply::stored(),
        }
    });
    let able = auto(&transport).probe().await.unwrap();
    assert_eq!(DEPENDENT.map(|ability| able.has(ability)), [true, false, true]);
    assert_eq!(lines(&transport), PROBED);
}

#[tokio::test]
async fn where_it_cannot_be_tried_it_counts_as_ignoring() {
    for denial in [|| Reply::error(403, "AccessDenied"), || Reply::error(501, "NotImplemented")] {
        let transport = unknown(move |_| denial());
        let storage = auto(&transport);
        for _ in 0..2 {
            let error = create(&storage, "a").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(error.hint().unwrap().contains(".probe/"), "{error:?}");
        }
        assert_eq!(lines(&transport), ["HEAD /photos", "PUT /photos/.probe"]);
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
        let mut is_first = true;
        let transport = unknown(move |_| {
            if std::mem::take(&mut is_down) {
                return failure();
            }
            match std::mem::take(&mut is_first) {
                true => Reply::stored(),
                false => Reply::error(412, "PreconditionFailed"),
            }
        });
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
        assert_eq!(lines(&transport).pop().unwrap(), "DELETE /photos/.probe");
        create(&storage, "a").await.unwrap();
        assert_eq!(lines(&transport).pop().unwrap(), "PUT /photos/a");
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
        assert!(lines(&transport).iter().all(|line| line == "HEAD /photos"), "{:?}", lines(&transport));
    }
}

#[tokio::test(start_paused = true)]
async fn all_who_wait_are_told_and_the_server_is_asked_once() {
    let transport = honouring();
    let storage = Arc::new(auto(&transport));
    let names: Vec<_> = (0..32).map(|n| format!("n{n}")).collect();
    let outcomes = join_all(names.iter().map(|name| create(&storage, name))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(lines(&transport)[..5], PROBED);
    assert_eq!(transport.asked().len(), 5 + 32);

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
    let transport = unknown(move |_| {
        writes += 1;
        match writes {
            1 => Reply::stored(),
            2 => Reply::Hangs,
            _ => panic!("the first probe ends in a time-out"),
        }
    });
    let storage = auto(&transport);
    let cut = tokio::time::timeout(Duration::from_secs(1), create(&storage, "a")).await;
    assert!(cut.is_err());
    assert_eq!(transport.asked().len(), 3);
    // The next caller waits for the same answer.
    assert_eq!(create(&storage, "b").await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(
        lines(&transport),
        ["HEAD /photos", "PUT /photos/.probe", "PUT /photos/.probe", "DELETE /photos/.probe"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_of_the_probe_is_no_reason_for_doubt() {
    let mut is_first = true;
    let transport = unknown(move |_| match std::mem::take(&mut is_first) {
        true => Reply::Fails(TransportFault::Broken),
        false => Reply::error(412, "PreconditionFailed"),
    });
    create(&auto(&transport), "a").await.unwrap();
    assert!(lines(&transport).contains(&"DELETE /photos/.probe".to_owned()));
}

#[tokio::test]
async fn what_was_said_is_never_asked() {
    let transport = Scripted::new(|_| Reply::stored());
    let honoured = transport.builder().conditional_writes(ConditionalWrites::Honoured).build().unwrap();
    create(&honoured, "a").await.unwrap();
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
    let mut is_first = true;
    let transport = Scripted::new(move |asked| match (asked.method.as_str(), asked.path.as_str()) {
        ("HEAD", _) => Reply::status(404),
        ("PUT", "/photos") => {
            is_there = true;
            Reply::status(200)
        }
        ("PUT", _) if !is_there => Reply::error(404, "NoSuchBucket"),
        ("PUT", path) if path.contains(".probe") && !std::mem::take(&mut is_first) => {
            Reply::error(412, "PreconditionFailed")
        }
        ("PUT", _) => Reply::stored(),
        _ => Reply::status(204),
    });
    let builder = transport.builder().conditional_writes(ConditionalWrites::Auto);
    create(&builder.create_bucket_on_save().build().unwrap(), "a").await.unwrap();
    assert_eq!(lines(&transport)[1..4], ["PUT /photos/.probe", "PUT /photos", "PUT /photos/.probe"]);
    assert_eq!(lines(&transport).pop().unwrap(), "PUT /photos/a");
}

/// A server of this process that is not known by its name.
async fn stranger() -> (TestServer, Arc<MinioStorage>) {
    let server = TestServer::start().await;
    server.create_bucket("photos");
    server.inject(Fault::new(Effect::Header(SERVER, HeaderValue::from_static("stranger"))).always());
    let storage = MinioStorage::builder()
        .endpoint(server.endpoint())
        .credentials(server.access_key(), server.secret_key())
        .bucket("photos")
        .build()
        .unwrap();
    (server, Arc::new(storage))
}

async fn race(storage: &Arc<MinioStorage>, size: usize) -> BTreeSet<String> {
    let bucket = Bucket::new(Arc::clone(storage) as Arc<dyn Storage>);
    let racers = (0..32_u8).map(|n| {
        let bucket = bucket.clone();
        tokio::spawn(async move { (bucket.save("same.bin", vec![n; size]).await.unwrap(), n) })
    });
    let mut keys = BTreeSet::new();
    for outcome in join_all(racers).await {
        let (saved, n) = outcome.unwrap();
        assert_eq!(bucket.read(&saved.key).await.unwrap(), vec![n; size], "{}", saved.key);
        keys.insert(saved.key.to_string());
    }
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_racers_lose_nothing_at_a_server_that_ignores_conditions() {
    let (server, storage) = stranger().await;
    server.ignore_conditions();
    let keys = race(&storage, 1_000).await;
    assert_eq!(keys.len(), 32);
    assert!(keys.iter().all(|key| key.starts_with("same_")), "{keys:?}");
    let stored: BTreeSet<_> = server.objects("photos").into_iter().map(|(key, _)| key).collect();
    assert_eq!(stored, keys, "and nothing else is left");
    let probes = server.requests().all().iter().filter(|asked| asked.target.contains(".probe")).count();
    assert_eq!(probes, 3);
    let reject = SaveOptions::new().collision(Collision::Reject);
    let error = Bucket::new(storage).save_with("same.bin", "x", reject).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_at_one_that_honours_them_and_one_gets_the_name() {
    let (server, storage) = stranger().await;
    let keys = race(&storage, 1_000).await;
    assert_eq!((keys.len(), keys.contains("same.bin")), (32, true));
    assert_eq!(server.objects("photos").len(), 32);
}

#[tokio::test]
async fn the_probe_is_deleted_also_if_it_fails_halfway() {
    let (server, storage) = stranger().await;
    server.clear_faults();
    let refused = Fault::new(Effect::Answer(Answer::error(400, "EntityTooLarge"))).target(".probe").skip(1);
    server.inject(refused);
    server.inject(Fault::new(Effect::Header(SERVER, HeaderValue::from_static("stranger"))).always());
    assert!(create(&storage, "a").await.is_err());
    assert!(server.objects("photos").is_empty());
}
