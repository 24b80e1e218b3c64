use futures_util::future::try_join_all;

use crate::case::{Case, case};
use crate::content::pattern;
use crate::outcome::{Outcome, ensure_eq};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(takes_the_object_away),
        case!(of_a_missing_key_is_fine),
        case!(twice_is_fine),
        case!(of_a_folder_leaves_what_is_in_it),
        case!(of_a_key_below_an_object_is_fine),
        case!(leaves_its_neighbours),
        case!(leaves_no_empty_folder),
        case!(of_an_empty_object),
        case!(of_a_large_object),
        case!(by_many_at_once),
    ]
}

async fn takes_the_object_away(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    store.delete(&key).await?;
    store.is_free(&key).await
}

async fn of_a_missing_key_is_fine(store: Sandbox) -> Outcome {
    store.delete(&store.key("nope")?).await?;
    store.delete(&store.key("no/such/folder")?).await?;
    Ok(())
}

async fn twice_is_fine(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    store.delete(&key).await?;
    store.delete(&key).await?;
    Ok(())
}

async fn of_a_folder_leaves_what_is_in_it(store: Sandbox) -> Outcome {
    let key = store.write("folder/a", "abc").await?;
    store.delete(&store.key("folder")?).await?;
    store.holds(&key, b"abc").await
}

async fn of_a_key_below_an_object_is_fine(store: Sandbox) -> Outcome {
    let key = store.write("f", "abc").await?;
    store.delete(&store.key("f/g")?).await?;
    store.holds(&key, b"abc").await
}

async fn leaves_its_neighbours(store: Sandbox) -> Outcome {
    let names = ["a", "a.txt", "ab", "b/a"];
    for name in names {
        store.write(name, name).await?;
    }
    store.delete(&store.key("a")?).await?;
    ensure_eq!(store.names().await?, names[1..], "what is left");
    for name in &names[1..] {
        store.holds(&store.key(name)?, name.as_bytes()).await?;
    }
    Ok(())
}

async fn leaves_no_empty_folder(store: Sandbox) -> Outcome {
    let key = store.write("x/y/z", "abc").await?;
    store.delete(&key).await?;
    let level = store.level(store.within("")).await?;
    ensure_eq!(level, Vec::<String>::new(), "what the level still has");
    store.write("x", "an object where the folder was").await?;
    Ok(())
}

async fn of_an_empty_object(store: Sandbox) -> Outcome {
    let key = store.write("a", "").await?;
    store.delete(&key).await?;
    store.is_free(&key).await
}

async fn of_a_large_object(store: Sandbox) -> Outcome {
    let key = store.write("a", pattern(1, store.large_bytes())).await?;
    store.delete(&key).await?;
    store.is_free(&key).await
}

async fn by_many_at_once(store: Sandbox) -> Outcome {
    let key = store.write("d/a", "abc").await?;
    let tasks = (0..16).map(|_| {
        let (store, key) = (store.clone(), key.clone());
        tokio::spawn(async move { store.delete(&key).await })
    });
    for deleted in try_join_all(tasks).await? {
        deleted?;
    }
    store.is_free(&key).await
}
