use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use futures_util::future::try_join_all;
use storage_core::capability::Ability;
use storage_core::{Body, Bucket, Collision, ErrorKind, ObjectKey, SaveOptions, Saved};
use tokio::task::yield_now;

use crate::case::{Case, case};
use crate::cases::{bucket, fill, write_all};
use crate::content::{one_shot, pattern, temporary_file};
use crate::outcome::{Outcome, Stop, ensure, ensure_eq, same_bytes};
use crate::sandbox::Sandbox;

/// More than a bucket reads ahead of a stream, so that the stream stays one that can be read once.
const BEYOND_READ_AHEAD: usize = 8 * 1024 * 1024 + 500_000;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(one_name_small_by_64),
        case!(one_name_from_files_by_64),
        case!(one_name_from_streams_by_64),
        case!(one_name_large_from_files_by_8),
        case!(one_name_large_from_streams_by_8),
        case!(one_name_large_from_staged_streams_by_8),
        case!(one_taken_name_by_64),
        case!(one_name_rejecting_by_64).needs(Ability::CreateIfAbsent),
        case!(one_name_replacing_by_16),
        case!(names_of_their_own_by_64),
        case!(an_object_and_those_below_it_at_once).needs(Ability::KeyBelowKey),
        case!(listing_beside_writers_and_deleters),
        case!(one_key_by_writers_readers_and_deleters),
    ]
}

fn from_file(content: &Bytes) -> Outcome<Body> {
    Ok(Body::from_file(temporary_file(content)?)?)
}

fn large(store: &Sandbox) -> usize {
    (store.part_bytes() + 1_000_000).max(BEYOND_READ_AHEAD)
}

/// What became of each save, by number.
type Saves = Vec<(u64, storage_core::Result<Saved>)>;

/// Has so many tasks save one name at once, each a content of its own.
async fn race(
    bucket: &Bucket,
    savers: u64,
    size: usize,
    body: impl Fn(&Bytes) -> Outcome<Body>,
    options: SaveOptions,
) -> Outcome<Saves> {
    let mut tasks = Vec::new();
    for saver in 0..savers {
        let (bucket, body, options) = (bucket.clone(), body(&pattern(saver, size))?, options.clone());
        tasks.push(tokio::spawn(async move { (saver, bucket.save_with("d/one.bin", body, options).await) }));
    }
    Ok(try_join_all(tasks).await?)
}

/// Each save has a key and its bytes of its own, and nothing else is there. Returns the errors.
async fn all_kept(
    store: &Sandbox,
    bucket: &Bucket,
    results: Saves,
    size: usize,
) -> Outcome<Vec<storage_core::Error>> {
    let (mut keys, mut errors): (BTreeSet<ObjectKey>, _) = (BTreeSet::new(), Vec::new());
    for (saver, saved) in results {
        match saved {
            Ok(saved) => {
                ensure_eq!(saved.size, size as u64, "size");
                same_bytes(&bucket.read(&saved.key).await?, &pattern(saver, size))?;
                ensure!(keys.insert(saved.key.clone()), "two savers were given `{}`", saved.key);
            }
            Err(error) => errors.push(error),
        }
    }
    let listed = store.names().await?;
    let keys: Vec<_> = keys.iter().map(ObjectKey::as_str).collect();
    ensure_eq!(listed, keys, "what is listed");
    Ok(errors)
}

async fn all_succeed(store: Sandbox, savers: u64, size: usize, body: fn(&Bytes) -> Outcome<Body>) -> Outcome {
    let bucket = bucket(&store)?;
    let results = race(&bucket, savers, size, body, SaveOptions::new()).await?;
    match all_kept(&store, &bucket, results, size).await?.into_iter().next() {
        None => Ok(()),
        Some(error) => Err(Stop::from(error)),
    }
}

async fn one_name_small_by_64(store: Sandbox) -> Outcome {
    all_succeed(store, 64, 10_000, |content| Ok(content.clone().into())).await
}

async fn one_name_from_files_by_64(store: Sandbox) -> Outcome {
    all_succeed(store, 64, 300_000, from_file).await
}

async fn one_name_from_streams_by_64(store: Sandbox) -> Outcome {
    all_succeed(store, 64, 300_000, |content| Ok(one_shot(content))).await
}

async fn one_name_large_from_files_by_8(store: Sandbox) -> Outcome {
    let size = large(&store);
    all_succeed(store, 8, size, from_file).await
}

async fn one_name_large_from_streams_by_8(store: Sandbox) -> Outcome {
    let (bucket, size) = (bucket(&store)?, large(&store));
    let results = race(&bucket, 8, size, |content| Ok(one_shot(content)), SaveOptions::new()).await?;
    let errors = all_kept(&store, &bucket, results, size).await?;
    ensure!(errors.len() < 8, "none of 8 has been saved");
    for error in errors {
        ensure_eq!(error.kind(), ErrorKind::AlreadyExists, "kind of `{error}`");
        ensure!(error.is_retryable(), "not retryable: `{error}`");
    }
    Ok(())
}

async fn one_name_large_from_staged_streams_by_8(store: Sandbox) -> Outcome {
    let (bucket, size) = (bucket(&store)?, large(&store));
    let results =
        race(&bucket, 8, size, |content| Ok(one_shot(content)), SaveOptions::new().staged()).await?;
    match all_kept(&store, &bucket, results, size).await?.into_iter().next() {
        None => Ok(()),
        Some(error) => Err(Stop::from(error)),
    }
}

async fn one_taken_name_by_64(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    let taken = store.write("d/one.bin", "taken").await?;
    let results = race(&bucket, 64, 1_000, |content| Ok(content.clone().into()), SaveOptions::new()).await?;
    for (saver, saved) in results {
        same_bytes(&bucket.read(&saved?.key).await?, &pattern(saver, 1_000))?;
    }
    store.holds(&taken, b"taken").await?;
    ensure_eq!(store.names().await?.len(), 65, "objects listed");
    Ok(())
}

async fn one_name_rejecting_by_64(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?.with_collision(Collision::Reject);
    let results = race(&bucket, 64, 1_000, |content| Ok(content.clone().into()), SaveOptions::new()).await?;
    let errors = all_kept(&store, &bucket, results, 1_000).await?;
    ensure_eq!(errors.len(), 63, "savers that were refused");
    for error in errors {
        ensure_eq!(error.kind(), ErrorKind::AlreadyExists, "kind of `{error}`");
    }
    Ok(())
}

async fn one_name_replacing_by_16(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?.with_collision(Collision::Replace);
    let results = race(&bucket, 16, 50_000, |content| Ok(one_shot(content)), SaveOptions::new()).await?;
    for (_, saved) in results {
        ensure_eq!(saved?.key.as_str(), "d/one.bin", "key");
    }
    let read = bucket.read("d/one.bin").await?;
    ensure!((0..16).any(|saver| read == pattern(saver, 50_000)), "the object is none of those saved");
    Ok(())
}

async fn names_of_their_own_by_64(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?.with_collision(Collision::Replace);
    let tasks = (0..64u64).map(|saver| {
        let bucket = bucket.clone();
        tokio::spawn(
            async move { bucket.save(format!("{}/{saver}", saver % 4), pattern(saver, 30_000)).await },
        )
    });
    for (saver, saved) in (0..).zip(try_join_all(tasks).await?) {
        same_bytes(&bucket.read(&saved?.key).await?, &pattern(saver, 30_000))?;
    }
    ensure_eq!(store.names().await?.len(), 64, "objects listed");
    Ok(())
}

async fn an_object_and_those_below_it_at_once(store: Sandbox) -> Outcome {
    for round in 0..20 {
        let names = ["f", "f/g", "f/h/i"].map(|name| format!("{round}/{name}"));
        fill(&store, &names).await?;
        for name in names {
            store.holds(&store.key(&name)?, name.as_bytes()).await?;
        }
    }
    Ok(())
}

async fn listing_beside_writers_and_deleters(store: Sandbox) -> Outcome {
    let lasting: Vec<String> = (0..20).map(|number| format!("d/{number:02}/lasting")).collect();
    fill(&store, &lasting).await?;
    let over = Arc::new(AtomicBool::new(false));
    let churn: Vec<_> = (0..4)
        .map(|task| {
            let (store, over) = (store.clone(), Arc::clone(&over));
            tokio::spawn(async move {
                let mut number = task;
                while !over.load(Ordering::Relaxed) {
                    let key = store.write(&format!("d/{:02}/passing-{task}", number % 20), "x").await?;
                    store.delete(&key).await?;
                    number += 1;
                    yield_now().await;
                }
                Ok::<_, Stop>(())
            })
        })
        .collect();
    let mut listed = Ok(());
    for _ in 0..15 {
        listed = lists_all_of(&store, &lasting).await;
        yield_now().await;
        if listed.is_err() {
            break;
        }
    }
    over.store(true, Ordering::Relaxed);
    for task in try_join_all(churn).await? {
        task?;
    }
    listed
}

async fn lists_all_of(store: &Sandbox, lasting: &[String]) -> Outcome {
    let mut names = store.names().await?;
    ensure!(names.is_sorted(), "the listing is out of order");
    names.retain(|name| name.ends_with("lasting"));
    ensure_eq!(names, lasting, "objects that nobody touches");
    let folders = store.level(store.within("d/")).await?;
    ensure_eq!(folders.len(), 20, "folders of objects that nobody touches");
    Ok(())
}

async fn one_key_by_writers_readers_and_deleters(store: Sandbox) -> Outcome {
    write_all(&store, &["d/a"]).await?;
    let contents = [Bytes::from_static(b"d/a"), pattern(1, 40_000), pattern(2, 70_000)];
    let key = store.key("d/a")?;
    let tasks = (0..12usize).map(|task| {
        let (store, key, contents) = (store.clone(), key.clone(), contents.clone());
        tokio::spawn(async move {
            for _ in 0..10 {
                match task % 3 {
                    0 => drop(store.write("d/a", contents[1 + task % 2].clone()).await?),
                    1 => store.delete(&key).await?,
                    _ => reads_one_of(&store, &key, &contents).await?,
                }
                // A store may never have to wait. Then only who yields lets the others go on.
                yield_now().await;
            }
            Ok::<_, Stop>(())
        })
    });
    for task in try_join_all(tasks).await? {
        task?;
    }
    reads_one_of(&store, &key, &contents).await
}

/// What is read is one of the contents or nothing; a transfer that is overtaken may break off.
async fn reads_one_of(store: &Sandbox, key: &ObjectKey, contents: &[Bytes]) -> Outcome {
    match store.read(key).await {
        Ok(read) => ensure!(contents.contains(&read), "{} bytes that nobody has written", read.len()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PreconditionFailed) => {}
        Err(error) => return Err(Stop::from(error)),
    }
    Ok(())
}
