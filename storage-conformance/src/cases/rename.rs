use futures_util::future::join_all;
use storage_core::capability::Ability;
use storage_core::{CopyOptions, ErrorKind, PutOptions};

use crate::case::{Case, case};
use crate::content::pattern;
use crate::outcome::{Outcome, ensure, ensure_eq, refused};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(moves_content_and_attributes).needs(Ability::Attributes),
        case!(replaces_the_target),
        case!(of_a_missing_key_is_not_found),
        case!(of_an_empty_object),
        case!(of_a_large_object),
        case!(into_and_out_of_a_folder),
        case!(onto_itself_keeps_the_object).needs(Ability::Attributes),
        case!(gives_other_attributes).needs(Ability::Attributes),
        case!(if_the_source_does_not_match_moves_nothing),
        case!(if_absent_refuses_a_taken_key).needs(Ability::CopyIfAbsent),
        case!(if_absent_is_refused_where_it_is_not_atomic).without(Ability::CopyIfAbsent),
        case!(by_many_at_once_loses_nothing),
    ]
}

async fn moves_content_and_attributes(store: Sandbox) -> Outcome {
    let (from, to) = (store.key("from")?, store.key("to")?);
    let options = PutOptions::new().content_type("text/plain").metadata("by", "me");
    store.put(&from, "abc".into(), options.clone()).await?;
    ensure_eq!(store.rename(&from, &to, CopyOptions::new()).await?.size, 3, "size");
    store.is_free(&from).await?;
    store.holds(&to, b"abc").await?;
    ensure_eq!(store.stat(&to).await?.attributes, options.attributes, "attributes");
    Ok(())
}

async fn replaces_the_target(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "new").await?, store.write("to", "the old one").await?);
    store.rename(&from, &to, CopyOptions::new()).await?;
    store.is_free(&from).await?;
    store.holds(&to, b"new").await
}

async fn of_a_missing_key_is_not_found(store: Sandbox) -> Outcome {
    let (from, to) = (store.key("nope")?, store.write("to", "old").await?);
    refused(store.rename(&from, &to, CopyOptions::new()).await, ErrorKind::NotFound)?;
    store.holds(&to, b"old").await
}

async fn of_an_empty_object(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "").await?, store.key("to")?);
    store.rename(&from, &to, CopyOptions::new()).await?;
    store.is_free(&from).await?;
    store.holds(&to, b"").await
}

async fn of_a_large_object(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let (from, to) = (store.write("from", content.clone()).await?, store.key("to")?);
    store.rename(&from, &to, CopyOptions::new()).await?;
    store.is_free(&from).await?;
    store.holds(&to, &content).await
}

async fn into_and_out_of_a_folder(store: Sandbox) -> Outcome {
    let (flat, deep) = (store.write("a", "abc").await?, store.key("d/e/a")?);
    store.rename(&flat, &deep, CopyOptions::new()).await?;
    store.holds(&deep, b"abc").await?;
    store.rename(&deep, &flat, CopyOptions::new()).await?;
    store.holds(&flat, b"abc").await?;
    ensure_eq!(store.level(store.within("")).await?, ["a"], "the level");
    Ok(())
}

async fn onto_itself_keeps_the_object(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    let attributes = PutOptions::new().content_type("text/plain").attributes;
    store.rename(&key, &key, CopyOptions::new().attributes(attributes)).await?;
    store.holds(&key, b"abc").await?;
    ensure_eq!(store.stat(&key).await?.content_type, "text/plain", "content type");
    Ok(())
}

async fn gives_other_attributes(store: Sandbox) -> Outcome {
    let (from, to) = (store.key("from")?, store.key("to")?);
    store.put(&from, "abc".into(), PutOptions::new().metadata("first", "1")).await?;
    let other = PutOptions::new().content_type("text/plain").metadata("second", "2").attributes;
    store.rename(&from, &to, CopyOptions::new().attributes(other.clone())).await?;
    ensure_eq!(store.stat(&to).await?.attributes, other, "attributes");
    Ok(())
}

async fn if_the_source_does_not_match_moves_nothing(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "abc").await?, store.key("to")?);
    store.etag(&from).await?;
    let options = CopyOptions::new().source_if_match("other".into());
    refused(store.rename(&from, &to, options).await, ErrorKind::PreconditionFailed)?;
    store.holds(&from, b"abc").await?;
    store.is_free(&to).await
}

async fn if_absent_refuses_a_taken_key(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "new").await?, store.write("to", "old").await?);
    refused(store.rename(&from, &to, CopyOptions::new().if_absent()).await, ErrorKind::AlreadyExists)?;
    store.holds(&from, b"new").await?;
    store.holds(&to, b"old").await
}

async fn if_absent_is_refused_where_it_is_not_atomic(store: Sandbox) -> Outcome {
    let (from, to) = (store.write("from", "abc").await?, store.key("to")?);
    refused(store.rename(&from, &to, CopyOptions::new().if_absent()).await, ErrorKind::Unsupported)?;
    store.holds(&from, b"abc").await?;
    store.is_free(&to).await
}

async fn by_many_at_once_loses_nothing(store: Sandbox) -> Outcome {
    let content = pattern(1, 20_000);
    let from = store.write("from", content.clone()).await?;
    let moves = (0..8).map(|number| {
        let (store, from) = (store.clone(), from.clone());
        async move {
            let to = store.key(&format!("to/{number}"))?;
            store.rename(&from, &to, CopyOptions::new()).await.map(|_| to)
        }
    });
    let targets: Vec<_> = join_all(moves).await.into_iter().flatten().collect();
    ensure!(!targets.is_empty(), "none of 8 has moved the object");
    for to in &targets {
        store.holds(to, &content).await?;
    }
    store.is_free(&from).await
}
