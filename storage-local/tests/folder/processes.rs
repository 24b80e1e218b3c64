use std::collections::BTreeMap;

use storage_core::Storage;

use crate::children::start;
use crate::{key, keys, open, read, records, temporary};

#[tokio::test]
async fn of_two_processes_that_create_a_thousand_keys_each_key_has_one_winner() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    let children = [start("one", root.path()), start("two", root.path())];
    std::fs::write(root.path().join(".storage/go"), "").unwrap();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let names = keys(&storage).await;
    let mut winners = BTreeMap::new();
    for name in &names {
        if let Some((winner, n)) = name.strip_prefix("won/").and_then(|rest| rest.split_once('/')) {
            assert_eq!(winners.insert(n.to_owned(), winner.to_owned()), None, "{n} was won twice");
        }
    }
    assert_eq!((winners.len(), names.len()), (1_000, 2_000));
    for (n, winner) in winners {
        let name = format!("race/{n}");
        assert_eq!(read(&storage, &name).await.unwrap(), winner);
        assert_eq!(storage.stat(&key(&name)).await.unwrap().attributes.metadata["by"], winner);
    }
    assert_eq!((records(root.path()), temporary(root.path())), (2_000, 0));
}
