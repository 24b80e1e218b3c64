use futures_util::future::try_join_all;
use storage_core::capability::Ability;
use storage_core::content_type::DEFAULT_CONTENT_TYPE;
use storage_core::{ErrorKind, GetOptions, PutOptions};

use crate::case::{Case, case};
use crate::content::pattern;
use crate::outcome::{Outcome, ensure, ensure_eq, refused, same_bytes};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(gives_metadata_and_bytes_at_once).needs(Ability::Attributes),
        case!(tells_what_stat_tells).needs(Ability::Attributes),
        case!(a_missing_key_is_not_found),
        case!(a_folder_is_not_found),
        case!(a_key_below_an_object_is_not_found),
        case!(a_part_of_a_name_is_not_found),
        case!(an_empty_object),
        case!(an_object_without_a_content_type),
        case!(many_readers_at_once),
    ]
}

async fn gives_metadata_and_bytes_at_once(store: Sandbox) -> Outcome {
    let key = store.key("a.txt")?;
    store
        .put(&key, "hello".into(), PutOptions::new().content_type("text/plain").metadata("by", "me"))
        .await?;
    let object = store.open(&key).await?;
    ensure_eq!(object.meta().key, key, "key");
    ensure_eq!(object.meta().size, 5, "size");
    ensure_eq!(object.range(), 0..5, "range");
    ensure_eq!(object.meta().content_type, "text/plain", "content type");
    ensure_eq!(object.meta().attributes.metadata.get("by").map(String::as_str), Some("me"), "metadata");
    same_bytes(&object.bytes().await?, b"hello")
}

async fn tells_what_stat_tells(store: Sandbox) -> Outcome {
    let key = store.key("a.txt")?;
    let options = PutOptions::new()
        .content_type("text/plain; charset=utf-8")
        .cache_control("max-age=60")
        .content_disposition("attachment; filename=\"a.txt\"")
        .content_language("de")
        .metadata("name", "value");
    store.put(&key, "hello".into(), options).await?;
    let object = store.open(&key).await?;
    ensure_eq!(*object.meta(), store.stat(&key).await?, "metadata by get");
    Ok(())
}

async fn a_missing_key_is_not_found(store: Sandbox) -> Outcome {
    refused(store.get(&store.key("nope")?, GetOptions::new()).await, ErrorKind::NotFound)?;
    refused(store.get(&store.key("no/such/folder")?, GetOptions::new()).await, ErrorKind::NotFound)?;
    Ok(())
}

async fn a_folder_is_not_found(store: Sandbox) -> Outcome {
    store.write("folder/a", "x").await?;
    refused(store.get(&store.key("folder")?, GetOptions::new()).await, ErrorKind::NotFound)?;
    Ok(())
}

async fn a_key_below_an_object_is_not_found(store: Sandbox) -> Outcome {
    store.write("f", "x").await?;
    refused(store.get(&store.key("f/g")?, GetOptions::new()).await, ErrorKind::NotFound)?;
    Ok(())
}

async fn a_part_of_a_name_is_not_found(store: Sandbox) -> Outcome {
    store.write("name.txt", "x").await?;
    for other in ["name", "name.tx", "name.txt2", "Name.txt"] {
        refused(store.get(&store.key(other)?, GetOptions::new()).await, ErrorKind::NotFound)?;
    }
    Ok(())
}

async fn an_empty_object(store: Sandbox) -> Outcome {
    let key = store.write("empty", "").await?;
    let object = store.open(&key).await?;
    ensure_eq!(object.meta().size, 0, "size");
    ensure_eq!(object.range(), 0..0, "range");
    ensure!(object.bytes().await?.is_empty(), "an empty object has bytes");
    Ok(())
}

async fn an_object_without_a_content_type(store: Sandbox) -> Outcome {
    let key = store.write("page.html", "x").await?;
    ensure_eq!(store.open(&key).await?.meta().content_type, DEFAULT_CONTENT_TYPE, "content type");
    Ok(())
}

async fn many_readers_at_once(store: Sandbox) -> Outcome {
    let content = pattern(1, 300_000);
    let key = store.write("a", content.clone()).await?;
    let readers = (0..32).map(|_| {
        let (store, key) = (store.clone(), key.clone());
        tokio::spawn(async move { store.read(&key).await })
    });
    for read in try_join_all(readers).await? {
        same_bytes(&read?, &content)?;
    }
    Ok(())
}
