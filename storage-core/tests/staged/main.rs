//! Staged saves on a store that hangs and fails at will: what is aside goes, nobody waits for that for long, and what nobody wants any more
//! gets no name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod store;

use std::sync::Arc;
use std::time::Duration;

use storage_core::{Body, Bucket, Error, ErrorKind, SaveOptions, Saved};
use tokio::time::{Instant, sleep};

use self::store::{Call, Held};

/// More than is read ahead, of a stream that can be read only once.
fn large() -> Body {
    const CHUNK: &[u8] = &[7; 1024 * 1024];
    Body::from_stream(store::chunks((0..9).map(|_| Ok(CHUNK.into()))))
}

async fn save(store: &Arc<Held>) -> Result<Saved, Error> {
    Bucket::new(Arc::clone(store) as _).save_with("a", large(), SaveOptions::new().staged()).await
}

#[tokio::test]
async fn takes_its_place_and_leaves_nothing_aside() {
    let store = Arc::new(Held::default());
    assert_eq!(save(&store).await.unwrap().key, "a");
    assert_eq!(store.keys(), ["a"]);
    assert_eq!(store.calls(), [Call::Put, Call::Copy, Call::Delete]);
}

#[tokio::test(start_paused = true)]
async fn is_answered_soon_though_what_is_aside_cannot_be_deleted() {
    let store = Arc::new(Held::default());
    store.hold(Call::Delete);
    let began = Instant::now();
    assert_eq!(save(&store).await.unwrap().key, "a");
    assert!(began.elapsed() <= Duration::from_secs(4), "{:?}", began.elapsed());

    store.fail(Call::Copy);
    let began = Instant::now();
    assert_eq!(save(&store).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert!(began.elapsed() <= Duration::from_secs(4), "{:?}", began.elapsed());

    store.fail(Call::Put);
    let began = Instant::now();
    assert_eq!(save(&store).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert!(began.elapsed() <= Duration::from_secs(4), "{:?}", began.elapsed());

    // What three saves left aside is deleted as soon as the store does so.
    assert_eq!(store.keys().len(), 4);
    store.release();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(store.keys(), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn gets_no_name_once_nobody_waits_for_it() {
    let store = Arc::new(Held::default());
    store.hold(Call::Put);
    let saving = tokio::spawn({
        let store = Arc::clone(&store);
        async move { save(&store).await }
    });
    sleep(Duration::from_secs(1)).await;
    // All its bytes are aside, and the store has yet to say so.
    assert_eq!((store.keys().len(), store.calls()), (1, vec![Call::Put]));
    saving.abort();
    sleep(Duration::from_secs(1)).await;
    store.release();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(store.keys(), [""; 0]);
    assert_eq!(store.calls(), [Call::Put, Call::Delete], "no copy");
}

#[test]
fn needs_no_timers() {
    let store = Arc::new(Held::default());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(save(&store)).unwrap().key, "a");
}
