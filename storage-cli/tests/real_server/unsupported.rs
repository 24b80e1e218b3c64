use storage_core::options::{CustomerKey, ServerSideEncryption};
use storage_core::{CopyOptions, ErrorKind, ObjectKey, PutOptions, Result, Storage, StorageExt};
use storage_suite::MinioStorage;

use crate::server::{self, Sandbox};

/// Runs it on the bucket's store, which exists.
fn on_the_store(run: impl AsyncFnOnce(MinioStorage)) {
    let sandbox = Sandbox::new();
    let store = sandbox.builder().create_bucket_on_save().build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        store.create_bucket().await.unwrap();
        run(store).await;
    });
}

fn key(name: &str) -> ObjectKey {
    name.parse().unwrap()
}

/// Either it is done, or it is refused as unsupported and nothing is there.
async fn done_or_unsupported(store: &MinioStorage, name: &str, options: PutOptions) -> bool {
    match store.put(&key(name), "abc".into(), options).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{name}: {error}");
            assert!(!store.exists(&key(name)).await.unwrap(), "{name} was stored nevertheless");
            false
        }
    }
}

#[test]
fn tags_are_kept_or_refused() {
    on_the_store(async |store| {
        let options = PutOptions::new().tag("project", "blue");
        let kept = done_or_unsupported(&store, "a", options.clone()).await;
        assert_eq!(kept, server::name() != "garage");
        if kept {
            assert_eq!(store.tags(&key("a")).await.unwrap(), options.tags);
        } else {
            assert_eq!(store.tags(&key("a")).await.unwrap_err().kind(), ErrorKind::Unsupported);
        }
    });
}

/// No real one is set up to encrypt by keys of its own.
#[test]
fn encryption_that_is_not_done_is_refused() {
    if server::name() == "seaweedfs" {
        // It answers 500 and stores nothing, which is an error too, if not a typed one.
        return on_the_store(async |store| {
            let options = PutOptions::new().encryption(ServerSideEncryption::Managed);
            assert!(store.put(&key("a"), "abc".into(), options).await.is_err());
            assert!(!store.exists(&key("a")).await.unwrap());
        });
    }
    on_the_store(async |store| {
        for (name, size) in [("small", 3), ("large", 12 * 1024 * 1024)] {
            let options = PutOptions::new().encryption(ServerSideEncryption::Managed);
            match store.put(&key(name), vec![7_u8; size].into(), options).await {
                Ok(_) => assert_eq!(server::name(), "in-process"),
                Err(error) => assert_eq!(error.kind(), ErrorKind::Unsupported, "{name}: {error}"),
            }
            let is_there = store.exists(&key(name)).await.unwrap();
            assert_eq!(is_there, server::name() == "in-process", "{name} was stored as it was");
        }
    });
}

#[test]
fn a_customers_key_encrypts_or_is_refused() {
    on_the_store(async |store| {
        let options = PutOptions::new().encryption(ServerSideEncryption::Customer(CustomerKey::new([7; 32])));
        match store.put(&key("a"), "abc".into(), options).await {
            Ok(_) => {
                // Without the key nobody reads it.
                let read: Result<_> = store.read(&key("a")).await;
                assert!(read.is_err(), "it can be read without its key");
            }
            Err(error) => {
                assert!(!error.is_retryable(), "{error}");
                assert!(!store.exists(&key("a")).await.unwrap());
            }
        }
    });
}

#[test]
fn a_key_below_a_key_is_kept_or_refused() {
    on_the_store(async |store| {
        store.put(&key("f"), "above".into(), PutOptions::new()).await.unwrap();
        let kept = done_or_unsupported(&store, "f/g", PutOptions::new()).await;
        assert_eq!(kept, server::name() != "versitygw");
        assert_eq!(store.read(&key("f")).await.unwrap(), "above");
        let large = store.put(&key("f/h"), vec![7_u8; 12 * 1024 * 1024].into(), PutOptions::new()).await;
        match large {
            Ok(_) => assert!(kept),
            Err(error) => assert_eq!((error.kind(), kept), (ErrorKind::Unsupported, false), "{error}"),
        }
        let copied = store.copy(&key("f"), &key("f/i"), CopyOptions::new()).await;
        match copied {
            Ok(_) => assert!(kept),
            Err(error) => assert_eq!((error.kind(), kept), (ErrorKind::Unsupported, false), "{error}"),
        }
    });
}

#[test]
fn a_key_that_is_too_long_is_kept_or_refused_at_once() {
    on_the_store(async |store| {
        let name = format!("{}z", "abcdefghi/".repeat(102));
        let kept = done_or_too_long(&store, &name).await;
        assert_eq!(kept, server::name() != "garage");
    });
}

/// Garage cannot look a key up that is too long for its database either.
async fn done_or_too_long(store: &MinioStorage, name: &str) -> bool {
    match store.put(&key(name), "abc".into(), PutOptions::new()).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unsupported, false), "{error}");
            false
        }
    }
}
