use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use storage_core::{Body, Bucket, Error, ErrorKind, PutOptions, SaveOptions, Storage};

use crate::{files, key, keys, open, put, read, records, temporary};

#[tokio::test(flavor = "multi_thread")]
async fn a_put_that_is_dropped_half_way_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    put(&storage, "old", "old").await;
    for name in ["new/k", "old"] {
        let chunks = stream::iter((0..4).map(|_| Ok::<_, Error>(Bytes::from(vec![1; 1_500_000]))));
        let body = Body::from_stream(chunks.chain(stream::pending()));
        let name = key(name);
        let writing = storage.put(&name, body, PutOptions::new());
        let cut = tokio::time::timeout(Duration::from_millis(200), writing).await;
        assert!(cut.is_err());
    }
    // What a blocking thread has begun it ends, and tidies up.
    for _ in 0..100 {
        if temporary(root.path()) == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!((temporary(root.path()), records(root.path())), (0, 1));
    assert_eq!(read(&storage, "old").await.unwrap(), "old");
    assert_eq!(read(&storage, "new/k").await, Err(ErrorKind::NotFound));
    assert!(!root.path().join("new").exists());
    assert!(files(root.path()).contains(&"old".to_owned()));
}

/// What is past the point of no return when the save is dropped is deleted after it, not before.
#[tokio::test(flavor = "multi_thread")]
async fn a_staged_save_that_is_dropped_at_any_point_leaves_nothing_aside() {
    let root = tempfile::tempdir().unwrap();
    let bucket = Bucket::new(Arc::new(open(root.path())));
    // More than is read ahead, so that it is staged indeed.
    let chunk = Bytes::from(vec![1; 1_000_000]);
    for round in 0..60 {
        let chunk = chunk.clone();
        let body = Body::from_stream(stream::iter((0..9).map(move |_| Ok::<_, Error>(chunk.clone()))));
        let saving = bucket.save_with("a", body, SaveOptions::new().staged());
        let _ = tokio::time::timeout(Duration::from_micros(round * 500), saving).await;
    }
    let storage = open(root.path());
    for _ in 0..500 {
        if temporary(root.path()) == 0 && !files(root.path()).iter().any(|file| file.contains(".staged/")) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let left: Vec<_> = keys(&storage).await.into_iter().filter(|key| key.contains(".staged")).collect();
    assert_eq!((left, temporary(root.path())), (Vec::new(), 0));
    // Nobody waits for it, but what is there is whole.
    for saved in keys(&storage).await {
        assert_eq!(read(&storage, &saved).await.unwrap().len(), 9_000_000, "{saved}");
    }
}
