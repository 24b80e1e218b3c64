use std::io::{Cursor, Seek, SeekFrom};

use bytes::Bytes;
use futures_util::stream;
use storage_core::body::IntoBody;
use storage_core::capability::Ability;
use storage_core::{Body, Error, ErrorKind, PutOptions};

use crate::case::{Case, case};
use crate::content::{chunks, failing, one_shot, pattern, temporary_file};
use crate::outcome::{Outcome, ensure, ensure_eq, refused};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(a_reader),
        case!(a_stream),
        case!(a_stream_of_known_length),
        case!(a_stream_of_tiny_chunks),
        case!(a_stream_with_empty_chunks),
        case!(a_stream_of_nothing),
        case!(a_stream_of_nothing_as_declared),
        case!(a_file),
        case!(a_file_from_its_middle_on),
        case!(an_empty_file),
        case!(an_asynchronous_file),
        case!(one_byte_too_few_leaves_nothing),
        case!(one_byte_too_many_leaves_nothing),
        case!(bytes_with_a_wrong_length_leave_nothing),
        case!(nothing_where_something_was_declared_leaves_nothing),
        case!(a_large_one_byte_too_few_leaves_nothing),
        case!(a_large_one_byte_too_many_leaves_nothing),
        case!(failing_at_once_leaves_nothing),
        case!(failing_half_way_leaves_nothing),
        case!(failing_before_the_last_byte_leaves_nothing),
        case!(a_large_one_failing_half_way_leaves_nothing),
        case!(failing_half_way_keeps_the_old_object).needs(Ability::Attributes),
        case!(a_large_one_failing_half_way_keeps_the_old_object).needs(Ability::Attributes),
        case!(wrong_length_keeps_the_old_object).needs(Ability::Attributes),
        case!(failures_keep_their_kind),
    ]
}

async fn stores(store: &Sandbox, body: Body, content: &[u8]) -> Outcome {
    let key = store.key("a")?;
    let outcome = store.put(&key, body, PutOptions::new()).await?;
    ensure_eq!(outcome.size, content.len() as u64, "size");
    store.holds(&key, content).await
}

async fn a_reader(store: Sandbox) -> Outcome {
    let content = pattern(1, 200_001);
    stores(&store, Body::from_reader(Cursor::new(content.clone())), &content).await
}

async fn a_stream(store: Sandbox) -> Outcome {
    let content = pattern(1, 200_001);
    stores(&store, one_shot(&content), &content).await
}

async fn a_stream_of_known_length(store: Sandbox) -> Outcome {
    let content = pattern(1, 200_001);
    stores(&store, one_shot(&content).with_length(200_001), &content).await
}

async fn a_stream_of_tiny_chunks(store: Sandbox) -> Outcome {
    let content = pattern(1, 20_000);
    let tiny = chunks(&content, 7).into_iter().map(Ok::<_, Error>);
    stores(&store, Body::from_stream(stream::iter(tiny)), &content).await
}

async fn a_stream_with_empty_chunks(store: Sandbox) -> Outcome {
    let parts = ["", "a", "", "", "bc", ""].map(|part| Ok::<_, Error>(Bytes::from(part)));
    stores(&store, Body::from_stream(stream::iter(parts)), b"abc").await
}

async fn a_stream_of_nothing(store: Sandbox) -> Outcome {
    stores(&store, one_shot(&Bytes::new()), b"").await
}

async fn a_stream_of_nothing_as_declared(store: Sandbox) -> Outcome {
    stores(&store, one_shot(&Bytes::new()).with_length(0), b"").await
}

async fn a_file(store: Sandbox) -> Outcome {
    let content = pattern(1, 300_001);
    stores(&store, temporary_file(&content)?.into_body()?, &content).await
}

async fn a_file_from_its_middle_on(store: Sandbox) -> Outcome {
    let content = pattern(1, 300_001);
    let mut file = temporary_file(&content)?;
    file.seek(SeekFrom::Start(100_000))?;
    stores(&store, file.into_body()?, &content[100_000..]).await
}

async fn an_empty_file(store: Sandbox) -> Outcome {
    stores(&store, temporary_file(b"")?.into_body()?, b"").await
}

async fn an_asynchronous_file(store: Sandbox) -> Outcome {
    let content = pattern(1, 300_001);
    let file = tokio::fs::File::from_std(temporary_file(&content)?);
    stores(&store, file.into_body()?, &content).await
}

/// Storing this body is refused and leaves no trace.
async fn leaves_nothing(store: &Sandbox, body: Body, kind: ErrorKind) -> Outcome {
    let key = store.key("a")?;
    refused(store.put(&key, body, store.marked("a", "1")).await, kind)?;
    store.is_free(&key).await?;
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is listed");
    Ok(())
}

async fn one_byte_too_few_leaves_nothing(store: Sandbox) -> Outcome {
    let body = one_shot(&pattern(1, 99_999)).with_length(100_000);
    leaves_nothing(&store, body, ErrorKind::InvalidInput).await
}

async fn one_byte_too_many_leaves_nothing(store: Sandbox) -> Outcome {
    let body = one_shot(&pattern(1, 100_001)).with_length(100_000);
    leaves_nothing(&store, body, ErrorKind::InvalidInput).await
}

async fn bytes_with_a_wrong_length_leave_nothing(store: Sandbox) -> Outcome {
    leaves_nothing(&store, Body::from("abc").with_length(4), ErrorKind::InvalidInput).await?;
    leaves_nothing(&store, Body::from("abc").with_length(2), ErrorKind::InvalidInput).await?;
    leaves_nothing(&store, Body::from("abc").with_length(0), ErrorKind::InvalidInput).await
}

async fn nothing_where_something_was_declared_leaves_nothing(store: Sandbox) -> Outcome {
    leaves_nothing(&store, one_shot(&Bytes::new()).with_length(1), ErrorKind::InvalidInput).await
}

async fn a_large_one_byte_too_few_leaves_nothing(store: Sandbox) -> Outcome {
    let size = store.large_bytes();
    let body = one_shot(&pattern(1, size - 1)).with_length(size as u64);
    leaves_nothing(&store, body, ErrorKind::InvalidInput).await
}

async fn a_large_one_byte_too_many_leaves_nothing(store: Sandbox) -> Outcome {
    let size = store.large_bytes();
    let body = one_shot(&pattern(1, size + 1)).with_length(size as u64);
    leaves_nothing(&store, body, ErrorKind::InvalidInput).await
}

async fn failing_at_once_leaves_nothing(store: Sandbox) -> Outcome {
    leaves_nothing(&store, failing(&Bytes::new()), ErrorKind::Other).await?;
    leaves_nothing(&store, failing(&Bytes::new()).with_length(10), ErrorKind::Other).await
}

async fn failing_half_way_leaves_nothing(store: Sandbox) -> Outcome {
    let half = pattern(1, 100_000);
    leaves_nothing(&store, failing(&half), ErrorKind::Other).await?;
    leaves_nothing(&store, failing(&half).with_length(200_000), ErrorKind::Other).await
}

async fn failing_before_the_last_byte_leaves_nothing(store: Sandbox) -> Outcome {
    leaves_nothing(&store, failing(&pattern(1, 99_999)).with_length(100_000), ErrorKind::Other).await
}

async fn a_large_one_failing_half_way_leaves_nothing(store: Sandbox) -> Outcome {
    let most = pattern(1, 2 * store.part_bytes() + 100_000);
    leaves_nothing(&store, failing(&most), ErrorKind::Other).await?;
    leaves_nothing(&store, failing(&most).with_length(store.large_bytes() as u64), ErrorKind::Other).await
}

/// Replacing by this body is refused, and what was there stays as it was.
async fn keeps_the_old(store: &Sandbox, body: Body, kind: ErrorKind) -> Outcome {
    let key = store.key("a")?;
    store.put(&key, "old".into(), PutOptions::new().metadata("age", "old")).await?;
    refused(store.put(&key, body, PutOptions::new().metadata("age", "new")).await, kind)?;
    store.holds(&key, b"old").await?;
    let metadata = store.stat(&key).await?.attributes.metadata;
    ensure!(metadata.get("age").is_some_and(|age| age == "old"), "the old object has the new metadata");
    ensure_eq!(store.names().await?, ["a"], "what is listed");
    Ok(())
}

async fn failing_half_way_keeps_the_old_object(store: Sandbox) -> Outcome {
    keeps_the_old(&store, failing(&pattern(1, 100_000)), ErrorKind::Other).await
}

async fn a_large_one_failing_half_way_keeps_the_old_object(store: Sandbox) -> Outcome {
    let most = pattern(1, 2 * store.part_bytes() + 100_000);
    keeps_the_old(&store, failing(&most), ErrorKind::Other).await
}

async fn wrong_length_keeps_the_old_object(store: Sandbox) -> Outcome {
    keeps_the_old(&store, one_shot(&pattern(1, 10)).with_length(11), ErrorKind::InvalidInput).await
}

async fn failures_keep_their_kind(store: Sandbox) -> Outcome {
    for kind in [ErrorKind::Corrupt, ErrorKind::Unavailable, ErrorKind::PermissionDenied] {
        let failure =
            [Ok(Bytes::from_static(b"abc")), Err(Error::new(kind, "in the store that it came from"))];
        leaves_nothing(&store, Body::from_stream(stream::iter(failure)), kind).await?;
    }
    Ok(())
}
