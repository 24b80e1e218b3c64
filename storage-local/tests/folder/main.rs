//! What is the folder's own: files on disk, several processes, crashes.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "in a test")]

mod by_hand;
mod cancelled;
mod children;
mod crashes;
mod links;
mod processes;
mod settings;
mod side_by_side;
mod torn;

use std::path::Path;

use bytes::Bytes;
use futures_util::TryStreamExt;
use storage_core::list::ListItem;
use storage_core::list::ListOptions;
use storage_core::{Body, ErrorKind, ObjectKey, PutOptions, Result, Storage, StorageExt};
use storage_local::{Durability, LocalStorage};

fn open(root: &Path) -> LocalStorage {
    LocalStorage::builder(root).durability(Durability::None).build().unwrap()
}

fn key(text: impl AsRef<str>) -> ObjectKey {
    ObjectKey::new(text).unwrap()
}

async fn put(storage: &LocalStorage, name: &str, content: impl Into<Bytes>) {
    storage.put(&key(name), Body::from_bytes(content), PutOptions::new()).await.unwrap();
}

async fn read(storage: &LocalStorage, name: &str) -> Result<Bytes, ErrorKind> {
    storage.read(&key(name)).await.map_err(|error| error.kind())
}

async fn keys(storage: &LocalStorage) -> Vec<String> {
    let items: Vec<ListItem> = storage.list(ListOptions::new()).try_collect().await.unwrap();
    items
        .into_iter()
        .map(|item| match item {
            ListItem::Object(entry) => entry.key.as_str().to_owned(),
            ListItem::Unaddressable(entry) => format!("!{}", entry.key),
        })
        .collect()
}

/// Every file below `folder`, as paths from there, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(dir) = folders.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() && !path.is_symlink() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned()),
            }
        }
    }
    found.sort();
    found
}

/// How many files are still written, or were left by a dead writer.
fn temporary(root: &Path) -> usize {
    files(&root.join(".storage/tmp")).len()
}

fn records(root: &Path) -> usize {
    files(&root.join(".storage/records")).len()
}
