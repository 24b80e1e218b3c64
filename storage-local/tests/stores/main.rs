//! What the folder and the memory do alike, seen through `Storage`.
#![allow(clippy::unwrap_used, reason = "in a test")]

mod conditions;
mod copying;
mod listing;
mod odd_keys;
mod urls;
mod writing;

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use storage_core::list::ListOptions;
use storage_core::list::{LevelItem, ListItem};
use storage_core::{Body, ErrorKind, ObjectKey, PutOptions, Result, Storage, StorageExt};
use storage_local::MemoryStorage;

/// Runs a case on every store.
async fn on_each<F: Future<Output = ()>>(case: impl Fn(Arc<dyn Storage>) -> F) {
    case(Arc::new(MemoryStorage::new())).await;
    #[cfg(unix)]
    {
        use storage_local::{Durability, LocalStorage};
        let root = tempfile::tempdir().unwrap();
        case(Arc::new(LocalStorage::builder(root.path()).durability(Durability::None).build().unwrap()))
            .await;
    }
}

fn key(text: impl AsRef<str>) -> ObjectKey {
    ObjectKey::new(text).unwrap()
}

async fn put(storage: &dyn Storage, name: &str, content: impl Into<Bytes>) {
    storage.put(&key(name), Body::from_bytes(content), PutOptions::new()).await.unwrap();
}

async fn read(storage: &dyn Storage, name: &str) -> Result<Bytes, ErrorKind> {
    storage.read(&key(name)).await.map_err(|error| error.kind())
}

async fn keys(storage: &dyn Storage, options: ListOptions) -> Vec<String> {
    let items: Vec<ListItem> = storage.list(options).try_collect().await.unwrap();
    items
        .into_iter()
        .map(|item| match item {
            ListItem::Object(entry) => entry.key.as_str().to_owned(),
            ListItem::Unaddressable(entry) => format!("!{}", entry.key),
        })
        .collect()
}

async fn level(storage: &dyn Storage, options: ListOptions) -> Vec<String> {
    let items: Vec<LevelItem> = storage.list_level(options).try_collect().await.unwrap();
    items
        .into_iter()
        .map(|item| match item {
            LevelItem::Folder(folder) => folder,
            LevelItem::Object(entry) => entry.key.as_str().to_owned(),
            LevelItem::Unaddressable(entry) => format!("!{}", entry.key),
        })
        .collect()
}
