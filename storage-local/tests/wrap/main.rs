//! What each wrapper adds to a store, and what it keeps away from it.
#![allow(clippy::panic, clippy::unwrap_used, reason = "in a test")]

mod faulty;
mod limited;
mod metrics;
mod mirrored;
mod read_only;
mod repair;
mod spans;
mod validated;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use storage_core::{Body, ObjectKey, PutOptions, Storage};
use storage_local::MemoryStorage;

fn key(text: &str) -> ObjectKey {
    text.parse().unwrap()
}

fn memory() -> Arc<dyn Storage> {
    named("memory")
}

fn named(name: &str) -> Arc<dyn Storage> {
    Arc::new(MemoryStorage::builder().name(name).build().unwrap())
}

async fn put(storage: &dyn Storage, name: &str, content: impl Into<Body>) {
    storage.put(&key(name), content.into(), PutOptions::new()).await.unwrap();
}

/// A stream that can be read once, in chunks of 64 KiB.
fn one_shot(length: usize) -> Body {
    let chunk = Bytes::from(vec![7; 64 * 1024]);
    let chunks = (0..length.div_ceil(chunk.len())).map(move |index| {
        Ok::<_, std::io::Error>(chunk.slice(..chunk.len().min(length - index * chunk.len())))
    });
    Body::from_stream(stream::iter(chunks.collect::<Vec<_>>()))
}
