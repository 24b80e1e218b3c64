use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use storage_core::capability::Ability;
use storage_core::options::PutMode;
use storage_core::{CopyOptions, ErrorKind, PutOptions};
use tokio::sync::Notify;

use crate::case::{Case, case};
use crate::content::{one_shot, pattern, stalling};
use crate::outcome::{Outcome, Stop, ensure_eq, same_bytes};
use crate::sandbox::Sandbox;

/// What was going on in the background when a future was dropped has ended by then.
const SETTLING: Duration = Duration::from_millis(300);

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(of_a_put_leaves_nothing),
        case!(of_a_large_put_leaves_nothing),
        case!(of_a_put_of_declared_length_leaves_nothing),
        case!(of_an_overwrite_keeps_the_old_object).needs(Ability::Attributes),
        case!(of_a_large_overwrite_keeps_the_old_object),
        case!(of_a_create_leaves_the_key_free).needs(Ability::CreateIfAbsent),
        case!(of_a_put_at_any_point_leaves_all_or_nothing),
        case!(of_a_large_put_at_any_point_leaves_all_or_nothing),
        case!(of_a_copy_at_any_point_leaves_all_or_nothing),
        case!(of_a_rename_at_any_point_loses_nothing),
        case!(of_reads_harms_nothing),
    ]
}

/// Has a put run until its body stalls after `content`, and drops it then.
async fn cancelled(store: &Sandbox, content: &Bytes, declared: Option<u64>, options: PutOptions) -> Outcome {
    let key = store.key("a")?;
    let stalled = Arc::new(Notify::new());
    let mut body = stalling(content, Arc::clone(&stalled));
    if let Some(length) = declared {
        body = body.with_length(length);
    }
    tokio::select! {
        biased;
        result = store.put(&key, body, options) => {
            result?;
            return Err(Stop::failed("stored a body that never ended"));
        }
        () = stalled.notified() => {}
    }
    tokio::time::sleep(SETTLING).await;
    Ok(())
}

async fn of_a_put_leaves_nothing(store: Sandbox) -> Outcome {
    cancelled(&store, &pattern(1, 200_000), None, PutOptions::new()).await?;
    store.is_free(&store.key("a")?).await?;
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is listed");
    Ok(())
}

async fn of_a_large_put_leaves_nothing(store: Sandbox) -> Outcome {
    let most = pattern(1, 2 * store.part_bytes() + 100_000);
    cancelled(&store, &most, None, PutOptions::new()).await?;
    store.is_free(&store.key("a")?).await?;
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is listed");
    Ok(())
}

async fn of_a_put_of_declared_length_leaves_nothing(store: Sandbox) -> Outcome {
    cancelled(&store, &pattern(1, 200_000), Some(200_001), PutOptions::new()).await?;
    store.is_free(&store.key("a")?).await
}

async fn of_an_overwrite_keeps_the_old_object(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    store.put(&key, "old".into(), PutOptions::new().metadata("age", "old")).await?;
    cancelled(&store, &pattern(1, 200_000), None, PutOptions::new().metadata("age", "new")).await?;
    store.holds(&key, b"old").await?;
    let age = store.stat(&key).await?.attributes.metadata.get("age").cloned();
    ensure_eq!(age.as_deref(), Some("old"), "metadata");
    Ok(())
}

async fn of_a_large_overwrite_keeps_the_old_object(store: Sandbox) -> Outcome {
    let key = store.write("a", "old").await?;
    let most = pattern(1, 2 * store.part_bytes() + 100_000);
    cancelled(&store, &most, None, PutOptions::new()).await?;
    store.holds(&key, b"old").await?;
    ensure_eq!(store.names().await?, ["a"], "what is listed");
    Ok(())
}

async fn of_a_create_leaves_the_key_free(store: Sandbox) -> Outcome {
    let create = PutOptions::new().mode(PutMode::Create);
    cancelled(&store, &pattern(1, 200_000), None, create.clone()).await?;
    let key = store.key("a")?;
    store.put(&key, "abc".into(), create).await?;
    store.holds(&key, b"abc").await
}

async fn of_a_put_at_any_point_leaves_all_or_nothing(store: Sandbox) -> Outcome {
    put_dropped_at_any_point(&store, 150_000, 24).await
}

async fn of_a_large_put_at_any_point_leaves_all_or_nothing(store: Sandbox) -> Outcome {
    let size = store.part_bytes() + 1_000_000;
    put_dropped_at_any_point(&store, size, 10).await
}

/// Drops a put after 1, 2, 4, 7, … polls. What is visible is the old object or the new one, whole: a put that was dropped when all of it
/// was sent may come to its end after the next one did.
async fn put_dropped_at_any_point(store: &Sandbox, size: usize, rounds: usize) -> Outcome {
    let contents = [pattern(0, size), pattern(1, size)];
    let key = store.write("a", contents[0].clone()).await?;
    for round in 0..rounds {
        let next = &contents[(round + 1) % 2];
        let body = if round % 3 == 0 { one_shot(next) } else { next.clone().into() };
        let polls = 1 + round * (round + 1) / 2;
        if let Some(done) = polled(store.put(&key, body, PutOptions::new()), polls).await {
            done?;
        }
        let read = store.read(&key).await?;
        if read != contents[0] {
            same_bytes(&read, &contents[1])?;
        }
    }
    tokio::time::sleep(SETTLING).await;
    ensure_eq!(store.names().await?, ["a"], "what is listed");
    Ok(())
}

async fn of_a_copy_at_any_point_leaves_all_or_nothing(store: Sandbox) -> Outcome {
    let content = pattern(1, 300_000);
    let from = store.write("from", content.clone()).await?;
    for polls in 1..16 {
        let to = store.key(&format!("to/{polls}"))?;
        if let Some(done) = polled(store.copy(&from, &to, CopyOptions::new()), polls).await {
            done?;
            store.holds(&to, &content).await?;
            continue;
        }
        tokio::time::sleep(SETTLING / 10).await;
        match store.read(&to).await {
            Ok(read) => same_bytes(&read, &content)?,
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(Stop::from(error)),
        }
    }
    store.holds(&from, &content).await
}

async fn of_a_rename_at_any_point_loses_nothing(store: Sandbox) -> Outcome {
    for polls in 1..16 {
        let name = format!("from/{polls}");
        let (from, to) = (store.write(&name, name.as_str()).await?, store.key(&format!("to/{polls}"))?);
        drop(polled(store.rename(&from, &to, CopyOptions::new()), polls).await);
        tokio::time::sleep(SETTLING / 10).await;
        let read = match store.read(&from).await {
            Err(error) if error.kind() == ErrorKind::NotFound => store.read(&to).await,
            read => read,
        };
        same_bytes(&read?, name.as_bytes())?;
    }
    Ok(())
}

async fn of_reads_harms_nothing(store: Sandbox) -> Outcome {
    let content = pattern(1, 300_000);
    let key = store.write("a", content.clone()).await?;
    for polls in 1..8 {
        drop(polled(store.read(&key), polls).await);
        drop(polled(store.stat(&key), polls).await);
        drop(polled(store.names(), polls).await);
    }
    store.holds(&key, &content).await
}

/// Polls a future so many times at most, then drops it.
async fn polled<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => {
            left -= 1;
            if left == 0 { Poll::Ready(None) } else { Poll::Pending }
        }
    })
    .await
}
