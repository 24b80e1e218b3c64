use futures_util::StreamExt;
use storage_core::ErrorKind;
use tokio::io::{AsyncBufReadExt, AsyncReadExt};

use crate::case::{Case, case};
use crate::content::pattern;
use crate::outcome::{Outcome, Stop, ensure, ensure_eq, refused, same_bytes};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(in_chunks),
        case!(of_an_empty_object_end_at_once),
        case!(as_a_reader),
        case!(as_lines),
        case!(up_to_a_limit),
        case!(over_the_limit_are_refused),
        case!(dropped_unread),
        case!(dropped_half_way),
        case!(outlive_the_handle),
        case!(read_slowly),
        case!(many_at_once),
        case!(from_one_object_into_another),
    ]
}

async fn in_chunks(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let key = store.write("a", content.clone()).await?;
    let mut stream = store.open(&key).await?.into_stream();
    let mut offset = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk?;
        ensure!(offset + chunk.len() <= content.len(), "the stream has more bytes than the object");
        same_bytes(&chunk, &content[offset..offset + chunk.len()])?;
        offset += chunk.len();
    }
    ensure_eq!(offset, content.len(), "bytes of the stream");
    Ok(())
}

async fn of_an_empty_object_end_at_once(store: Sandbox) -> Outcome {
    let key = store.write("a", "").await?;
    let mut stream = store.open(&key).await?.into_stream();
    while let Some(chunk) = stream.next().await {
        ensure!(chunk?.is_empty(), "the stream of an empty object has bytes");
    }
    Ok(())
}

async fn as_a_reader(store: Sandbox) -> Outcome {
    let content = pattern(1, 300_001);
    let key = store.write("a", content.clone()).await?;
    let mut read = Vec::new();
    store.open(&key).await?.into_async_read().read_to_end(&mut read).await?;
    same_bytes(&read, &content)
}

async fn as_lines(store: Sandbox) -> Outcome {
    let key = store.write("a", "first\nsecond\nlast").await?;
    let mut lines = store.open(&key).await?.into_async_read().lines();
    for expected in ["first", "second", "last"] {
        ensure_eq!(lines.next_line().await?.as_deref(), Some(expected), "line");
    }
    ensure_eq!(lines.next_line().await?, None, "after the last line");
    Ok(())
}

async fn up_to_a_limit(store: Sandbox) -> Outcome {
    let content = pattern(1, 100_000);
    let key = store.write("a", content.clone()).await?;
    same_bytes(&store.open(&key).await?.bytes_up_to(100_000).await?, &content)
}

async fn over_the_limit_are_refused(store: Sandbox) -> Outcome {
    let key = store.write("a", pattern(1, 100_000)).await?;
    refused(store.open(&key).await?.bytes_up_to(99_999).await, ErrorKind::InvalidInput)?;
    Ok(())
}

async fn dropped_unread(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let key = store.write("a", content.clone()).await?;
    for _ in 0..20 {
        drop(store.open(&key).await?);
    }
    store.holds(&key, &content).await
}

async fn dropped_half_way(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let key = store.write("a", content.clone()).await?;
    for _ in 0..20 {
        let mut stream = store.open(&key).await?.into_stream();
        match stream.next().await.transpose()? {
            Some(chunk) => same_bytes(&chunk, &content[..chunk.len()])?,
            None => return Err(Stop::failed("the stream ends before it begins")),
        }
    }
    store.holds(&key, &content).await
}

async fn outlive_the_handle(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let key = store.write("a", content.clone()).await?;
    let object = store.open(&key).await?;
    drop(store);
    same_bytes(&object.bytes().await?, &content)
}

async fn read_slowly(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let key = store.write("a", content.clone()).await?;
    let mut stream = store.open(&key).await?.into_stream();
    let mut offset = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk?;
        same_bytes(&chunk, &content[offset..offset + chunk.len()])?;
        if offset / 4_000_000 != (offset + chunk.len()) / 4_000_000 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        offset += chunk.len();
    }
    ensure_eq!(offset, content.len(), "bytes of the stream");
    Ok(())
}

async fn many_at_once(store: Sandbox) -> Outcome {
    let content = pattern(1, 500_000);
    let key = store.write("a", content.clone()).await?;
    let mut readers = Vec::new();
    for _ in 0..20 {
        readers.push(store.open(&key).await?);
    }
    for reader in readers {
        same_bytes(&reader.bytes().await?, &content)?;
    }
    Ok(())
}

async fn from_one_object_into_another(store: Sandbox) -> Outcome {
    use storage_core::Body;

    let content = pattern(1, store.large_bytes());
    let from = store.write("from", content.clone()).await?;
    let body = Body::from_stream(store.open(&from).await?.into_stream());
    let to = store.write("to", body).await?;
    store.holds(&to, &content).await
}
