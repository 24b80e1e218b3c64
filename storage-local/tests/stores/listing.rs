use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use storage_core::list::ListItem;
use storage_core::list::ListOptions;
use storage_core::{ObjectEntry, Storage};

use crate::{key, keys, level, on_each, put};

const KEYS: [&str; 14] =
    ["Z", "a", "a b", "a!", "a-b", "a-b/x", "a.txt", "a/b", "a/b!", "a/b/c", "a/b/d/e", "a0", "b/c", "ü/1"];

#[tokio::test]
async fn keys_come_in_the_order_of_their_bytes() {
    on_each(|storage| async move {
        let mut sorted = KEYS.map(str::to_owned).to_vec();
        sorted.sort();
        for name in KEYS {
            put(&*storage, name, name.to_owned()).await;
        }
        assert_eq!(keys(&*storage, ListOptions::new()).await, sorted);
        // Every prefix and every start, existing or not, also both.
        let marks: BTreeSet<String> = sorted
            .iter()
            .flat_map(|key| key.char_indices().map(|(end, _)| key[..end].to_owned()).collect::<Vec<_>>())
            .chain(sorted.iter().flat_map(|key| [key.clone(), format!("{key}/"), format!("{key}~")]))
            .chain([
                "/".to_owned(),
                "../".to_owned(),
                "//".to_owned(),
                "a//".to_owned(),
                "\u{10ffff}".to_owned(),
            ])
            .collect();
        for prefix in &marks {
            let wanted = |after: &str| -> Vec<String> {
                sorted.iter().filter(|key| key.starts_with(prefix) && key.as_str() > after).cloned().collect()
            };
            assert_eq!(keys(&*storage, ListOptions::new().prefix(prefix)).await, wanted(""), "{prefix:?}");
            for after in &marks {
                let options = ListOptions::new().prefix(prefix).start_after(after);
                assert_eq!(keys(&*storage, options.clone()).await, wanted(after), "{prefix:?} {after:?}");
                assert_eq!(
                    level(&*storage, options).await,
                    folded(prefix, &wanted(after)),
                    "{prefix:?} {after:?}"
                );
            }
        }
    })
    .await;
}

/// The level that these keys make.
fn folded(prefix: &str, keys: &[String]) -> Vec<String> {
    let mut items: Vec<String> = keys
        .iter()
        .map(|key| match key[prefix.len()..].find('/') {
            Some(slash) => key[..=prefix.len() + slash].to_owned(),
            None => key.clone(),
        })
        .collect();
    items.dedup();
    items
}

#[tokio::test]
async fn a_listing_knows_size_tag_and_time() {
    on_each(|storage| async move {
        put(&*storage, "a/b", "12345").await;
        let meta = storage.stat(&key("a/b")).await.unwrap();
        let expected =
            ObjectEntry::new(key("a/b"), 5).with_etag(meta.etag).with_last_modified(meta.last_modified);
        let items: Vec<_> = storage.list(ListOptions::new()).try_collect().await.unwrap();
        assert_eq!(items, [ListItem::Object(expected)]);
    })
    .await;
}

#[tokio::test]
async fn more_than_two_pages_come_whole() {
    on_each(|storage| async move {
        let mut expected = Vec::new();
        for n in 0..2_500 {
            let name = format!("d/{}/{n:04}", n % 3);
            put(&*storage, &name, "").await;
            expected.push(name);
        }
        expected.sort();
        assert_eq!(keys(&*storage, ListOptions::new()).await, expected);
        let rest = keys(&*storage, ListOptions::new().prefix("d/").start_after("d/1/0800")).await;
        assert_eq!(
            rest,
            expected.iter().filter(|key| key.as_str() > "d/1/0800").cloned().collect::<Vec<_>>()
        );
        assert_eq!(level(&*storage, ListOptions::new().prefix("d/")).await, ["d/0/", "d/1/", "d/2/"]);
        assert_eq!(level(&*storage, ListOptions::new().prefix("d/2/")).await.len(), 833);

        let raw = expected.iter().map(storage_core::key::RawKey::new).collect();
        storage.delete_many(raw).await.unwrap().into_result().unwrap();
        assert_eq!(keys(&*storage, ListOptions::new()).await, [""; 0]);
        assert_eq!(level(&*storage, ListOptions::new()).await, [""; 0]);
    })
    .await;
}
