use futures_util::StreamExt;
use storage_core::capability::Ability;
use storage_core::key::RawKey;
use storage_core::list::{LevelItem, ListItem};
use storage_core::{Bucket, Collision, ErrorKind, UrlOptions, Visibility};

use crate::case::{Case, case};
use crate::cases::bucket;
use crate::content::pattern;
use crate::outcome::{Outcome, ensure, ensure_eq, refused, same_bytes};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(reads_what_it_saved),
        case!(exists_and_size),
        case!(deletes_one_and_many),
        case!(copies_and_renames),
        case!(lists_flat_and_by_level),
        case!(a_part_of_it_sees_only_that_part),
        case!(urls_by_visibility).needs(Ability::SignedUrls),
        case!(urls_are_refused_where_there_are_none).without(Ability::SignedUrls),
    ]
}

async fn reads_what_it_saved(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    let content = pattern(1, 100_000);
    let key = bucket.save("a.bin", content.clone()).await?.key;
    let object = bucket.open(&key).await?;
    ensure_eq!(object.meta().key, key, "key");
    ensure_eq!(object.meta().size, 100_000, "size");
    same_bytes(&object.bytes().await?, &content)?;
    same_bytes(&bucket.read_range(&key, 10..20).await?, &content[10..20])?;
    refused(bucket.read("nope").await, ErrorKind::NotFound)?;
    Ok(())
}

async fn exists_and_size(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    let key = bucket.save("a", "abc").await?.key;
    ensure!(bucket.exists(&key).await?, "what was saved does not exist");
    ensure!(!bucket.exists("nope").await?, "what was never saved exists");
    ensure_eq!(bucket.size(&key).await?, 3, "size");
    refused(bucket.size("nope").await, ErrorKind::NotFound)?;
    Ok(())
}

async fn deletes_one_and_many(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    let mut keys = Vec::new();
    for name in ["a", "b", "c", "d"] {
        keys.push(bucket.save(name, "x").await?.key);
    }
    bucket.delete(&keys[0]).await?;
    bucket.delete(&keys[0]).await?;
    bucket.delete_many(keys[1..3].iter().map(RawKey::from).collect::<Vec<_>>()).await?.into_result()?;
    ensure_eq!(store.names().await?, [keys[3].as_str()], "what is left");
    Ok(())
}

async fn copies_and_renames(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    let key = bucket.save("a", "abc").await?.key;
    bucket.copy(&key, "copy").await?;
    bucket.rename("copy", "d/moved").await?;
    same_bytes(&bucket.read("d/moved").await?, b"abc")?;
    ensure!(!bucket.exists("copy").await?, "what was moved is still there");
    same_bytes(&bucket.read(&key).await?, b"abc")
}

async fn lists_flat_and_by_level(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?.with_collision(Collision::Replace);
    for name in ["a", "d/b", "d/e/c", "z"] {
        bucket.save(name, "x").await?;
    }
    let mut flat = Vec::new();
    let mut items = bucket.list("d/");
    while let Some(item) = items.next().await {
        if let ListItem::Object(entry) = item? {
            flat.push(entry.key.to_string());
        }
    }
    ensure_eq!(flat, ["d/b", "d/e/c"], "what is listed below `d/`");
    ensure_eq!(level(&bucket, "").await?, ["a", "d/", "z"], "the top level");
    ensure_eq!(level(&bucket, "d").await?, ["d/b", "d/e/"], "the level of `d`");
    ensure_eq!(level(&bucket, "d/").await?, ["d/b", "d/e/"], "the level of `d/`");
    Ok(())
}

async fn level(bucket: &Bucket, folder: &str) -> Outcome<Vec<String>> {
    let mut items = bucket.list_level(folder);
    let mut names = Vec::new();
    while let Some(item) = items.next().await {
        match item? {
            LevelItem::Object(entry) => names.push(entry.key.to_string()),
            LevelItem::Folder(folder) => names.push(folder),
            LevelItem::Unaddressable(entry) => names.push(entry.key.to_string()),
        }
    }
    Ok(names)
}

async fn a_part_of_it_sees_only_that_part(store: Sandbox) -> Outcome {
    let whole = bucket(&store)?.with_collision(Collision::Replace);
    let part = whole.prefixed("part/")?;
    whole.save("outside", "x").await?;
    part.save("inside", "y").await?;
    same_bytes(&whole.read("part/inside").await?, b"y")?;
    refused(part.read("outside").await, ErrorKind::NotFound)?;
    ensure_eq!(level(&part, "").await?, ["inside"], "the part's top level");
    let error = refused(part.stat("nope").await, ErrorKind::NotFound)?;
    ensure_eq!(error.key(), Some("nope"), "key that the error names");
    Ok(())
}

async fn urls_by_visibility(store: Sandbox) -> Outcome {
    let private = bucket(&store)?;
    let key = private.save("Ü 1.txt", "x").await?.key;
    let signed = private.url(&key)?;
    ensure!(signed.as_str().contains('?'), "a private bucket's URL is not signed");
    let public = private.clone().with_visibility(Visibility::Public).url(&key)?;
    ensure!(!public.as_str().contains('?'), "a public bucket's URL has a query: {public}");
    let other = private.url_with(&key, UrlOptions::new().download_as("Ä.txt"))?;
    ensure!(other != signed, "the options are not in the URL");
    Ok(())
}

async fn urls_are_refused_where_there_are_none(store: Sandbox) -> Outcome {
    refused(bucket(&store)?.url("a"), ErrorKind::Unsupported)?;
    Ok(())
}
