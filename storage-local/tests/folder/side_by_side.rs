use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use storage_core::{CopyOptions, ErrorKind, Storage};

use crate::{key, keys, open, put, read, records, temporary};

/// While folders come and go under an object, and objects under a folder, what is there is always found.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_object_is_found_while_folders_of_its_name_come_and_go() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    put(&storage, "f", "f").await;
    let done = Arc::new(AtomicBool::new(false));
    let readers = (0..2).map(|_| {
        let (storage, done) = (storage.clone(), Arc::clone(&done));
        tokio::spawn(async move {
            let mut count = 0;
            while !done.load(Ordering::Relaxed) {
                assert_eq!(read(&storage, "f").await.unwrap(), "f");
                count += 1;
            }
            count
        })
    });
    let readers: Vec<_> = readers.collect();
    let writers = (0..3).map(|n| {
        let storage = storage.clone();
        tokio::spawn(async move {
            for round in 0..60 {
                let below = format!("f/{n}");
                put(&storage, &below, format!("{round}")).await;
                assert_eq!(read(&storage, &below).await.unwrap(), format!("{round}"));
                put(&storage, "f", "f").await;
                storage.delete(&key(&below)).await.unwrap();
                assert_eq!(read(&storage, &below).await, Err(ErrorKind::NotFound));
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
    assert_eq!(keys(&storage).await, ["f"]);
    assert_eq!((records(root.path()), temporary(root.path())), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn renames_to_and_fro_lose_nothing() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    put(&storage, "0", "x").await;
    let tasks = (0..4).map(|n| {
        let storage = storage.clone();
        tokio::spawn(async move {
            for round in 0..100 {
                let (from, to) =
                    (key(format!("{}", (n + round) % 3)), key(format!("{}", (n + round + 1) % 3)));
                match storage.rename(&from, &to, CopyOptions::new().if_absent()).await {
                    Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound),
                    Ok(outcome) => assert_eq!(outcome.size, 1),
                }
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let names = keys(&storage).await;
    assert_eq!(names.len(), 1);
    assert_eq!(read(&storage, &names[0]).await.unwrap(), "x");
    assert_eq!((records(root.path()), temporary(root.path())), (1, 0));
}
