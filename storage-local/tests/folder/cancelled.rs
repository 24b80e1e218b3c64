use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use storage_core::{Body, Error, ErrorKind, PutOptions, Storage};

use crate::{files, key, open, put, read, records, temporary};

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
