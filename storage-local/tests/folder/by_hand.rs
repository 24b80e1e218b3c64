use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use futures_util::TryStreamExt;
use storage_core::key::RawKey;
use storage_core::list::LevelItem;
use storage_core::list::ListOptions;
use storage_core::{CopyOptions, ErrorKind, PutOptions, Storage};

use crate::{files, key, keys, open, put, read, records};

#[tokio::test]
async fn an_object_is_a_file_that_a_person_can_open() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    put(&storage, "cats/tom.txt", "hello").await;
    assert_eq!(fs::read_to_string(root.path().join("cats/tom.txt")).unwrap(), "hello");
    storage.delete(&key("cats/tom.txt")).await.unwrap();
    assert!(!root.path().join("cats").exists());
    assert_eq!(records(root.path()), 0);
}

#[tokio::test]
async fn a_file_put_there_by_hand_is_an_object() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    fs::create_dir(root.path().join("dir")).unwrap();
    fs::write(root.path().join("dir/page.html"), "<p>").unwrap();
    let meta = storage.stat(&key("dir/page.html")).await.unwrap();
    assert_eq!((meta.size, &*meta.content_type), (3, "text/html"));
    assert_eq!(read(&storage, "dir/page.html").await.unwrap(), "<p>");
    assert_eq!(keys(&storage).await, ["dir/page.html"]);

    let first = meta.etag.unwrap();
    fs::write(root.path().join("dir/page.html"), "<p>more").unwrap();
    let second = storage.stat(&key("dir/page.html")).await.unwrap().etag.unwrap();
    assert_ne!(first, second);

    // A copy has the content's digest and says its type, whatever its name.
    let copied = storage.copy(&key("dir/page.html"), &key("copy"), CopyOptions::new()).await.unwrap();
    assert_eq!(copied.etag, Some("9775203665298b00e5f6bb6826a33028".into()));
    assert_eq!(storage.stat(&key("copy")).await.unwrap().content_type, "text/html");
    let moved = storage.rename(&key("dir/page.html"), &key("moved"), CopyOptions::new()).await.unwrap();
    assert_eq!(moved.etag, Some(second));
    assert_eq!(storage.stat(&key("moved")).await.unwrap().content_type, "text/html");
    assert_eq!(keys(&storage).await, ["copy", "moved"]);
}

/// What `cp -a` makes has the size and the time of the original.
#[tokio::test]
async fn moving_onto_a_faithful_copy_keeps_all_that_belongs_to_the_object() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    let options = PutOptions::new().content_type("application/x-special").metadata("a", "b");
    let stored = storage.put(&key("one.txt"), "hello".into(), options.clone()).await.unwrap();
    let (one, two) = (root.path().join("one.txt"), root.path().join("two.txt"));
    for _ in 0..2 {
        fs::copy(&one, &two).unwrap();
        let modified = fs::metadata(&one).unwrap().modified().unwrap();
        fs::File::options().write(true).open(&two).unwrap().set_modified(modified).unwrap();
        storage.rename(&key("one.txt"), &key("two.txt"), CopyOptions::new()).await.unwrap();
        let meta = storage.stat(&key("two.txt")).await.unwrap();
        assert_eq!((meta.etag, meta.attributes), (stored.etag.clone(), options.attributes.clone()));
        assert_eq!((keys(&storage).await, records(root.path())), (vec!["two.txt".to_owned()], 1));
        storage.rename(&key("two.txt"), &key("one.txt"), CopyOptions::new()).await.unwrap();
    }
}

#[tokio::test]
async fn a_file_edited_in_place_is_a_plain_file_again() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    let options = PutOptions::new().content_type("application/x-secret").metadata("a", "b");
    let stored = storage.put(&key("note.txt"), "hello".into(), options).await.unwrap();
    fs::write(root.path().join("note.txt"), "HELLO").unwrap();
    let meta = storage.stat(&key("note.txt")).await.unwrap();
    assert_eq!((&*meta.content_type, meta.attributes.metadata.len()), ("text/plain", 0));
    assert_ne!(meta.etag, stored.etag);
    assert_eq!(read(&storage, "note.txt").await.unwrap(), "HELLO");
}

#[tokio::test]
async fn a_copy_of_the_folder_that_keeps_times_keeps_metadata() {
    let (root, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = PutOptions::new().content_type("application/x-mine").metadata("a", "b");
    open(root.path()).put(&key("a/b"), "hello".into(), options.clone()).await.unwrap();
    let copied =
        std::process::Command::new("cp").arg("-a").arg(root.path().join(".")).arg(copy.path()).status();
    assert!(copied.unwrap().success());
    assert_eq!(open(copy.path()).stat(&key("a/b")).await.unwrap().attributes, options.attributes);
}

#[tokio::test]
async fn a_damaged_record_is_corrupt_and_can_be_overwritten() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    put(&storage, "k", "hello").await;
    put(&storage, "other", "x").await;
    for record in files(&root.path().join(".storage/records")) {
        let path = root.path().join(".storage/records").join(record);
        if fs::read_to_string(&path).unwrap().contains("\"key\":\"k\"") {
            fs::write(path, "{\"version\":").unwrap();
        }
    }
    let error = storage.stat(&key("k")).await.unwrap_err();
    assert_eq!((error.kind(), error.key()), (ErrorKind::Corrupt, Some("k")));
    assert!(error.hint().is_some());
    assert_eq!(read(&storage, "k").await, Err(ErrorKind::Corrupt));
    assert_eq!(keys(&storage).await, ["k", "other"]);
    put(&storage, "k", "again").await;
    assert_eq!(read(&storage, "k").await.unwrap(), "again");
    assert_eq!(records(root.path()), 2);
}

#[tokio::test]
async fn names_that_are_no_keys_are_reported_and_can_be_deleted() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    put(&storage, "a", "x").await;
    fs::create_dir(root.path().join("d\n")).unwrap();
    for name in ["line\nbreak", "d\n/x"] {
        fs::write(root.path().join(name), "x").unwrap();
    }
    fs::write(root.path().join(OsStr::from_bytes(b"\xff.txt")), "x").unwrap();
    fs::create_dir(root.path().join("empty")).unwrap();
    // Names of ours that we would not make.
    fs::write(root.path().join(".storage-name.plain"), "x").unwrap();
    fs::create_dir(root.path().join(".storage-part.x")).unwrap();
    fs::write(root.path().join(".storage-part.x/loose"), "x").unwrap();
    let listed = ["a", "!d\\n/x", "!line\\nbreak", "!\u{fffd}.txt"];
    assert_eq!(keys(&storage).await, listed);
    let level: Vec<LevelItem> = storage.list_level(ListOptions::new()).try_collect().await.unwrap();
    assert_eq!(level.len(), 4);
    assert!(level.contains(&LevelItem::Folder("d\n/".into())), "{level:?}");

    let raw = ["line\nbreak", "d\n/x", "\u{fffd}.txt"].map(RawKey::new);
    let failed = storage.delete_many(raw.into()).await.unwrap().failed;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].1.kind(), ErrorKind::Unsupported);
    assert_eq!(keys(&storage).await, ["a", "!\u{fffd}.txt"]);
}

#[tokio::test]
async fn a_file_put_where_one_was_set_aside_comes_first_and_goes_with_it() {
    let root = tempfile::tempdir().unwrap();
    let storage = open(root.path());
    put(&storage, "f", "aside").await;
    put(&storage, "f/g", "x").await;
    storage.delete(&key("f/g")).await.unwrap();
    fs::write(root.path().join("f"), "by hand").unwrap();
    assert_eq!(read(&storage, "f").await.unwrap(), "by hand");
    assert_eq!(keys(&storage).await, ["f"]);
    put(&storage, "f/g", "x").await;
    assert_eq!(read(&storage, "f").await.unwrap(), "by hand");
    storage.delete(&key("f/g")).await.unwrap();
    storage.delete(&key("f")).await.unwrap();
    assert_eq!(keys(&storage).await, [""; 0]);
    assert_eq!(read(&storage, "f").await, Err(ErrorKind::NotFound));
}
