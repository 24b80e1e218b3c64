use futures_util::future::try_join_all;
use storage_core::attributes::Attributes;
use storage_core::capability::Ability;
use storage_core::{CopyOptions, ErrorKind, PutOptions};

use crate::case::{Case, case};
use crate::content::pattern;
use crate::outcome::{Outcome, Stop, ensure, ensure_eq, refused};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(takes_content_and_attributes).needs(Ability::Attributes),
        case!(replaces_the_target).needs(Ability::Attributes),
        case!(of_a_missing_key_is_not_found),
        case!(of_a_folder_is_not_found),
        case!(of_an_empty_object),
        case!(of_a_large_object).needs(Ability::Attributes),
        case!(is_independent_of_its_source).needs(Ability::Attributes),
        case!(gives_other_attributes).needs(Ability::Attributes),
        case!(gives_a_large_object_other_attributes).needs(Ability::Attributes),
        case!(refuses_bad_attributes),
        case!(onto_itself_replaces_the_attributes).needs(Ability::Attributes),
        case!(onto_itself_without_attributes_keeps_the_object).needs(Ability::Attributes),
        case!(if_the_source_matches),
        case!(if_the_source_does_not_match_copies_nothing),
        case!(if_absent_takes_a_free_key).needs(Ability::CopyIfAbsent).needs(Ability::Attributes),
        case!(if_absent_refuses_a_taken_key).needs(Ability::CopyIfAbsent),
        case!(if_absent_refuses_a_taken_key_for_a_large_object).needs(Ability::CopyIfAbsent),
        case!(if_absent_gives_other_attributes).needs(Ability::CopyIfAbsent).needs(Ability::Attributes),
        case!(if_absent_of_an_empty_object).needs(Ability::CopyIfAbsent),
        case!(if_absent_of_a_missing_key_is_not_found).needs(Ability::CopyIfAbsent),
        case!(if_absent_onto_itself_is_refused).needs(Ability::CopyIfAbsent),
        case!(if_absent_has_one_winner_of_8).needs(Ability::CopyIfAbsent),
        case!(if_absent_is_refused_where_it_is_not_atomic).without(Ability::CopyIfAbsent),
        case!(many_at_once),
    ]
}

fn described() -> PutOptions {
    PutOptions::new()
        .content_type("image/png")
        .cache_control("private")
        .content_disposition("attachment; filename=\"a.png\"")
        .metadata("by", "Jürgen")
}

fn other_attributes() -> Attributes {
    PutOptions::new().content_type("text/plain").metadata("other", "1").attributes
}

async fn takes_content_and_attributes(store: Sandbox) -> Outcome {
    let (from, to) = (store.key("from")?, store.key("to/there")?);
    store.put(&from, "abc".into(), described()).await?;
    let outcome = store.copy(&from, &to, CopyOptions::new()).await?;
    ensure_eq!(outcome.size, 3, "size");
    store.holds(&from, b"abc").await?;
    store.holds(&to, b"abc").await?;
    let meta = store.stat(&to).await?;
    ensure_eq!(meta.attributes, described().attributes, "attributes of the copy");
    if let (Some(told), Some(etag)) = (outcome.etag, meta.etag) {
        ensure_eq!(told, etag, "entity tag of copy");
    }
    Ok(())
}

async fn replaces_the_target(store: Sandbox) -> Outcome {
    let from = store.write("from", "new").await?;
    let to = store.key("to")?;
    store.put(&to, "the old one".into(), described()).await?;
    store.copy(&from, &to, CopyOptions::new()).await?;
    store.holds(&to, b"new").await?;
    ensure!(
        store.stat(&to).await?.attributes.metadata.is_empty(),
        "the copy has metadata of what it replaced"
    );
    Ok(())
}

async fn of_a_missing_key_is_not_found(store: Sandbox) -> Outcome {
    let to = store.write("to", "old").await?;
    let from = store.key("nope")?;
    refused(store.copy(&from, &to, CopyOptions::new()).await, ErrorKind::NotFound)?;
    refused(store.copy(&from, &from, CopyOptions::new()).await, ErrorKind::NotFound)?;
    store.is_free(&from).await?;
    store.holds(&to, b"old").await
}

async fn of_a_folder_is_not_found(store: Sandbox) -> Outcome {
    store.write("folder/a", "abc").await?;
    let to = store.key("to")?;
    refused(store.copy(&store.key("folder")?, &to, CopyOptions::new()).await, ErrorKind::NotFound)?;
    store.is_free(&to).await
}

async fn of_an_empty_object(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "").await?, store.key("to")?);
    store.copy(&from, &to, CopyOptions::new()).await?;
    store.holds(&to, b"").await
}

async fn of_a_large_object(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let (from, to) = (store.key("from")?, store.key("to")?);
    store.put(&from, content.clone().into(), described()).await?;
    store.copy(&from, &to, CopyOptions::new()).await?;
    store.holds(&to, &content).await?;
    ensure_eq!(store.stat(&to).await?.attributes, described().attributes, "attributes of the copy");
    Ok(())
}

async fn is_independent_of_its_source(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "abc").await?, store.key("to")?);
    store.copy(&from, &to, CopyOptions::new()).await?;
    store.put(&from, "abd".into(), described()).await?;
    store.holds(&to, b"abc").await?;
    ensure!(
        store.stat(&to).await?.attributes.metadata.is_empty(),
        "the copy has the source's later metadata"
    );
    store.delete(&from).await?;
    store.holds(&to, b"abc").await
}

async fn gives_other_attributes(store: Sandbox) -> Outcome {
    let (from, to) = (store.key("from")?, store.key("to")?);
    store.put(&from, "abc".into(), described()).await?;
    store.copy(&from, &to, CopyOptions::new().attributes(other_attributes())).await?;
    store.holds(&to, b"abc").await?;
    ensure_eq!(store.stat(&to).await?.attributes, other_attributes(), "attributes of the copy");
    ensure_eq!(store.stat(&from).await?.attributes, described().attributes, "attributes of the source");
    Ok(())
}

async fn gives_a_large_object_other_attributes(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let (from, to) = (store.key("from")?, store.key("to")?);
    store.put(&from, content.clone().into(), described()).await?;
    store.copy(&from, &to, CopyOptions::new().attributes(other_attributes())).await?;
    store.holds(&to, &content).await?;
    ensure_eq!(store.stat(&to).await?.attributes, other_attributes(), "attributes of the copy");
    Ok(())
}

async fn refuses_bad_attributes(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "abc").await?, store.key("to")?);
    let bad = PutOptions::new().cache_control("private\r\nX-Evil: 1").attributes;
    refused(store.copy(&from, &to, CopyOptions::new().attributes(bad)).await, ErrorKind::InvalidInput)?;
    store.is_free(&to).await
}

async fn onto_itself_replaces_the_attributes(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    store.put(&key, "abc".into(), described()).await?;
    store.copy(&key, &key, CopyOptions::new().attributes(other_attributes())).await?;
    store.holds(&key, b"abc").await?;
    ensure_eq!(store.stat(&key).await?.attributes, other_attributes(), "attributes");
    Ok(())
}

async fn onto_itself_without_attributes_keeps_the_object(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    store.put(&key, "abc".into(), described()).await?;
    // S3 calls a copy that changes nothing invalid; a store may say the same.
    match store.copy(&key, &key, CopyOptions::new()).await {
        Err(error) if error.kind() != ErrorKind::InvalidInput => return Err(Stop::from(error)),
        _ => {}
    }
    store.holds(&key, b"abc").await?;
    ensure_eq!(store.stat(&key).await?.attributes, described().attributes, "attributes");
    Ok(())
}

async fn if_the_source_matches(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "abc").await?, store.key("to")?);
    let etag = store.etag(&from).await?;
    store.copy(&from, &to, CopyOptions::new().source_if_match(etag)).await?;
    store.holds(&to, b"abc").await
}

async fn if_the_source_does_not_match_copies_nothing(store: Sandbox) -> Outcome {
    let from = store.write("from", "old").await?;
    let stale = store.etag(&from).await?;
    store.write("from", "new").await?;
    let to = store.key("to")?;
    let options = CopyOptions::new().source_if_match(stale);
    refused(store.copy(&from, &to, options).await, ErrorKind::PreconditionFailed)?;
    store.is_free(&to).await
}

fn if_absent() -> CopyOptions {
    CopyOptions::new().if_absent()
}

async fn if_absent_takes_a_free_key(store: Sandbox) -> Outcome {
    let (from, to) = (store.key("from")?, store.key("to")?);
    store.put(&from, "abc".into(), described()).await?;
    store.copy(&from, &to, if_absent()).await?;
    store.holds(&to, b"abc").await?;
    ensure_eq!(store.stat(&to).await?.attributes, described().attributes, "attributes of the copy");
    Ok(())
}

async fn if_absent_refuses_a_taken_key(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "new").await?, store.write("to", "old").await?);
    refused(store.copy(&from, &to, if_absent()).await, ErrorKind::AlreadyExists)?;
    store.holds(&to, b"old").await?;
    ensure_eq!(store.names().await?, ["from", "to"], "what is listed");
    Ok(())
}

async fn if_absent_refuses_a_taken_key_for_a_large_object(store: Sandbox) -> Outcome {
    let from = store.write("from", pattern(1, store.large_bytes())).await?;
    let to = store.write("to", "old").await?;
    refused(store.copy(&from, &to, if_absent()).await, ErrorKind::AlreadyExists)?;
    store.holds(&to, b"old").await
}

async fn if_absent_gives_other_attributes(store: Sandbox) -> Outcome {
    let (from, to) = (store.key("from")?, store.key("to")?);
    store.put(&from, "abc".into(), described()).await?;
    store.copy(&from, &to, if_absent().attributes(other_attributes())).await?;
    ensure_eq!(store.stat(&to).await?.attributes, other_attributes(), "attributes of the copy");
    Ok(())
}

async fn if_absent_of_an_empty_object(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "").await?, store.key("to")?);
    store.copy(&from, &to, if_absent()).await?;
    store.holds(&to, b"").await
}

async fn if_absent_of_a_missing_key_is_not_found(store: Sandbox) -> Outcome {
    let (from, to) = (store.key("nope")?, store.key("to")?);
    refused(store.copy(&from, &to, if_absent()).await, ErrorKind::NotFound)?;
    store.is_free(&to).await
}

async fn if_absent_onto_itself_is_refused(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    refused(store.copy(&key, &key, if_absent()).await, ErrorKind::AlreadyExists)?;
    store.holds(&key, b"abc").await
}

async fn if_absent_has_one_winner_of_8(store: Sandbox) -> Outcome {
    let to = store.key("to")?;
    let tasks = (0..8u64).map(|number| {
        let (store, to) = (store.clone(), to.clone());
        tokio::spawn(async move {
            let from = store.write(&format!("from-{number}"), pattern(number, 5_000)).await?;
            let copied = store.copy(&from, &to, if_absent()).await;
            Ok::<_, Stop>((number, copied))
        })
    });
    let mut winners = Vec::new();
    for task in try_join_all(tasks).await? {
        match task? {
            (number, Ok(_)) => winners.push(number),
            (_, Err(error)) if error.is_already_exists() => {}
            (_, Err(error)) => return Err(Stop::from(error)),
        }
    }
    ensure_eq!(winners.len(), 1, "winners of 8");
    store.holds(&to, &pattern(winners[0], 5_000)).await
}

async fn if_absent_is_refused_where_it_is_not_atomic(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "new").await?, store.key("to")?);
    refused(store.copy(&from, &to, if_absent()).await, ErrorKind::Unsupported)?;
    store.is_free(&to).await
}

async fn many_at_once(store: Sandbox) -> Outcome {
    let content = pattern(1, 50_000);
    let from = store.write("from", content.clone()).await?;
    let copies = (0..16).map(|number| {
        let (store, from) = (store.clone(), from.clone());
        async move {
            let to = store.key(&format!("to/{number}"))?;
            store.copy(&from, &to, CopyOptions::new()).await.map(|_| to)
        }
    });
    for to in try_join_all(copies).await? {
        store.holds(&to, &content).await?;
    }
    Ok(())
}
