use std::time::{Duration, SystemTime};

use storage_core::outcome::GetOutcome;
use storage_core::{ErrorKind, GetOptions, ObjectKey};

use crate::case::{Case, case};
use crate::outcome::{Outcome, Stop, ensure_eq, refused, same_bytes};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(if_match_that_holds_gives_the_object),
        case!(if_match_that_does_not_hold_is_an_error),
        case!(if_match_after_an_overwrite_is_an_error),
        case!(if_match_on_a_missing_key_is_not_found),
        case!(if_match_with_a_range),
        case!(if_none_match_of_the_same_is_not_modified),
        case!(if_none_match_of_another_gives_the_object),
        case!(if_none_match_on_a_missing_key_is_not_found),
        case!(if_modified_since_the_last_change_is_not_modified),
        case!(if_modified_since_an_earlier_time_gives_the_object),
        case!(if_none_match_wins_over_if_modified_since),
    ]
}

async fn if_match_that_holds_gives_the_object(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    let etag = store.etag(&key).await?;
    gives(&store, &key, GetOptions::new().if_match(etag)).await
}

async fn if_match_that_does_not_hold_is_an_error(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    store.etag(&key).await?;
    refused(
        store.get(&key, GetOptions::new().if_match("other".into())).await,
        ErrorKind::PreconditionFailed,
    )?;
    Ok(())
}

async fn if_match_after_an_overwrite_is_an_error(store: Sandbox) -> Outcome {
    let key = store.write("a", "old").await?;
    let etag = store.etag(&key).await?;
    store.write("a", "new").await?;
    refused(store.get(&key, GetOptions::new().if_match(etag)).await, ErrorKind::PreconditionFailed)?;
    Ok(())
}

async fn if_match_on_a_missing_key_is_not_found(store: Sandbox) -> Outcome {
    let options = GetOptions::new().if_match("other".into());
    refused(store.get(&store.key("nope")?, options).await, ErrorKind::NotFound)?;
    Ok(())
}

async fn if_match_with_a_range(store: Sandbox) -> Outcome {
    let key = store.write("a", "abcdef").await?;
    let etag = store.etag(&key).await?;
    let object = store.open_with(&key, GetOptions::new().range(2..4).if_match(etag)).await?;
    same_bytes(&object.bytes().await?, b"cd")?;
    let stale = GetOptions::new().range(2..4).if_match("other".into());
    refused(store.get(&key, stale).await, ErrorKind::PreconditionFailed)?;
    Ok(())
}

async fn if_none_match_of_the_same_is_not_modified(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    let known = store.etag(&key).await?;
    match store.get(&key, GetOptions::new().if_none_match(known.clone())).await? {
        GetOutcome::NotModified { etag: Some(etag), .. } => ensure_eq!(etag, known, "entity tag"),
        GetOutcome::NotModified { etag: None, .. } => {}
        GetOutcome::Object(object) => {
            return Err(Stop::failed(format!("expected `NotModified`, got {object:?}")));
        }
    }
    Ok(())
}

async fn if_none_match_of_another_gives_the_object(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    store.etag(&key).await?;
    gives(&store, &key, GetOptions::new().if_none_match("other".into())).await
}

async fn if_none_match_on_a_missing_key_is_not_found(store: Sandbox) -> Outcome {
    let options = GetOptions::new().if_none_match("other".into());
    refused(store.get(&store.key("nope")?, options).await, ErrorKind::NotFound)?;
    Ok(())
}

async fn if_modified_since_the_last_change_is_not_modified(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    let time = last_modified(&store, &key).await?;
    not_modified(&store, &key, GetOptions::new().if_modified_since(time)).await
}

async fn if_modified_since_an_earlier_time_gives_the_object(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    let time = last_modified(&store, &key).await?;
    gives(&store, &key, GetOptions::new().if_modified_since(time - Duration::from_secs(10))).await
}

async fn if_none_match_wins_over_if_modified_since(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    let (etag, time) = (store.etag(&key).await?, last_modified(&store, &key).await?);
    gives(&store, &key, GetOptions::new().if_none_match("other".into()).if_modified_since(time)).await?;
    let earlier = time - Duration::from_secs(10);
    not_modified(&store, &key, GetOptions::new().if_none_match(etag).if_modified_since(earlier)).await
}

async fn last_modified(store: &Sandbox, key: &ObjectKey) -> Outcome<SystemTime> {
    let time = store.stat(key).await?.last_modified;
    time.ok_or_else(|| Stop::cannot_run("needs: the time of each object's last change"))
}

async fn gives(store: &Sandbox, key: &ObjectKey, options: GetOptions) -> Outcome {
    let bytes = store.open_with(key, options).await?.bytes().await?;
    same_bytes(&bytes, b"abc")
}

async fn not_modified(store: &Sandbox, key: &ObjectKey, options: GetOptions) -> Outcome {
    match store.get(key, options).await? {
        GetOutcome::NotModified { .. } => Ok(()),
        GetOutcome::Object(object) => Err(Stop::failed(format!("expected `NotModified`, got {object:?}"))),
    }
}
