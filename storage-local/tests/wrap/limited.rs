use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::{StreamExt, future::join_all};
use storage_core::body::IntoBody;
use storage_core::list::{ListItem, ListOptions};
use storage_core::wrap::Limited;
use storage_core::{CopyOptions, ErrorKind, GetOptions, PutOptions, Storage, StorageExt};
use tokio::time::timeout;

use crate::faulty::Faulty;
use crate::{key, memory, one_shot, put};

const SOON: Duration = Duration::from_secs(20);
const A_MOMENT: Duration = Duration::from_millis(50);

#[tokio::test]
async fn no_more_are_under_way_than_allowed_and_all_are_done() {
    let inner = Faulty::new(memory());
    let store = Limited::new(Arc::clone(&inner) as Arc<dyn Storage>, 3);
    let names: Vec<_> = (0..50).map(|n| key(&format!("{n:02}"))).collect();
    join_all(names.iter().map(|name| store.put(name, "x".into(), PutOptions::new()))).await;
    assert_eq!((inner.calls(), inner.most.load(Ordering::SeqCst)), (50, 3));
}

#[tokio::test]
async fn an_object_is_counted_until_it_is_read_or_dropped() {
    let store = Limited::new(memory(), 1);
    put(&store, "a", "content").await;
    let name = key("a");
    let get = || store.get(&name, GetOptions::new());
    let object = get().await.unwrap().into_object().unwrap();
    assert!(timeout(A_MOMENT, get()).await.is_err());
    object.bytes().await.unwrap();

    let mut stream = get().await.unwrap().into_object().unwrap().into_stream();
    assert!(stream.next().await.unwrap().is_ok() && stream.next().await.is_none());
    let dropped = timeout(SOON, get()).await.unwrap();
    assert!(timeout(A_MOMENT, get()).await.is_err());
    drop(dropped);
    timeout(SOON, get()).await.unwrap().unwrap();
    assert_eq!(get().await.unwrap().into_object().unwrap().bytes().await.unwrap(), "content");
}

#[tokio::test]
async fn whoever_reads_and_calls_meanwhile_does_not_wait_for_itself() {
    let work = async {
        let store = Limited::new(Arc::new(Limited::new(memory(), 1)), 1);
        for name in ["a", "b", "c"] {
            store.put(&key(name), one_shot(200_000), PutOptions::new()).await.unwrap();
        }
        let mut outer = store.list(ListOptions::new());
        let mut copied = 0;
        while let Some(ListItem::Object(entry)) = outer.next().await.transpose().unwrap() {
            let mut nested = store.list_level(ListOptions::new());
            assert!(nested.next().await.unwrap().is_ok());
            let object = store.get(&entry.key, GetOptions::new()).await.unwrap().into_object().unwrap();
            let to = key(&format!("Copies/{}", entry.key));
            store.put(&to, object.into_body().unwrap(), PutOptions::new()).await.unwrap();
            store.copy(&to, &key("Copies/x"), CopyOptions::new()).await.unwrap();
            store.rename(&key("Copies/x"), &key("Copies/y"), CopyOptions::new()).await.unwrap();
            assert_eq!(store.size(&to).await.unwrap(), 200_000);
            copied += 1;
        }
        assert_eq!(copied, 3);
    };
    timeout(SOON, work).await.unwrap();
}

#[tokio::test]
async fn who_waits_longest_is_next_and_who_gives_up_is_forgotten() {
    let inner = Faulty::new(memory());
    let store = Limited::new(Arc::clone(&inner) as Arc<dyn Storage>, 1);
    inner.shut();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for n in 0..4 {
        let (store, order) = (store.clone(), Arc::clone(&order));
        tasks.push(tokio::spawn(async move {
            store.delete(&key("a")).await.unwrap();
            order.lock().unwrap().push(n);
        }));
        tokio::task::yield_now().await;
    }
    tasks.remove(1).abort();
    tokio::task::yield_now().await;
    inner.open();
    timeout(SOON, join_all(tasks)).await.unwrap();
    assert_eq!(*order.lock().unwrap(), [0, 2, 3]);
    assert_eq!(inner.calls(), 3);
}

#[tokio::test]
async fn too_long_a_queue_is_refused_and_worth_a_retry() {
    let inner = Faulty::new(memory());
    let store = Limited::new(Arc::clone(&inner) as Arc<dyn Storage>, 1).max_waiting(1);
    inner.shut();
    let tasks: Vec<_> = (0..2)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.stat(&key("a")).await.map_err(|error| error.kind()) })
        })
        .collect();
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    let error = store.delete(&key("b")).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Throttled, true));
    assert_eq!((error.operation(), error.key(), error.store()), (Some("delete"), Some("b"), Some("memory")));
    inner.open();
    for answer in join_all(tasks).await {
        assert_eq!(answer.unwrap(), Err(ErrorKind::NotFound));
    }
    store.delete(&key("b")).await.unwrap();
}
