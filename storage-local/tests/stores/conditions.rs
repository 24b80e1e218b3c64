use std::time::{Duration, SystemTime};

use storage_core::outcome::GetOutcome;
use storage_core::{ByteRange, ErrorKind, GetOptions, Storage, StorageExt};

use crate::{key, on_each, put};

#[tokio::test]
async fn ranges_are_read_at_all_edges() {
    on_each(|storage| async move {
        put(&*storage, "k", "0123456789").await;
        put(&*storage, "empty", "").await;
        for (range, expected) in [
            (ByteRange::from(0..1), "0"),
            ((3..=5).into(), "345"),
            ((9..99).into(), "9"),
            ((4..).into(), "456789"),
            ((..2).into(), "01"),
            (ByteRange::Last(3), "789"),
            (ByteRange::Last(99), "0123456789"),
        ] {
            assert_eq!(storage.read_range(&key("k"), range).await.unwrap(), expected, "{range:?}");
        }
        assert_eq!(storage.read_range(&key("empty"), 0..).await.unwrap(), "");
        for range in [ByteRange::from(10..11), (99..).into()] {
            let error = storage.read_range(&key("k"), range).await.unwrap_err();
            assert_eq!((error.kind(), error.http_status()), (ErrorKind::RangeNotSatisfiable, Some(416)));
        }
        let error = storage.read_range(&key("k"), 3..3).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let object =
            storage.get(&key("k"), GetOptions::new().range(2..4)).await.unwrap().into_object().unwrap();
        assert_eq!((object.range(), object.meta().size), (2..4, 10));
    })
    .await;
}

#[tokio::test]
async fn a_read_may_depend_on_tag_and_time() {
    on_each(|storage| async move {
        put(&*storage, "k", "x").await;
        let meta = storage.stat(&key("k")).await.unwrap();
        let etag = meta.etag.unwrap();
        let name = key("k");
        let get = |options| storage.get(&name, options);
        match get(GetOptions::new().if_none_match(etag.clone())).await.unwrap() {
            GetOutcome::NotModified { etag: known, last_modified } => {
                assert_eq!((known, last_modified), (Some(etag.clone()), meta.last_modified));
            }
            GetOutcome::Object(_) => panic!("sent again"),
        }
        let since = GetOptions::new().if_modified_since(SystemTime::now());
        assert!(matches!(get(since).await.unwrap(), GetOutcome::NotModified { .. }));
        let before = GetOptions::new().if_modified_since(SystemTime::now() - Duration::from_secs(60));
        assert!(matches!(get(before).await.unwrap(), GetOutcome::Object(_)));
        assert!(get(GetOptions::new().if_match(etag)).await.is_ok());
        let error = get(GetOptions::new().if_match("old".into())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PreconditionFailed);
        assert_eq!((error.operation(), error.key()), (Some("get"), Some("k")));
    })
    .await;
}

#[tokio::test]
async fn an_opened_object_stays_as_it_was() {
    on_each(|storage| async move {
        let old = vec![b'a'; 2_000_000];
        put(&*storage, "k", old.clone()).await;
        let object = storage.get(&key("k"), GetOptions::new()).await.unwrap().into_object().unwrap();
        put(&*storage, "k", vec![b'b'; 2_000_000]).await;
        storage.delete(&key("k")).await.unwrap();
        assert!(object.bytes().await.unwrap() == old);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    on_each(|storage| async move {
        put(&*storage, "f/g", "x").await;
        for name in ["nope", "f", "f/g/h", "nope/x"] {
            for error in [
                storage.stat(&key(name)).await.unwrap_err(),
                storage.get(&key(name), GetOptions::new()).await.unwrap_err(),
            ] {
                assert_eq!((error.kind(), error.key()), (ErrorKind::NotFound, Some(name)));
                assert_eq!(error.store(), Some(storage.name()));
            }
            assert!(!storage.exists(&key(name)).await.unwrap());
        }
    })
    .await;
}
