//! A server that asks for fewer requests gets fewer, from all tasks together, and is found again when it has recovered.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use storage_core::{Body, ErrorKind, PutOptions, Result, Storage};
use storage_minio::{ClientOptions, MinioStorage, RetryOptions};
use support::{Reply, Scripted, key};
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// When requests came, since the start, and whether they were refused.
type Arrivals = Arc<Mutex<Vec<(Duration, bool)>>>;

/// A server that refuses whenever `refuses` says so of the time since the start.
fn server(mut refuses: impl FnMut(Duration) -> Option<Reply> + Send + 'static) -> (Arc<Scripted>, Arrivals) {
    let arrivals = Arrivals::default();
    let seen = Arc::clone(&arrivals);
    let began = Instant::now();
    let transport = Scripted::new(move |_| {
        let refusal = refuses(began.elapsed());
        seen.lock().unwrap().push((began.elapsed(), refusal.is_some()));
        refusal.unwrap_or_else(Reply::stored)
    });
    (transport, arrivals)
}

fn slow_down() -> Reply {
    Reply::error(503, "SlowDown")
}

/// Refuses more than so many requests a second, with some in reserve.
fn limited_to(per_second: f64) -> impl FnMut(Duration) -> Option<Reply> + Send + 'static {
    let (mut reserve, mut last) = (10.0, Duration::ZERO);
    move |now| {
        reserve = (reserve + (now.as_secs_f64() - last.as_secs_f64()) * per_second).min(10.0);
        last = now;
        if reserve < 1.0 {
            return Some(slow_down());
        }
        reserve -= 1.0;
        None
    }
}

async fn put(storage: &MinioStorage) -> Result<()> {
    storage.put(&key("a"), Body::from("content"), PutOptions::new()).await.map(drop)
}

async fn put_at_once(storage: &MinioStorage, tasks: usize) -> Vec<Result<()>> {
    join_all((0..tasks).map(|_| put(storage))).await
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_everything_is_left_alone_by_all_tasks_together() {
    let (transport, arrivals) = server(|_| Some(slow_down()));
    let results = put_at_once(&transport.storage(), 100).await;
    for result in results {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Throttled, true), "{error}");
        assert_eq!((error.operation(), error.key()), (Some("put"), Some("a")));
    }
    let arrivals = arrivals.lock().unwrap();
    // Each by itself would have come four times.
    assert!((10..100).contains(&arrivals.len()), "{}", arrivals.len());
    let busiest = (2..60).map(|second| {
        let second = Duration::from_secs(second)..Duration::from_secs(second + 1);
        arrivals.iter().filter(|(when, _)| second.contains(when)).count()
    });
    assert!(busiest.max().unwrap() <= 2, "{arrivals:?}");
}

#[tokio::test(start_paused = true)]
async fn the_time_that_it_names_holds_for_every_task_and_does_not_end_in_a_rush() {
    let mut first = true;
    let (transport, arrivals) =
        server(move |_| std::mem::take(&mut first).then(|| slow_down().header("retry-after", 3)));
    let storage = transport.storage();
    let others = async {
        tokio::time::sleep(SECOND).await;
        put_at_once(&storage, 50).await
    };
    let (one, others) = tokio::join!(put(&storage), others);
    one.unwrap();
    others.into_iter().collect::<Result<()>>().unwrap();
    let arrivals = arrivals.lock().unwrap();
    let later: Vec<Duration> = arrivals[1..].iter().map(|(when, _)| *when).collect();
    assert_eq!(later.len(), 51);
    assert!(later[0] >= 3 * SECOND, "{later:?}");
    // Gradually: the first come apart, and there is no second that holds all the others back.
    assert!(later[9] >= later[0] + Duration::from_millis(80), "{later:?}");
    assert!(later[50] < 4 * SECOND, "{later:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_with_a_limit_is_used_to_its_limit_and_nobody_starves() {
    let (transport, arrivals) = server(limited_to(100.0));
    let retry = RetryOptions::new().count(20).budget(Duration::from_secs(120));
    let options = ClientOptions::new().retry(retry);
    let storage = transport.builder().client_options(options).build().unwrap();
    let began = Instant::now();
    let results = put_at_once(&storage, 1_000).await;
    let took = began.elapsed();
    results.into_iter().collect::<Result<()>>().unwrap();
    let arrivals = arrivals.lock().unwrap();
    let paced: Vec<_> = arrivals.iter().filter(|(when, _)| *when > SECOND).collect();
    let refused = paced.iter().filter(|(_, refused)| *refused).count();
    assert!(took < Duration::from_secs(40), "{took:?} for what takes ten seconds");
    assert!(refused * 4 < paced.len(), "{refused} of {} were refused", paced.len());
}

#[tokio::test(start_paused = true)]
async fn once_it_has_recovered_it_gets_full_speed_again() {
    let (transport, _) = server(|now| (now < 5 * SECOND).then(slow_down));
    let retry = RetryOptions::new().count(100);
    let options = ClientOptions::new().retry(retry);
    let storage = transport.builder().client_options(options).build().unwrap();
    put_at_once(&storage, 100).await.into_iter().collect::<Result<()>>().unwrap();
    let began = Instant::now();
    for _ in 0..1_000 {
        put(&storage).await.unwrap();
    }
    assert!(began.elapsed() < SECOND, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn who_is_cancelled_while_it_waits_takes_nobodys_turn() {
    let mut first = true;
    let (transport, arrivals) =
        server(move |_| std::mem::take(&mut first).then(|| slow_down().header("retry-after", 2)));
    let storage = Arc::new(transport.storage());
    let waiting = |storage: &Arc<MinioStorage>| {
        let storage = Arc::clone(storage);
        tokio::spawn(async move { put(&storage).await })
    };
    let (given_up, kept): (Vec<_>, Vec<_>) =
        (0..100).map(|n| (n, waiting(&storage))).partition(|(n, _)| n % 10 > 0);
    tokio::time::sleep(SECOND).await;
    for (_, task) in &given_up {
        task.abort();
    }
    for (_, task) in kept {
        task.await.unwrap().unwrap();
    }
    let arrivals = arrivals.lock().unwrap();
    assert!(arrivals.last().unwrap().0 < 3 * SECOND, "{arrivals:?}");
}

#[tokio::test(start_paused = true)]
async fn other_failures_slow_nobody_down() {
    let mut count = 0;
    let (transport, arrivals) = server(move |_| {
        count += 1;
        (count <= 20).then(|| Reply::status(500))
    });
    put_at_once(&transport.storage(), 20).await.into_iter().collect::<Result<()>>().unwrap();
    let arrivals = arrivals.lock().unwrap();
    assert!(arrivals.last().unwrap().0 < SECOND, "{arrivals:?}");
}
