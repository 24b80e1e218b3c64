use bytes::Bytes;
use futures_util::future::try_join_all;
use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::{Body, ErrorKind, ObjectKey, PutOptions};

use crate::case::{Case, case};
use crate::content::{one_shot, pattern, temporary_file};
use crate::outcome::{Outcome, Stop, ensure, ensure_eq, refused};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    let create = [
        case!(create_takes_a_free_key),
        case!(create_refuses_a_taken_key).needs(Ability::Attributes),
        case!(create_refuses_a_taken_key_if_both_are_empty),
        case!(create_takes_a_key_that_was_deleted),
        case!(create_of_a_large_body_takes_a_free_key),
        case!(create_of_a_large_body_refuses_a_taken_key),
        case!(create_of_a_large_file_refuses_a_taken_key),
        case!(create_of_a_large_stream_refuses_a_taken_key),
        case!(create_has_one_winner_of_32),
        case!(create_of_a_large_body_has_one_winner_of_6),
    ];
    let replace = [
        case!(if_match_that_holds_replaces),
        case!(if_match_that_does_not_hold_writes_nothing),
        case!(if_match_on_a_missing_key_writes_nothing),
        case!(if_match_of_a_large_body),
        case!(if_match_has_one_winner_of_16),
        case!(if_match_of_a_large_body_has_one_winner_of_6),
    ];
    let create = create.into_iter().map(|case| case.needs(Ability::CreateIfAbsent));
    let replace = replace.into_iter().map(|case| case.needs(Ability::PutIfMatch));
    let without = [
        case!(create_is_refused_where_it_is_not_atomic).without(Ability::CreateIfAbsent),
        case!(if_match_is_refused_where_it_is_not_atomic).without(Ability::PutIfMatch),
    ];
    create.chain(replace).chain(without).collect()
}

fn create() -> PutOptions {
    PutOptions::new().mode(PutMode::Create)
}

async fn create_takes_a_free_key(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    ensure_eq!(store.put(&key, "abc".into(), create()).await?.size, 3, "size");
    store.holds(&key, b"abc").await
}

async fn create_refuses_a_taken_key(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    store.put(&key, "old".into(), PutOptions::new().metadata("age", "old")).await?;
    let error = refused(
        store.put(&key, "new one".into(), create().metadata("age", "new")).await,
        ErrorKind::AlreadyExists,
    )?;
    ensure_eq!(error.key(), Some(key.as_str()), "key that the error names");
    store.holds(&key, b"old").await?;
    let age = store.stat(&key).await?.attributes.metadata.get("age").cloned();
    ensure_eq!(age.as_deref(), Some("old"), "metadata");
    Ok(())
}

async fn create_refuses_a_taken_key_if_both_are_empty(store: Sandbox) -> Outcome {
    let key = store.write("a", "").await?;
    refused(store.put(&key, "".into(), create()).await, ErrorKind::AlreadyExists)?;
    refused(store.put(&key, one_shot(&Bytes::new()), create()).await, ErrorKind::AlreadyExists)?;
    Ok(())
}

async fn create_takes_a_key_that_was_deleted(store: Sandbox) -> Outcome {
    let key = store.write("a", "old").await?;
    store.delete(&key).await?;
    store.put(&key, "new".into(), create()).await?;
    store.holds(&key, b"new").await
}

async fn create_of_a_large_body_takes_a_free_key(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let key = store.key("a")?;
    store.put(&key, content.clone().into(), create()).await?;
    store.holds(&key, &content).await?;
    let key = store.key("b")?;
    store.put(&key, one_shot(&content), create()).await?;
    store.holds(&key, &content).await
}

async fn create_of_a_large_body_refuses_a_taken_key(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    large_create_is_refused(store, content.into()).await
}

async fn create_of_a_large_file_refuses_a_taken_key(store: Sandbox) -> Outcome {
    let file = temporary_file(&pattern(1, store.large_bytes()))?;
    large_create_is_refused(store, Body::from_file(file)?).await
}

async fn create_of_a_large_stream_refuses_a_taken_key(store: Sandbox) -> Outcome {
    let body = one_shot(&pattern(1, store.large_bytes()));
    large_create_is_refused(store, body).await
}

async fn large_create_is_refused(store: Sandbox, body: Body) -> Outcome {
    let key = store.write("a", "old").await?;
    refused(store.put(&key, body, create()).await, ErrorKind::AlreadyExists)?;
    store.holds(&key, b"old").await?;
    ensure_eq!(store.names().await?, ["a"], "what is listed");
    Ok(())
}

async fn create_has_one_winner_of_32(store: Sandbox) -> Outcome {
    one_creates(store, 32, 1_000).await
}

async fn create_of_a_large_body_has_one_winner_of_6(store: Sandbox) -> Outcome {
    let size = store.part_bytes() + 1_000_000;
    one_creates(store, 6, size).await
}

async fn one_creates(store: Sandbox, racers: u64, size: usize) -> Outcome {
    let key = store.key("a")?;
    let winners = race(&store, &key, racers, size, PutMode::Create, ErrorKind::AlreadyExists).await?;
    ensure_eq!(winners.len(), 1, "winners of {racers}");
    store.holds(&key, &pattern(winners[0], size)).await
}

/// Has racers write contents of their own in this mode. Who does not win is refused with the kind.
async fn race(
    store: &Sandbox,
    key: &ObjectKey,
    racers: u64,
    size: usize,
    mode: PutMode,
    refusal: ErrorKind,
) -> Outcome<Vec<u64>> {
    let tasks = (0..racers).map(|racer| {
        let (store, key, options) = (store.clone(), key.clone(), PutOptions::new().mode(mode.clone()));
        tokio::spawn(async move { (racer, store.put(&key, pattern(racer, size).into(), options).await) })
    });
    let mut winners = Vec::new();
    for (racer, result) in try_join_all(tasks).await? {
        match result {
            Ok(_) => winners.push(racer),
            Err(error) if error.kind() == refusal => {}
            Err(error) => return Err(Stop::from(error)),
        }
    }
    Ok(winners)
}

async fn create_is_refused_where_it_is_not_atomic(store: Sandbox) -> Outcome {
    let free = store.key("free")?;
    refused(store.put(&free, "abc".into(), create()).await, ErrorKind::Unsupported)?;
    store.is_free(&free).await?;
    let taken = store.write("taken", "old").await?;
    refused(store.put(&taken, "new".into(), create()).await, ErrorKind::Unsupported)?;
    store.holds(&taken, b"old").await
}

async fn if_match_that_holds_replaces(store: Sandbox) -> Outcome {
    let key = store.write("a", "old").await?;
    let etag = store.etag(&key).await?;
    store.put(&key, "new".into(), PutOptions::new().mode(PutMode::IfMatch(etag.clone()))).await?;
    store.holds(&key, b"new").await?;
    ensure!(store.etag(&key).await? != etag, "the new content has the old entity tag");
    Ok(())
}

async fn if_match_that_does_not_hold_writes_nothing(store: Sandbox) -> Outcome {
    let key = store.write("a", "first").await?;
    let stale = store.etag(&key).await?;
    store.write("a", "second").await?;
    let options = PutOptions::new().mode(PutMode::IfMatch(stale));
    refused(store.put(&key, "third".into(), options).await, ErrorKind::PreconditionFailed)?;
    store.holds(&key, b"second").await
}

async fn if_match_on_a_missing_key_writes_nothing(store: Sandbox) -> Outcome {
    let key = store.key("nope")?;
    let options = PutOptions::new().mode(PutMode::IfMatch("0123456789abcdef0123456789abcdef".into()));
    refused(store.put(&key, "abc".into(), options).await, ErrorKind::PreconditionFailed)?;
    store.is_free(&key).await
}

async fn if_match_of_a_large_body(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let key = store.write("a", "old").await?;
    let etag = store.etag(&key).await?;
    let options = PutOptions::new().mode(PutMode::IfMatch(etag));
    store.put(&key, content.clone().into(), options.clone()).await?;
    store.holds(&key, &content).await?;
    let other = pattern(2, content.len());
    refused(store.put(&key, other.into(), options).await, ErrorKind::PreconditionFailed)?;
    store.holds(&key, &content).await
}

async fn if_match_has_one_winner_of_16(store: Sandbox) -> Outcome {
    let key = store.write("a", "old").await?;
    let mode = PutMode::IfMatch(store.etag(&key).await?);
    let winners = race(&store, &key, 16, 1_000, mode, ErrorKind::PreconditionFailed).await?;
    ensure_eq!(winners.len(), 1, "winners of 16");
    store.holds(&key, &pattern(winners[0], 1_000)).await
}

async fn if_match_of_a_large_body_has_one_winner_of_6(store: Sandbox) -> Outcome {
    let size = store.part_bytes() + 1_000_000;
    let key = store.write("a", "old").await?;
    let mode = PutMode::IfMatch(store.etag(&key).await?);
    let winners = race(&store, &key, 6, size, mode, ErrorKind::PreconditionFailed).await?;
    ensure_eq!(winners.len(), 1, "winners of 6");
    store.holds(&key, &pattern(winners[0], size)).await
}

async fn if_match_is_refused_where_it_is_not_atomic(store: Sandbox) -> Outcome {
    let key = store.write("a", "old").await?;
    let options = PutOptions::new().mode(PutMode::IfMatch("any".into()));
    refused(store.put(&key, "new".into(), options).await, ErrorKind::Unsupported)?;
    store.holds(&key, b"old").await
}
