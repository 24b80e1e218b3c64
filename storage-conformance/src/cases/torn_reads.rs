use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use futures_util::future::try_join_all;
use storage_core::capability::Ability;
use storage_core::{ErrorKind, GetOptions, ObjectKey, PutOptions};
use tokio::task::yield_now;

use crate::case::{Case, case};
use crate::content::{one_shot, pattern};
use crate::outcome::{Outcome, Stop, ensure, ensure_eq, same_bytes};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(content_and_metadata_belong_together).needs(Ability::Attributes),
        case!(content_and_metadata_of_a_large_object_belong_together).needs(Ability::Attributes),
        case!(stat_and_listing_never_miss_it).needs(Ability::Attributes),
        case!(an_open_read_is_of_one_object).needs(Ability::Attributes),
        case!(an_open_read_of_a_deleted_object_is_whole_or_fails),
        case!(a_range_is_of_the_object_that_its_metadata_tells).needs(Ability::Attributes),
    ]
}

// A store may never have to wait. Then only who yields lets the others go on.

/// Versions of an object that differ in content, size and metadata.
struct Versions {
    contents: [Bytes; 2],
}

impl Versions {
    fn new(size: usize) -> Arc<Self> {
        Arc::new(Self { contents: [pattern(0, size), pattern(1, size + 999)] })
    }

    async fn write(&self, store: &Sandbox, key: &ObjectKey, version: usize) -> Outcome {
        let content = &self.contents[version % 2];
        let body = if version.is_multiple_of(3) { one_shot(content) } else { content.clone().into() };
        store.put(key, body, PutOptions::new().metadata("version", (version % 2).to_string())).await?;
        yield_now().await;
        Ok(())
    }
}

async fn content_and_metadata_belong_together(store: Sandbox) -> Outcome {
    overwrite_and_read(store, 60_000, 60).await
}

async fn content_and_metadata_of_a_large_object_belong_together(store: Sandbox) -> Outcome {
    let size = store.part_bytes() + 300_000;
    overwrite_and_read(store, size, 6).await
}

async fn overwrite_and_read(store: Sandbox, size: usize, rounds: usize) -> Outcome {
    let (key, versions) = (store.key("a")?, Versions::new(size));
    versions.write(&store, &key, 0).await?;
    let over = Arc::new(AtomicBool::new(false));
    let readers = (0..4).map(|_| {
        let (store, key) = (store.clone(), key.clone());
        let (versions, over) = (Arc::clone(&versions), Arc::clone(&over));
        tokio::spawn(async move {
            while !over.load(Ordering::Relaxed) {
                read_one_version(&store, &key, &versions).await?;
                yield_now().await;
            }
            read_one_version(&store, &key, &versions).await
        })
    });
    let readers: Vec<_> = readers.collect();
    let mut written = Ok(());
    for version in 1..=rounds {
        written = versions.write(&store, &key, version).await;
        if written.is_err() {
            break;
        }
    }
    over.store(true, Ordering::Relaxed);
    for read in try_join_all(readers).await? {
        read?;
    }
    written
}

async fn read_one_version(store: &Sandbox, key: &ObjectKey, versions: &Versions) -> Outcome {
    let object = store.open(key).await?;
    let meta = object.meta().clone();
    let version = meta.attributes.metadata.get("version").map_or("none", String::as_str);
    let expected = match version {
        "0" => &versions.contents[0],
        "1" => &versions.contents[1],
        _ => return Err(Stop::failed(format!("the metadata tells version `{version}`"))),
    };
    ensure_eq!(meta.size, expected.len() as u64, "size of version {version}");
    match object.bytes().await {
        Ok(read) => same_bytes(&read, expected),
        Err(error) => was_replaced(error),
    }
}

/// A store that has to resume a broken transfer may find another object there, and must say so.
fn was_replaced(error: storage_core::Error) -> Outcome {
    match error.kind() {
        ErrorKind::PreconditionFailed | ErrorKind::NotFound => Ok(()),
        _ => Err(Stop::from(error)),
    }
}

async fn stat_and_listing_never_miss_it(store: Sandbox) -> Outcome {
    let (key, versions) = (store.key("d/a")?, Versions::new(40_000));
    versions.write(&store, &key, 0).await?;
    let over = Arc::new(AtomicBool::new(false));
    let watcher = {
        let (store, key, over) = (store.clone(), key.clone(), Arc::clone(&over));
        tokio::spawn(async move {
            while !over.load(Ordering::Relaxed) {
                let size = store.stat(&key).await?.size;
                ensure!(size == 40_000 || size == 40_999, "an object of {size} bytes was never stored");
                ensure_eq!(store.names().await?, ["d/a"], "what is listed");
                ensure_eq!(store.level(store.within("d/")).await?, ["d/a"], "the level");
                yield_now().await;
            }
            Ok(())
        })
    };
    for version in 1..=60 {
        versions.write(&store, &key, version).await?;
    }
    over.store(true, Ordering::Relaxed);
    watcher.await?
}

async fn an_open_read_is_of_one_object(store: Sandbox) -> Outcome {
    let (key, versions) = (store.key("a")?, Versions::new(store.large_bytes()));
    versions.write(&store, &key, 0).await?;
    let object = store.open(&key).await?;
    versions.write(&store, &key, 1).await?;
    match object.bytes().await {
        Ok(read) => same_bytes(&read, &versions.contents[0]),
        Err(error) => was_replaced(error),
    }
}

async fn an_open_read_of_a_deleted_object_is_whole_or_fails(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let key = store.write("a", content.clone()).await?;
    let object = store.open(&key).await?;
    store.delete(&key).await?;
    match object.bytes().await {
        Ok(read) => same_bytes(&read, &content),
        Err(error) => was_replaced(error),
    }
}

async fn a_range_is_of_the_object_that_its_metadata_tells(store: Sandbox) -> Outcome {
    let (key, versions) = (store.key("a")?, Versions::new(100_000));
    versions.write(&store, &key, 0).await?;
    let writer = {
        let (store, key, versions) = (store.clone(), key.clone(), Arc::clone(&versions));
        tokio::spawn(async move {
            for version in 1..=40 {
                versions.write(&store, &key, version).await?;
            }
            Ok::<_, Stop>(())
        })
    };
    while !writer.is_finished() {
        let object = store.open_with(&key, GetOptions::new().range(50_000..60_000)).await?;
        let expected = match object.meta().size {
            100_000 => &versions.contents[0],
            _ => &versions.contents[1],
        };
        match object.bytes().await {
            Ok(read) => same_bytes(&read, &expected[50_000..60_000])?,
            Err(error) => was_replaced(error)?,
        }
        yield_now().await;
    }
    writer.await?
}
