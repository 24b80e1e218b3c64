use futures_util::future::try_join_all;
use storage_core::capability::Ability;
use storage_core::{ErrorKind, PutOptions, StorageExt};

use crate::case::{Case, case};
use crate::content::pattern;
use crate::outcome::{Outcome, ensure, ensure_eq, refused};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(tells_size_and_content_type).needs(Ability::Attributes),
        case!(a_missing_key_is_not_found),
        case!(a_folder_is_not_found),
        case!(a_key_below_an_object_is_not_found),
        case!(an_empty_object),
        case!(a_large_object).needs(Ability::Attributes),
        case!(many_at_once),
        case!(exists_is_false_only_if_nothing_is_there),
    ]
}

async fn tells_size_and_content_type(store: Sandbox) -> Outcome {
    let key = store.key("a.txt")?;
    store.put(&key, "hello".into(), PutOptions::new().content_type("text/plain")).await?;
    let meta = store.stat(&key).await?;
    ensure_eq!(meta.key, key, "key");
    ensure_eq!(meta.size, 5, "size");
    ensure_eq!(meta.content_type, "text/plain", "content type");
    Ok(())
}

async fn a_missing_key_is_not_found(store: Sandbox) -> Outcome {
    refused(store.stat(&store.key("nope")?).await, ErrorKind::NotFound)?;
    refused(store.stat(&store.key("no/such/folder")?).await, ErrorKind::NotFound)?;
    Ok(())
}

async fn a_folder_is_not_found(store: Sandbox) -> Outcome {
    store.write("folder/a", "x").await?;
    refused(store.stat(&store.key("folder")?).await, ErrorKind::NotFound)?;
    Ok(())
}

async fn a_key_below_an_object_is_not_found(store: Sandbox) -> Outcome {
    store.write("f", "x").await?;
    refused(store.stat(&store.key("f/g")?).await, ErrorKind::NotFound)?;
    Ok(())
}

async fn an_empty_object(store: Sandbox) -> Outcome {
    let key = store.write("empty", "").await?;
    ensure_eq!(store.stat(&key).await?.size, 0, "size");
    Ok(())
}

async fn a_large_object(store: Sandbox) -> Outcome {
    let size = store.large_bytes();
    let key = store.key("large")?;
    store.put(&key, pattern(1, size).into(), PutOptions::new().content_type("video/mp4")).await?;
    let meta = store.stat(&key).await?;
    ensure_eq!(meta.size, size as u64, "size");
    ensure_eq!(meta.content_type, "video/mp4", "content type");
    Ok(())
}

async fn many_at_once(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    let tasks = (0..32).map(|_| {
        let (store, key) = (store.clone(), key.clone());
        tokio::spawn(async move { store.stat(&key).await })
    });
    for meta in try_join_all(tasks).await? {
        ensure_eq!(meta?.size, 3, "size");
    }
    Ok(())
}

async fn exists_is_false_only_if_nothing_is_there(store: Sandbox) -> Outcome {
    let key = store.write("a", "").await?;
    ensure!(store.storage().exists(&key).await?, "an empty object does not exist");
    store.delete(&key).await?;
    ensure!(!store.storage().exists(&key).await?, "a deleted object exists");
    Ok(())
}
