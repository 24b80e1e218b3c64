use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use storage_core::capability::Ability;
use storage_core::list::ListOptions;
use storage_core::options::{Checksum, PutMode};
use storage_core::{Body, Error, ErrorKind, PutOptions, Storage};

use crate::{key, keys, on_each, put, read};

#[tokio::test]
async fn content_and_attributes_come_back() {
    on_each(|storage| async move {
        let options = PutOptions::new()
            .content_type("text/plain; charset=utf-8")
            .cache_control("private")
            .content_disposition("attachment; filename=\"a.txt\"")
            .content_encoding("identity")
            .content_language("de")
            .metadata("author", "Jürgen 😀")
            .tag("kind", "note");
        let outcome = storage.put(&key("a/b.txt"), "hello".into(), options.clone()).await.unwrap();
        let meta = storage.stat(&key("a/b.txt")).await.unwrap();
        assert_eq!(meta.attributes, options.attributes);
        assert_eq!(meta.content_type, "text/plain; charset=utf-8");
        assert_eq!((meta.size, outcome.size), (5, 5));
        // The MD5 of `hello`, as S3 has it.
        assert_eq!(outcome.etag, Some("5d41402abc4b2a76b9719d911017c592".into()));
        assert_eq!(meta.etag, outcome.etag);
        assert!(meta.last_modified.unwrap().elapsed().unwrap() < Duration::from_secs(60));
        assert_eq!(read(&*storage, "a/b.txt").await.unwrap(), "hello");

        storage.put(&key("a/b.txt"), "".into(), PutOptions::new()).await.unwrap();
        let meta = storage.stat(&key("a/b.txt")).await.unwrap();
        assert_eq!((meta.size, &*meta.content_type), (0, "application/octet-stream"));
        assert!(meta.attributes.metadata.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_file_and_a_stream_of_several_batches_are_stored_whole() {
    let content: Vec<u8> = (0..5_300_000_u32).map(|n| (n % 251) as u8).collect();
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, &content).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    let body = Body::from_file(file).unwrap();
    on_each(|storage| {
        let (content, file) = (content.clone(), body.try_clone().unwrap());
        async move {
            let seen = Arc::new(Mutex::new(Vec::new()));
            let log = Arc::clone(&seen);
            let options = PutOptions::new().progress(move |step| log.lock().unwrap().push(step));
            let stored = storage.put(&key("file"), file, options).await.unwrap();
            let seen = seen.lock().unwrap().clone();
            assert!(seen.is_sorted_by_key(|step| step.transferred) && seen.len() > 3);
            assert_eq!(seen.last().unwrap().transferred, stored.size);
            assert!(seen.iter().all(|step| step.total == Some(stored.size)));

            let chunks: Vec<Bytes> = content.chunks(70_001).map(Bytes::copy_from_slice).collect();
            let body = Body::from_stream(stream::iter(chunks).map(Ok::<_, Error>));
            let streamed = storage.put(&key("stream"), body, PutOptions::new()).await.unwrap();
            assert_eq!(streamed.size, stored.size);
            assert_ne!(streamed.etag, stored.etag, "one tag for two writings of what is not hashed");
            for (name, put) in [("file", &stored), ("stream", &streamed)] {
                assert_eq!(storage.stat(&key(name)).await.unwrap().etag, put.etag);
            }
            let tiny: Vec<Bytes> = content[..20_000].chunks(1).map(Bytes::copy_from_slice).collect();
            let body = Body::from_stream(stream::iter(tiny).map(Ok::<_, Error>));
            storage.put(&key("tiny"), body, PutOptions::new()).await.unwrap();

            assert!(read(&*storage, "file").await.unwrap() == content);
            assert!(read(&*storage, "stream").await.unwrap() == content);
            assert!(read(&*storage, "tiny").await.unwrap() == content[..20_000]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_that_fails_or_lies_leaves_nothing() {
    on_each(|storage| async move {
        let half = |then: Vec<Result<Bytes, Error>>| {
            let large = Bytes::from(vec![1; 3_000_000]);
            stream::iter([Ok(large)]).chain(stream::iter(then))
        };
        let broken = Body::from_stream(half(vec![Err(
            Error::new(ErrorKind::Throttled, "elsewhere").with_operation("get")
        )]));
        let short = Body::from_stream(half(vec![])).with_length(3_000_001);
        let long = Body::from_stream(half(vec![Ok("x".into())])).with_length(3_000_000);
        let good_md5 = Checksum::Md5([0; 16]);
        for (body, options, kind) in [
            (broken, PutOptions::new(), ErrorKind::Throttled),
            (short, PutOptions::new(), ErrorKind::InvalidInput),
            (long, PutOptions::new(), ErrorKind::InvalidInput),
            (Body::from("x"), PutOptions::new().checksum(good_md5), ErrorKind::InvalidInput),
            (Body::from("x"), PutOptions::new().checksum(Checksum::Sha256([0; 32])), ErrorKind::InvalidInput),
            (Body::from("x"), PutOptions::new().content_type("a\nb"), ErrorKind::InvalidInput),
            (Body::from("x"), PutOptions::new().storage_class("GLACIER"), ErrorKind::Unsupported),
        ] {
            let error = storage.put(&key("new"), body, options).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            let from_elsewhere = kind == ErrorKind::Throttled;
            assert_eq!(error.operation(), Some(if from_elsewhere { "get" } else { "put" }));
            assert_eq!(error.store(), (!from_elsewhere).then(|| storage.name()));
        }
        assert_eq!(keys(&*storage, ListOptions::new()).await, [""; 0]);
        assert_eq!(read(&*storage, "new").await, Err(ErrorKind::NotFound));
    })
    .await;
}

#[tokio::test]
async fn a_failed_overwrite_leaves_the_old_object() {
    on_each(|storage| async move {
        put(&*storage, "k", "old").await;
        let body =
            Body::from_stream(stream::iter([Ok(Bytes::from("new")), Err(Error::new(ErrorKind::Other, ""))]));
        assert!(storage.put(&key("k"), body, PutOptions::new()).await.is_err());
        assert_eq!(read(&*storage, "k").await.unwrap(), "old");
    })
    .await;
}

#[tokio::test]
async fn a_digest_that_is_right_is_taken() {
    on_each(|storage| async move {
        let hello = Checksum::Md5([
            0x5d, 0x41, 0x40, 0x2a, 0xbc, 0x4b, 0x2a, 0x76, 0xb9, 0x71, 0x9d, 0x91, 0x10, 0x17, 0xc5, 0x92,
        ]);
        let options = PutOptions::new().checksum(hello);
        assert!(storage.put(&key("k"), "hello".into(), options).await.is_ok());
        assert!(storage.capabilities().has(Ability::Checksums));
        assert!(!storage.capabilities().has(Ability::StorageClass));
    })
    .await;
}

#[tokio::test]
async fn modes_say_what_may_be_replaced() {
    on_each(|storage| async move {
        let put = |content: &'static str, mode| {
            let storage = Arc::clone(&storage);
            async move {
                storage
                    .put(&key("k"), content.into(), PutOptions::new().mode(mode))
                    .await
                    .map_err(|e| e.kind())
            }
        };
        assert_eq!(put("0", PutMode::IfMatch("x".into())).await, Err(ErrorKind::PreconditionFailed));
        let first = put("1", PutMode::Create).await.unwrap();
        assert_eq!(put("2", PutMode::Create).await, Err(ErrorKind::AlreadyExists));
        assert_eq!(put("3", PutMode::IfMatch("x".into())).await, Err(ErrorKind::PreconditionFailed));
        assert_eq!(read(&*storage, "k").await.unwrap(), "1");
        assert!(put("4", PutMode::IfMatch(first.etag.unwrap())).await.is_ok());
        assert_eq!(read(&*storage, "k").await.unwrap(), "4");
    })
    .await;
}

#[tokio::test]
async fn a_taken_key_is_told_before_the_body_is_read() {
    on_each(|storage| async move {
        put(&*storage, "k", "old").await;
        let body = Body::from_stream(stream::poll_fn(|_| -> std::task::Poll<Option<Result<Bytes, Error>>> {
            panic!("the body was read")
        }));
        let refused = storage.put(&key("k"), body, PutOptions::new().mode(PutMode::Create)).await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::AlreadyExists);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_creators_one_wins_and_of_64_updaters_one() {
    on_each(|storage| async move {
        let race = |mode: PutMode| {
            let tasks = (0..64).map(|n| {
                let (storage, mode) = (Arc::clone(&storage), mode.clone());
                tokio::spawn(async move {
                    let body = format!("from {n}");
                    let stored =
                        storage.put(&key("k"), Body::from(body.clone()), PutOptions::new().mode(mode)).await;
                    stored.map(|_| body).map_err(|error| error.kind())
                })
            });
            futures_util::future::join_all(tasks.collect::<Vec<_>>())
        };
        let mut modes = vec![(PutMode::Create, ErrorKind::AlreadyExists)];
        while let Some((mode, refusal)) = modes.pop() {
            let is_create = mode == PutMode::Create;
            let results: Vec<_> = race(mode).await.into_iter().map(Result::unwrap).collect();
            let winners: Vec<_> = results.iter().filter_map(|result| result.as_ref().ok()).collect();
            assert_eq!(winners.len(), 1);
            assert!(results.iter().filter_map(|result| result.as_ref().err()).all(|kind| *kind == refusal));
            assert_eq!(read(&*storage, "k").await.unwrap(), *winners[0]);
            if is_create {
                put(&*storage, "k", "what is updated").await;
                let etag = storage.stat(&key("k")).await.unwrap().etag.unwrap();
                modes.push((PutMode::IfMatch(etag), ErrorKind::PreconditionFailed));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn deleting_is_fine_whatever_is_there() {
    on_each(|storage| async move {
        for name in ["a", "b/c", "b/d"] {
            put(&*storage, name, name.to_owned()).await;
        }
        storage.delete(&key("a")).await.unwrap();
        storage.delete(&key("a")).await.unwrap();
        storage.delete(&key("b")).await.unwrap();
        let many = ["b/c", "b/c", "nope", "../x", "b//c", "b/", "/etc/passwd", "", "."]
            .map(storage_core::key::RawKey::new);
        storage.delete_many(many.into()).await.unwrap().into_result().unwrap();
        assert_eq!(keys(&*storage, ListOptions::new()).await, ["b/d"]);
    })
    .await;
}

#[tokio::test]
async fn debug_shows_neither_keys_nor_secrets() {
    on_each(|storage| async move {
        put(&*storage, "private-key-name", "x").await;
        let text = format!("{storage:?} {:?} {:?}", storage.url_signer(), storage.url_verifier());
        assert!(!text.contains("private-key-name"), "{text}");
        assert!(text.contains("SigningKey(***)"), "{text}");
    })
    .await;
}
