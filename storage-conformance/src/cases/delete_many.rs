use storage_core::key::RawKey;

use crate::case::{Case, case};
use crate::cases::fill;
use crate::content::pattern;
use crate::outcome::{Outcome, Stop, ensure_eq};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(takes_all_of_them_away),
        case!(of_none_is_fine),
        case!(of_missing_keys_is_fine),
        case!(of_one_key_twice_is_fine),
        case!(leaves_the_others),
        case!(of_2500_keys),
        case!(of_keys_with_markup_in_them),
        case!(of_large_and_empty_objects),
        case!(by_two_at_once),
        case!(of_a_double_slash_spares_the_rest),
        case!(of_a_folder_marker_spares_the_folder),
        case!(of_a_dot_dot_spares_what_it_points_to),
        case!(of_control_characters_spares_the_rest),
    ]
}

async fn takes_all_of_them_away(store: Sandbox) -> Outcome {
    let names = ["a", "b/c", "b/d/e", "ü 1.txt"];
    for name in names {
        store.write(name, name).await?;
    }
    store.delete_many(names.map(|name| store.raw(name)).to_vec()).await?.into_result()?;
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is left");
    Ok(())
}

async fn of_none_is_fine(store: Sandbox) -> Outcome {
    store.delete_many(Vec::new()).await?.into_result()?;
    Ok(())
}

async fn of_missing_keys_is_fine(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    let keys = ["nope", "a", "no/such/folder", "a/b"].map(|name| store.raw(name)).to_vec();
    store.delete_many(keys).await?.into_result()?;
    store.is_free(&key).await
}

async fn of_one_key_twice_is_fine(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    store.delete_many(vec![RawKey::from(&key), RawKey::from(&key)]).await?.into_result()?;
    store.is_free(&key).await
}

async fn leaves_the_others(store: Sandbox) -> Outcome {
    for name in ["a", "aa", "b", "d/a"] {
        store.write(name, name).await?;
    }
    store.delete_many(vec![store.raw("a"), store.raw("d")]).await?.into_result()?;
    ensure_eq!(store.names().await?, ["aa", "b", "d/a"], "what is left");
    Ok(())
}

async fn of_2500_keys(store: Sandbox) -> Outcome {
    let names: Vec<String> = (0..2_500).map(|number| format!("{:02}/{number:04}", number % 50)).collect();
    fill(&store, &names).await?;
    store.write("spared", "abc").await?;
    store.delete_many(names.iter().map(|name| store.raw(name)).collect()).await?.into_result()?;
    ensure_eq!(store.names().await?, ["spared"], "what is left");
    Ok(())
}

async fn of_keys_with_markup_in_them(store: Sandbox) -> Outcome {
    let names = ["a&b", "a<b>", "a\"b", "a'b", "&amp;", "]]>", " a ", "a+b%20c"];
    for name in names {
        store.write(name, name).await?;
    }
    store.delete_many(names.map(|name| store.raw(name)).to_vec()).await?.into_result()?;
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is left");
    Ok(())
}

async fn of_large_and_empty_objects(store: Sandbox) -> Outcome {
    let large = store.write("large", pattern(1, store.large_bytes())).await?;
    let empty = store.write("empty", "").await?;
    store.delete_many(vec![RawKey::from(&large), RawKey::from(&empty)]).await?.into_result()?;
    store.is_free(&large).await?;
    store.is_free(&empty).await
}

async fn by_two_at_once(store: Sandbox) -> Outcome {
    let names: Vec<String> = (0..100).map(|number| format!("d/{number}")).collect();
    fill(&store, &names).await?;
    let keys: Vec<RawKey> = names.iter().map(|name| store.raw(name)).collect();
    let (first, second) = tokio::join!(store.delete_many(keys.clone()), store.delete_many(keys));
    first?.into_result()?;
    second?.into_result()?;
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is left");
    Ok(())
}

async fn of_a_double_slash_spares_the_rest(store: Sandbox) -> Outcome {
    spares(&store, "a//b").await
}

async fn of_a_folder_marker_spares_the_folder(store: Sandbox) -> Outcome {
    spares(&store, "a/").await
}

async fn of_a_dot_dot_spares_what_it_points_to(store: Sandbox) -> Outcome {
    for raw in ["a/../a/b", "c/../a/b", "./a/b", "a/./b", "a/b/.", "../a/b"] {
        spares(&store, raw).await?;
    }
    Ok(())
}

async fn of_control_characters_spares_the_rest(store: Sandbox) -> Outcome {
    for raw in ["a/b\0", "a/b\u{1}", "a/b\n", "a/b\u{7f}"] {
        spares(&store, raw).await?;
    }
    Ok(())
}

/// Deletes a key that is no valid one, beside valid ones. Whether the store can hold such a key is its own affair: if it fails,
/// it fails alone.
async fn spares(store: &Sandbox, raw: &str) -> Outcome {
    let spared = store.write("a/b", "abc").await?;
    let deleted = store.write("gone", "abc").await?;
    let odd = store.raw(raw);
    let deletion = store.delete_many(vec![odd.clone(), RawKey::from(&deleted)]).await?;
    if let Some((key, error)) = deletion.failed.iter().find(|(key, _)| *key != odd) {
        return Err(Stop::failed(format!("`{odd}` made `{key}` fail too: {error}")));
    }
    store.is_free(&deleted).await?;
    store.holds(&spared, b"abc").await
}
