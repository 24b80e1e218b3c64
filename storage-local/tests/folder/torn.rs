use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use storage_core::{GetOptions, PutOptions, Storage};

use crate::{key, open, records};

/// All writings have one size, so that nothing but the store keeps content and attributes together.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn content_and_attributes_always_belong_together() {
    let root = tempfile::tempdir().unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let write = |storage: storage_local::LocalStorage, n: u32| async move {
        let content = format!("{n:06}").repeat(10_000);
        let options = PutOptions::new().metadata("n", format!("{n:06}")).tag("n", "x");
        storage.put(&key("dir/k"), content.into(), options).await.unwrap();
    };
    write(open(root.path()), 0).await;
    let readers: Vec<_> = (0..2)
        .map(|_| {
            // A store of its own, as another process has it.
            let (storage, done) = (open(root.path()), Arc::clone(&done));
            tokio::spawn(async move {
                let mut seen = std::collections::BTreeSet::new();
                while !done.load(Ordering::Relaxed) {
                    let object =
                        storage.get(&key("dir/k"), GetOptions::new()).await.unwrap().into_object().unwrap();
                    let n = object.meta().attributes.metadata["n"].clone();
                    assert!(
                        object.bytes().await.unwrap() == n.repeat(10_000),
                        "content of another writing than {n}"
                    );
                    let meta = storage.stat(&key("dir/k")).await.unwrap();
                    assert!(meta.attributes.metadata.contains_key("n"));
                    seen.insert(n);
                }
                seen.len()
            })
        })
        .collect();
    let writers: Vec<_> = (0..2)
        .map(|writer| {
            let storage = open(root.path());
            tokio::spawn(async move {
                for n in 0..150 {
                    write(storage.clone(), writer * 1_000 + n).await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.unwrap() > 1, "the reader saw no change");
    }
    assert_eq!(records(root.path()), 1);
}
