use std::fs;
use std::os::unix::fs::symlink;

use storage_core::{CopyOptions, ErrorKind, PutOptions, Storage};

use crate::{key, keys, open, put, read};

#[tokio::test]
async fn nothing_is_read_or_written_through_a_link() {
    let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("secret"), "secret").unwrap();
    let storage = open(root.path());
    symlink(outside.path().join("secret"), root.path().join("file")).unwrap();
    symlink(outside.path(), root.path().join("dir")).unwrap();
    symlink("nowhere", root.path().join("dangling")).unwrap();
    put(&storage, "real", "x").await;
    symlink("real", root.path().join("inside")).unwrap();

    assert_eq!(keys(&storage).await, ["real"]);
    for name in ["file", "dir", "dir/secret", "dangling", "inside"] {
        assert_eq!(read(&storage, name).await, Err(ErrorKind::NotFound), "{name}");
        let copied = storage.copy(&key(name), &key("copy"), CopyOptions::new()).await;
        assert_eq!(copied.unwrap_err().kind(), ErrorKind::NotFound);
        storage.delete(&key(name)).await.unwrap();
    }
    for name in ["dir/new", "dir/secret", "file/x"] {
        let error = storage.put(&key(name), "x".into(), PutOptions::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    // An object of a link's name is stored beside it.
    for name in ["file", "dir", "dangling"] {
        put(&storage, name, name.to_owned()).await;
        assert_eq!(read(&storage, name).await.unwrap(), name);
        assert!(root.path().join(name).is_symlink());
    }
    assert_eq!(keys(&storage).await, ["dangling", "dir", "file", "real"]);
    assert_eq!(fs::read_to_string(outside.path().join("secret")).unwrap(), "secret");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_pipe_is_no_object_and_is_not_waited_for() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    let made = std::process::Command::new("mkfifo").arg(root.path().join("pipe")).status().unwrap();
    assert!(made.success());
    assert_eq!(read(&storage, "pipe").await, Err(ErrorKind::NotFound));
    assert_eq!(keys(&storage).await, [""; 0]);
}

#[tokio::test]
async fn a_store_whose_own_folder_is_a_link_is_refused() {
    let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    symlink(outside.path(), root.path().join(".storage")).unwrap();
    assert!(storage_local::LocalStorage::open(root.path()).is_err());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}
