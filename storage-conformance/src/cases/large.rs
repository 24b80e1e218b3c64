use bytes::Bytes;
use storage_core::Body;

use crate::case::{Case, case};
use crate::content::{one_shot, pattern, temporary_file};
use crate::outcome::{Outcome, ensure_eq};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(from_bytes),
        case!(from_a_file),
        case!(from_the_middle_of_a_file),
        case!(from_a_stream_of_known_length),
        case!(from_a_stream_of_unknown_length),
        case!(of_exactly_one_part),
        case!(of_one_part_and_a_byte),
        case!(of_exactly_two_parts),
        case!(replaces_a_small_object),
        case!(is_replaced_by_a_small_object),
        case!(replaces_a_large_object),
        case!(two_at_once),
    ]
}

async fn from_bytes(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    stores(&store, content.clone().into(), &content).await
}

async fn from_a_file(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    stores(&store, Body::from_file(temporary_file(&content)?)?, &content).await
}

async fn from_the_middle_of_a_file(store: Sandbox) -> Outcome {
    use std::io::{Seek, SeekFrom};

    let content = pattern(1, store.large_bytes() + 4_321);
    let mut file = temporary_file(&content)?;
    file.seek(SeekFrom::Start(4_321))?;
    stores(&store, Body::from_file(file)?, &content.slice(4_321..)).await
}

async fn from_a_stream_of_known_length(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    stores(&store, one_shot(&content).with_length(content.len() as u64), &content).await
}

async fn from_a_stream_of_unknown_length(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    stores(&store, one_shot(&content), &content).await
}

async fn of_exactly_one_part(store: Sandbox) -> Outcome {
    every_way(&store, store.part_bytes()).await
}

async fn of_one_part_and_a_byte(store: Sandbox) -> Outcome {
    every_way(&store, store.part_bytes() + 1).await
}

async fn of_exactly_two_parts(store: Sandbox) -> Outcome {
    every_way(&store, 2 * store.part_bytes()).await
}

async fn every_way(store: &Sandbox, size: usize) -> Outcome {
    let content = pattern(1, size);
    stores(store, content.clone().into(), &content).await?;
    stores(store, Body::from_file(temporary_file(&content)?)?, &content).await?;
    stores(store, one_shot(&content), &content).await
}

async fn stores(store: &Sandbox, body: Body, content: &Bytes) -> Outcome {
    let key = store.key("large")?;
    let outcome = store.put(&key, body, store.marked("by", "me")).await?;
    ensure_eq!(outcome.size, content.len() as u64, "size");
    store.holds(&key, content).await?;
    let meta = store.stat(&key).await?;
    ensure_eq!(meta.attributes.metadata, store.marked("by", "me").attributes.metadata, "metadata");
    if let (Some(told), Some(etag)) = (outcome.etag, meta.etag) {
        ensure_eq!(told, etag, "entity tag of put");
    }
    ensure_eq!(store.names().await?, ["large"], "what is listed");
    store.delete(&key).await?;
    Ok(())
}

async fn replaces_a_small_object(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    store.write("a", "small").await?;
    let key = store.write("a", content.clone()).await?;
    store.holds(&key, &content).await
}

async fn is_replaced_by_a_small_object(store: Sandbox) -> Outcome {
    store.write("a", pattern(1, store.large_bytes())).await?;
    let key = store.write("a", "small").await?;
    store.holds(&key, b"small").await
}

async fn replaces_a_large_object(store: Sandbox) -> Outcome {
    store.write("a", pattern(1, store.large_bytes())).await?;
    let other = pattern(2, store.large_bytes());
    let key = store.write("a", one_shot(&other)).await?;
    store.holds(&key, &other).await
}

async fn two_at_once(store: Sandbox) -> Outcome {
    let (one, two) = (pattern(1, store.large_bytes()), pattern(2, store.large_bytes()));
    let (first, second) = tokio::join!(store.write("one", one.clone()), store.write("two", one_shot(&two)));
    store.holds(&first?, &one).await?;
    store.holds(&second?, &two).await
}
