use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::{CopyOptions, Error, ErrorKind, GetOptions, ObjectKey, PutOptions};

use crate::case::{Case, case};
use crate::content::one_shot;
use crate::outcome::{Outcome, ensure, ensure_eq, refused};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(of_a_missing_object_name_it),
        case!(of_a_copy_name_the_source),
        case!(of_a_taken_key_name_it).needs(Ability::CreateIfAbsent),
        case!(of_a_failed_condition_name_it),
        case!(of_a_bad_range_name_it),
        case!(of_a_bad_option_name_the_key),
        case!(of_a_wrong_length_name_the_key),
        case!(do_not_invite_a_retry),
    ]
}

/// The error names the operation, the key and the store, and its text does so too.
fn names(store: &Sandbox, error: &Error, operation: &str, key: &ObjectKey) -> Outcome {
    ensure_eq!(error.operation(), Some(operation), "operation of `{error}`");
    ensure_eq!(error.key(), Some(key.as_str()), "key of `{error}`");
    ensure_eq!(error.store(), Some(store.name()), "store of `{error}`");
    let text = error.to_string();
    ensure!(text.starts_with(operation) && text.contains(key.as_str()), "the text does not say it: `{text}`");
    Ok(())
}

async fn of_a_missing_object_name_it(store: Sandbox) -> Outcome {
    let key = store.key("nope")?;
    let error = refused(store.get(&key, GetOptions::new()).await, ErrorKind::NotFound)?;
    ensure!(error.is_not_found(), "is_not_found() is false for `{error}`");
    names(&store, &error, "get", &key)?;
    let error = refused(store.stat(&key).await, ErrorKind::NotFound)?;
    names(&store, &error, "stat", &key)
}

async fn of_a_copy_name_the_source(store: Sandbox) -> Outcome {
    let (from, to) = (store.key("nope")?, store.key("to")?);
    let error = refused(store.copy(&from, &to, CopyOptions::new()).await, ErrorKind::NotFound)?;
    names(&store, &error, "copy", &from)
}

async fn of_a_taken_key_name_it(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    let options = PutOptions::new().mode(PutMode::Create);
    let error = refused(store.put(&key, "new".into(), options).await, ErrorKind::AlreadyExists)?;
    ensure!(error.is_already_exists(), "is_already_exists() is false for `{error}`");
    names(&store, &error, "put", &key)
}

async fn of_a_failed_condition_name_it(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    store.etag(&key).await?;
    let options = GetOptions::new().if_match("other".into());
    let error = refused(store.get(&key, options).await, ErrorKind::PreconditionFailed)?;
    names(&store, &error, "get", &key)
}

async fn of_a_bad_range_name_it(store: Sandbox) -> Outcome {
    let key = store.write("a", "abc").await?;
    for (range, kind) in [(3..4, ErrorKind::RangeNotSatisfiable), (2..2, ErrorKind::InvalidInput)] {
        let error = refused(store.get(&key, GetOptions::new().range(range)).await, kind)?;
        names(&store, &error, "get", &key)?;
    }
    Ok(())
}

async fn of_a_bad_option_name_the_key(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let options = PutOptions::new().metadata("bad name", "x");
    let error = refused(store.put(&key, "abc".into(), options).await, ErrorKind::InvalidInput)?;
    names(&store, &error, "put", &key)
}

async fn of_a_wrong_length_name_the_key(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let body = one_shot(&bytes::Bytes::from_static(b"abc")).with_length(4);
    let error = refused(store.put(&key, body, PutOptions::new()).await, ErrorKind::InvalidInput)?;
    names(&store, &error, "put", &key)
}

async fn do_not_invite_a_retry(store: Sandbox) -> Outcome {
    let key = store.key("nope")?;
    let missing = refused(store.stat(&key).await, ErrorKind::NotFound)?;
    ensure!(!missing.is_retryable(), "retryable: `{missing}`");
    let bad = PutOptions::new().metadata("bad name", "x");
    let invalid = refused(store.put(&key, "abc".into(), bad).await, ErrorKind::InvalidInput)?;
    ensure!(!invalid.is_retryable(), "retryable: `{invalid}`");
    Ok(())
}
