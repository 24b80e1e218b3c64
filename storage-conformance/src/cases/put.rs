use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::try_join_all;
use storage_core::PutOptions;
use storage_core::capability::Ability;

use crate::case::{Case, case};
use crate::content::{one_shot, pattern};
use crate::outcome::{Outcome, ensure, ensure_eq};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(stores_what_it_is_given),
        case!(replaces_content_and_attributes).needs(Ability::Attributes),
        case!(replaces_by_something_shorter),
        case!(takes_an_empty_body).needs(Ability::Attributes),
        case!(tells_the_entity_tag_that_stat_tells),
        case!(another_content_has_another_entity_tag),
        case!(many_keys_at_once),
        case!(one_key_by_many_leaves_one_of_them_whole).needs(Ability::Attributes),
        case!(progress_of_a_small_body),
        case!(progress_of_a_large_body),
    ]
}

async fn stores_what_it_is_given(store: Sandbox) -> Outcome {
    let key = store.key("a/b.txt")?;
    let outcome = store.put(&key, "some text".into(), PutOptions::new()).await?;
    ensure_eq!(outcome.size, 9, "size");
    store.holds(&key, b"some text").await?;
    ensure_eq!(store.names().await?, ["a/b.txt"], "what is listed");
    Ok(())
}

async fn replaces_content_and_attributes(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let first = PutOptions::new().content_type("text/plain").cache_control("no-store").metadata("first", "1");
    store.put(&key, "first".into(), first).await?;
    let second = PutOptions::new().content_type("text/html").metadata("second", "2");
    store.put(&key, "the second".into(), second).await?;
    store.holds(&key, b"the second").await?;
    let meta = store.stat(&key).await?;
    ensure_eq!(meta.content_type, "text/html", "content type");
    ensure_eq!(meta.attributes.cache_control, None, "cache control of the replaced object");
    let names: Vec<_> = meta.attributes.metadata.keys().collect();
    ensure_eq!(names, ["second"], "metadata names");
    Ok(())
}

async fn replaces_by_something_shorter(store: Sandbox) -> Outcome {
    let key = store.write("a", pattern(1, 100_000)).await?;
    store.write("a", "x").await?;
    store.holds(&key, b"x").await
}

async fn takes_an_empty_body(store: Sandbox) -> Outcome {
    let key = store.key("empty")?;
    let outcome = store.put(&key, "".into(), PutOptions::new().metadata("a", "1")).await?;
    ensure_eq!(outcome.size, 0, "size");
    store.holds(&key, b"").await?;
    ensure!(store.stat(&key).await?.attributes.metadata.contains_key("a"), "an empty object has no metadata");
    Ok(())
}

async fn tells_the_entity_tag_that_stat_tells(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let put = store.put(&key, "abc".into(), PutOptions::new()).await?.etag;
    let stat = store.etag(&key).await?;
    ensure!(!stat.as_str().is_empty(), "the entity tag is empty");
    if let Some(put) = put {
        ensure_eq!(put, stat, "entity tag of put");
    }
    Ok(())
}

async fn another_content_has_another_entity_tag(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    let first = store.etag(&key).await?;
    store.write("a", "abd").await?;
    let second = store.etag(&key).await?;
    ensure!(first != second, "`abc` and `abd` both have the entity tag {first}");
    Ok(())
}

async fn many_keys_at_once(store: Sandbox) -> Outcome {
    let writes = (0..32).map(|number| {
        let store = store.clone();
        async move { store.write(&format!("d/{number:02}"), pattern(number, 10_000)).await }
    });
    let keys = try_join_all(writes).await?;
    for (number, key) in (0..).zip(&keys) {
        store.holds(key, &pattern(number, 10_000)).await?;
    }
    ensure_eq!(store.names().await?.len(), 32, "objects listed");
    Ok(())
}

async fn one_key_by_many_leaves_one_of_them_whole(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let tasks = (0..16u64).map(|number| {
        let (store, key) = (store.clone(), key.clone());
        tokio::spawn(async move {
            let options = PutOptions::new().metadata("writer", number.to_string());
            store.put(&key, pattern(number, 20_000).into(), options).await
        })
    });
    for written in try_join_all(tasks).await? {
        written?;
    }
    let object = store.open(&key).await?;
    let writer: u64 = object.meta().attributes.metadata.get("writer").map_or("", String::as_str).parse()?;
    store.holds(&key, &pattern(writer, 20_000)).await
}

async fn progress_of_a_small_body(store: Sandbox) -> Outcome {
    progress(store, 100_000).await
}

async fn progress_of_a_large_body(store: Sandbox) -> Outcome {
    let size = store.large_bytes();
    progress(store, size).await
}

async fn progress(store: Sandbox, size: usize) -> Outcome {
    let content = pattern(1, size);
    for body in [content.clone().into(), one_shot(&content)] {
        let steps = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&steps);
        let options = PutOptions::new().progress(move |step| {
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(step.transferred);
        });
        store.put(&store.key("a")?, body, options).await?;
        let steps = steps.lock().unwrap_or_else(PoisonError::into_inner).clone();
        ensure!(steps.is_sorted(), "progress goes back: {steps:?}");
        ensure_eq!(steps.last().copied(), Some(size as u64), "the last step");
    }
    Ok(())
}
