use futures_util::StreamExt;
use storage_core::capability::Ability;
use storage_core::list::LevelItem;

use crate::case::{Case, case};
use crate::cases::{fill, write_all};
use crate::outcome::{Outcome, Stop, ensure, ensure_eq};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(of_nothing_is_empty),
        case!(gives_objects_and_folders_of_one_level),
        case!(gives_a_folder_once),
        case!(in_the_order_of_bytes),
        case!(of_a_folder_within_a_folder),
        case!(of_a_missing_folder_is_empty),
        case!(a_prefix_need_not_be_a_folder),
        case!(an_object_beside_a_folder_of_its_name).needs(Ability::KeyBelowKey),
        case!(names_are_taken_literally),
        case!(starts_after_a_key),
        case!(tells_sizes),
        case!(of_2500_items_in_order),
        case!(of_2500_keys_in_one_folder),
        case!(dropped_half_way),
    ]
}

async fn of_nothing_is_empty(store: Sandbox) -> Outcome {
    ensure_eq!(store.level(store.within("")).await?, Vec::<String>::new(), "the level");
    Ok(())
}

async fn gives_objects_and_folders_of_one_level(store: Sandbox) -> Outcome {
    write_all(&store, &["a.txt", "b/c", "b/d/e", "f/g/h", "z"]).await?;
    ensure_eq!(store.level(store.within("")).await?, ["a.txt", "b/", "f/", "z"], "the level");
    Ok(())
}

async fn gives_a_folder_once(store: Sandbox) -> Outcome {
    write_all(&store, &["d/1", "d/2", "d/e/3", "d/e/f/4"]).await?;
    ensure_eq!(store.level(store.within("")).await?, ["d/"], "the level");
    Ok(())
}

async fn in_the_order_of_bytes(store: Sandbox) -> Outcome {
    let names =
        ["A", "Z/x", "a b", "a!/x", "a-b", "a.b", "a/x", "a0", "b/x", "é", "日/x", "\u{fffd}", "😀/x"];
    write_all(&store, &names).await?;
    let mut expected: Vec<String> = names.iter().map(|name| name.replace("/x", "/")).collect();
    expected.sort_unstable();
    ensure_eq!(store.level(store.within("")).await?, expected, "the level");
    Ok(())
}

async fn of_a_folder_within_a_folder(store: Sandbox) -> Outcome {
    write_all(&store, &["a/b/c/d", "a/b/e", "a/bc/f", "a/g", "h"]).await?;
    ensure_eq!(store.level(store.within("a/")).await?, ["a/b/", "a/bc/", "a/g"], "the level of `a/`");
    ensure_eq!(store.level(store.within("a/b/")).await?, ["a/b/c/", "a/b/e"], "the level of `a/b/`");
    Ok(())
}

async fn of_a_missing_folder_is_empty(store: Sandbox) -> Outcome {
    write_all(&store, &["a/b", "c"]).await?;
    for folder in ["nope/", "c/", "a/b/", "a/nope/", "a//"] {
        ensure_eq!(store.level(store.within(folder)).await?, Vec::<String>::new(), "the level of `{folder}`");
    }
    Ok(())
}

async fn a_prefix_need_not_be_a_folder(store: Sandbox) -> Outcome {
    write_all(&store, &["other", "pre", "prefix/a", "present.txt", "q/pre/a", "q/prey"]).await?;
    ensure_eq!(
        store.level(store.within("pre")).await?,
        ["pre", "prefix/", "present.txt"],
        "the level of `pre`"
    );
    ensure_eq!(store.level(store.within("q/pre")).await?, ["q/pre/", "q/prey"], "the level of `q/pre`");
    Ok(())
}

async fn an_object_beside_a_folder_of_its_name(store: Sandbox) -> Outcome {
    for name in ["f", "f/g", "f/h/i"] {
        store.write(name, name).await?;
    }
    ensure_eq!(store.level(store.within("")).await?, ["f", "f/"], "the level");
    ensure_eq!(store.level(store.within("f/")).await?, ["f/g", "f/h/"], "the level of `f/`");
    Ok(())
}

async fn names_are_taken_literally(store: Sandbox) -> Outcome {
    let names = ["a b/c", "a%20b/c", "a+b/c", "ü/c", "u\u{308}/c", "<&>/c"];
    write_all(&store, &names).await?;
    let mut folders: Vec<String> = names.iter().map(|name| name.replace("/c", "/")).collect();
    folders.sort_unstable();
    ensure_eq!(store.level(store.within("")).await?, folders, "the level");
    for name in names {
        let folder = name.replace("/c", "/");
        ensure_eq!(store.level(store.within(&folder)).await?, [name], "the level of `{folder}`");
    }
    Ok(())
}

async fn starts_after_a_key(store: Sandbox) -> Outcome {
    write_all(&store, &["a", "b/1", "b/2", "c", "d/1"]).await?;
    let after = |name: &str| store.within("").start_after(store.path(name));
    ensure_eq!(store.level(after("a")).await?, ["b/", "c", "d/"], "after `a`");
    ensure_eq!(store.level(after("b0")).await?, ["c", "d/"], "after `b0`");
    ensure_eq!(store.level(after("c")).await?, ["d/"], "after `c`");
    Ok(())
}

async fn tells_sizes(store: Sandbox) -> Outcome {
    store.write("a", "hello").await?;
    let mut items = store.list_level(store.within(""));
    match items.next().await.transpose()? {
        Some(LevelItem::Object(entry)) => ensure_eq!(entry.size, 5, "size"),
        other => return Err(Stop::failed(format!("expected an object, got {other:?}"))),
    }
    ensure!(items.next().await.is_none(), "the level has more than one item");
    Ok(())
}

async fn of_2500_items_in_order(store: Sandbox) -> Outcome {
    let names: Vec<String> = (0..2_500)
        .map(|number| if number % 2 == 0 { format!("{number:04}") } else { format!("{number:04}/x") })
        .collect();
    fill(&store, &names).await?;
    let expected: Vec<String> = names.iter().map(|name| name.replace("/x", "/")).collect();
    let level = store.level(store.within("")).await?;
    ensure_eq!(level.len(), expected.len(), "items of the level");
    ensure!(level == expected, "2,500 items come out of order");
    Ok(())
}

async fn of_2500_keys_in_one_folder(store: Sandbox) -> Outcome {
    let names: Vec<String> = (0..2_500).map(|number| format!("d/{number:04}")).collect();
    fill(&store, &names).await?;
    write_all(&store, &["a", "z"]).await?;
    ensure_eq!(store.level(store.within("")).await?, ["a", "d/", "z"], "the level");
    ensure_eq!(store.level(store.within("d/")).await?.len(), 2_500, "items of the folder");
    Ok(())
}

async fn dropped_half_way(store: Sandbox) -> Outcome {
    write_all(&store, &["a", "b/c", "d"]).await?;
    let mut items = store.list_level(store.within(""));
    ensure!(items.next().await.is_some(), "the level is empty");
    drop(items);
    ensure_eq!(store.level(store.within("")).await?.len(), 3, "items of the level");
    Ok(())
}
