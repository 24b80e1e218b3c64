use std::time::Duration;

use futures_util::StreamExt;
use storage_core::capability::Ability;
use storage_core::list::ListItem;

use crate::case::{Case, case};
use crate::cases::{fill, write_all};
use crate::content::pattern;
use crate::outcome::{Outcome, ensure, ensure_eq};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(of_nothing_is_empty),
        case!(in_the_order_of_bytes),
        case!(in_the_order_of_bytes_beyond_the_basic_plane),
        case!(in_the_order_of_bytes_with_objects_beside_folders).needs(Ability::KeyBelowKey),
        case!(tells_what_stat_tells),
        case!(a_prefix_need_not_be_a_folder),
        case!(a_prefix_is_taken_literally),
        case!(a_prefix_that_is_a_key),
        case!(a_prefix_that_nothing_has),
        case!(starts_after_a_key),
        case!(starts_after_a_key_that_is_not_there),
        case!(starts_after_a_key_outside_the_prefix),
        case!(starts_after_the_last_key),
        case!(starts_after_a_key_beyond_a_folder_with_a_longer_name),
        case!(of_2500_keys_in_order),
        case!(of_2500_keys_from_the_middle),
        case!(while_all_is_deleted),
        case!(dropped_half_way),
        case!(outlives_its_handle),
        case!(of_large_objects),
        case!(by_many_at_once),
    ]
}

async fn of_nothing_is_empty(store: Sandbox) -> Outcome {
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is listed");
    Ok(())
}

async fn in_the_order_of_bytes(store: Sandbox) -> Outcome {
    in_order(
        store,
        &["a b", "a-b", "a.b", "a/b", "a/b-c", "a/b.c", "a0", "A", "Z", "_", "b/c/d", "z", "é", "日"],
    )
    .await
}

async fn in_the_order_of_bytes_beyond_the_basic_plane(store: Sandbox) -> Outcome {
    // By UTF-16 units the emoji would come first.
    in_order(store, &["\u{e000}", "\u{fffd}", "😀", "z"]).await
}

async fn in_the_order_of_bytes_with_objects_beside_folders(store: Sandbox) -> Outcome {
    in_order(store, &["a", "a!", "a-", "a/b", "a/b!", "a/b/c", "a/b0", "a0"]).await
}

async fn in_order(store: Sandbox, names: &[&str]) -> Outcome {
    let mut names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    names.sort_unstable();
    fill(&store, &names).await?;
    ensure_eq!(store.names().await?, names, "order");
    for (index, after) in names.iter().enumerate() {
        let listed = store.names_of(store.within("").start_after(store.path(after))).await?;
        ensure_eq!(listed, names[index + 1..], "after `{after}`");
    }
    Ok(())
}

async fn tells_what_stat_tells(store: Sandbox) -> Outcome {
    let key = store.write("a", "hello").await?;
    let (entries, meta) = (store.entries(store.within("")).await?, store.stat(&key).await?);
    ensure_eq!(entries.len(), 1, "objects listed");
    ensure_eq!(entries[0].key, key, "key");
    ensure_eq!(entries[0].size, 5, "size");
    if let (Some(listed), Some(known)) = (&entries[0].etag, &meta.etag) {
        ensure_eq!(listed, known, "entity tag");
    }
    if let (Some(listed), Some(known)) = (entries[0].last_modified, meta.last_modified) {
        let apart = listed.duration_since(known).or_else(|_| known.duration_since(listed))?;
        ensure!(apart < Duration::from_secs(1), "listing and stat differ by {apart:?}");
    }
    Ok(())
}

async fn a_prefix_need_not_be_a_folder(store: Sandbox) -> Outcome {
    write_all(&store, &["aa", "ab.txt", "ab/c", "abc", "b/ab"]).await?;
    ensure_eq!(store.names_of(store.within("ab")).await?, ["ab.txt", "ab/c", "abc"], "below `ab`");
    ensure_eq!(store.names_of(store.within("ab/")).await?, ["ab/c"], "below `ab/`");
    ensure_eq!(store.names_of(store.within("b/a")).await?, ["b/ab"], "below `b/a`");
    Ok(())
}

async fn a_prefix_is_taken_literally(store: Sandbox) -> Outcome {
    let names = ["a b%20+/c", "a*/d", "ü/e", "u\u{308}/f", "[x]?/g"];
    write_all(&store, &names).await?;
    for name in names {
        let folder = &name[..=name.find('/').unwrap_or(0)];
        ensure_eq!(store.names_of(store.within(folder)).await?, [name], "below `{folder}`");
    }
    Ok(())
}

async fn a_prefix_that_is_a_key(store: Sandbox) -> Outcome {
    write_all(&store, &["a.txt", "a.txt2", "b"]).await?;
    ensure_eq!(store.names_of(store.within("a.txt")).await?, ["a.txt", "a.txt2"], "below `a.txt`");
    Ok(())
}

async fn a_prefix_that_nothing_has(store: Sandbox) -> Outcome {
    write_all(&store, &["a", "b/c"]).await?;
    for prefix in ["a/", "b/c/", "b/d", "nope/", "no/such/", "b//"] {
        ensure_eq!(store.names_of(store.within(prefix)).await?, Vec::<String>::new(), "below `{prefix}`");
    }
    Ok(())
}

async fn starts_after_a_key(store: Sandbox) -> Outcome {
    write_all(&store, &["a", "b/a", "b/b", "c"]).await?;
    let after = |name: &str| store.within("").start_after(store.path(name));
    ensure_eq!(store.names_of(after("a")).await?, ["b/a", "b/b", "c"], "after `a`");
    ensure_eq!(store.names_of(after("b/a")).await?, ["b/b", "c"], "after `b/a`");
    let within = store.within("b/").start_after(store.path("b/a"));
    ensure_eq!(store.names_of(within).await?, ["b/b"], "after `b/a` below `b/`");
    Ok(())
}

async fn starts_after_a_key_that_is_not_there(store: Sandbox) -> Outcome {
    write_all(&store, &["a", "b/a", "b/c", "c"]).await?;
    let after = |name: &str| store.within("").start_after(store.path(name));
    ensure_eq!(store.names_of(after("b")).await?, ["b/a", "b/c", "c"], "after `b`");
    ensure_eq!(store.names_of(after("b/b")).await?, ["b/c", "c"], "after `b/b`");
    ensure_eq!(store.names_of(after("b0")).await?, ["c"], "after `b0`");
    Ok(())
}

async fn starts_after_a_key_outside_the_prefix(store: Sandbox) -> Outcome {
    write_all(&store, &["a", "b/a", "b/b", "c"]).await?;
    let after = |name: &str| store.within("b/").start_after(store.path(name));
    ensure_eq!(store.names_of(after("a")).await?, ["b/a", "b/b"], "after `a` below `b/`");
    ensure_eq!(store.names_of(after("c")).await?, Vec::<String>::new(), "after `c` below `b/`");
    Ok(())
}

async fn starts_after_the_last_key(store: Sandbox) -> Outcome {
    write_all(&store, &["a", "b"]).await?;
    let after = store.within("").start_after(store.path("b"));
    ensure_eq!(store.names_of(after).await?, Vec::<String>::new(), "after the last");
    Ok(())
}

/// `a-b/` comes before `a/`, and holds more than a page.
async fn starts_after_a_key_beyond_a_folder_with_a_longer_name(store: Sandbox) -> Outcome {
    let mut names: Vec<String> = (0..1_100).map(|number| format!("a-b/{number:04}")).collect();
    names.extend(["a/1", "a/2", "b"].map(str::to_owned));
    fill(&store, &names).await?;
    for index in [0, 500, 1_099, 1_100, 1_101] {
        let after = store.within("").start_after(store.path(&names[index]));
        let listed = store.names_of(after).await?;
        ensure_eq!(listed.len(), names.len() - index - 1, "objects after `{}`", names[index]);
        ensure!(listed == names[index + 1..], "what comes after `{}` is out of order", names[index]);
    }
    Ok(())
}

async fn of_2500_keys_in_order(store: Sandbox) -> Outcome {
    let names = numbered(2_500);
    fill(&store, &names).await?;
    let listed = store.names().await?;
    ensure_eq!(listed.len(), names.len(), "objects listed");
    ensure!(listed == names, "2,500 keys come out of order");
    let below = store.names_of(store.within("d1/")).await?;
    ensure_eq!(below.len(), 1_000, "objects below `d1/`");
    Ok(())
}

async fn of_2500_keys_from_the_middle(store: Sandbox) -> Outcome {
    let names = numbered(2_500);
    fill(&store, &names).await?;
    for index in [0, 499, 999, 1_000, 1_001, 2_498] {
        let after = store.within("").start_after(store.path(&names[index]));
        let listed = store.names_of(after).await?;
        ensure_eq!(listed.len(), names.len() - index - 1, "objects after number {index}");
        ensure!(listed == names[index + 1..], "what comes after number {index} is out of order");
    }
    Ok(())
}

/// `d0/0000`, …: a thousand to a folder.
fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("d{}/{number:04}", number / 1_000)).collect()
}

async fn while_all_is_deleted(store: Sandbox) -> Outcome {
    let names = numbered(1_100);
    fill(&store, &names).await?;
    let mut items = store.list(store.within(""));
    let mut seen = Vec::new();
    while let Some(item) = items.next().await {
        if let ListItem::Object(entry) = item? {
            store.delete(&entry.key).await?;
            seen.push(entry.key.as_str().replace(store.prefix(), ""));
        }
    }
    ensure_eq!(seen.len(), names.len(), "objects seen");
    ensure!(seen == names, "deleting what was listed has disturbed the rest of the listing");
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is left");
    Ok(())
}

async fn dropped_half_way(store: Sandbox) -> Outcome {
    write_all(&store, &["a", "b", "c"]).await?;
    let mut items = store.list(store.within(""));
    ensure!(items.next().await.is_some(), "nothing is listed");
    drop(items);
    drop(store.list(store.within("")));
    ensure_eq!(store.names().await?.len(), 3, "objects listed");
    Ok(())
}

async fn outlives_its_handle(store: Sandbox) -> Outcome {
    write_all(&store, &["a", "b", "c"]).await?;
    let kept = store.clone();
    let items = store.list(store.within(""));
    drop(store);
    ensure_eq!(items.count().await, 3, "objects listed");
    drop(kept);
    Ok(())
}

async fn of_large_objects(store: Sandbox) -> Outcome {
    let size = store.large_bytes();
    store.write("large", pattern(1, size)).await?;
    let entries = store.entries(store.within("")).await?;
    ensure_eq!(entries.len(), 1, "objects listed");
    ensure_eq!(entries[0].size, size as u64, "size");
    Ok(())
}

async fn by_many_at_once(store: Sandbox) -> Outcome {
    let names = numbered(50);
    fill(&store, &names).await?;
    let tasks = (0..16).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.names().await })
    });
    for listed in futures_util::future::try_join_all(tasks).await? {
        ensure!(listed? == names, "a listing beside others is not complete");
    }
    Ok(())
}
