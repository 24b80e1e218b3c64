use std::time::Duration;

use storage_core::{GetOptions, Storage};

use crate::children::start;
use crate::{key, keys, open, put, read};

#[tokio::test]
async fn a_killed_writer_leaves_a_consistent_folder() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    let mut seen = 0;
    for round in 0..30_u64 {
        let mut child = start("overwrite", root.path());
        while keys(&storage).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_micros(17_000 + round * 1_337)).await;
        child.kill().unwrap();
        child.wait().unwrap();

        for name in keys(&storage).await {
            let object = storage.get(&key(&name), GetOptions::new()).await.unwrap().into_object().unwrap();
            let n = object.meta().attributes.metadata["n"].clone();
            assert!(object.bytes().await.unwrap() == n.repeat(20_000), "{name} in round {round}");
            seen += 1;
        }
        // The folder takes writes again, at once.
        put(&storage, "after", format!("{round}")).await;
        assert_eq!(read(&storage, "after").await.unwrap(), format!("{round}"));
        storage.delete(&key("after")).await.unwrap();
    }
    assert!(seen >= 30, "the writers wrote nothing");
}
