use std::sync::{Arc, Mutex};

use storage_core::list::ListOptions;
use storage_core::wrap::{Difference, Mirrored, RepairOptions};
use storage_core::{ErrorKind, PutOptions, Storage, StorageExt};

use crate::faulty::Faulty;
use crate::{key, named, put};

async fn different() -> (Arc<Faulty>, Arc<Faulty>, Mirrored) {
    let (first, second) = (Faulty::new(named("first")), Faulty::new(named("second")));
    let mirrored =
        Mirrored::new(Arc::clone(&first) as Arc<dyn Storage>, Arc::clone(&second) as Arc<dyn Storage>);
    for name in ["same", "x/same"] {
        put(&mirrored, name, "same").await;
    }
    let options = PutOptions::new().content_type("image/png").metadata("by", "me").tag("a", "b");
    first.put(&key("missing"), "12345".into(), options).await.unwrap();
    for (name, ours, theirs) in [("other-content", "abc", "abd"), ("other-size", "abc", "abcd")] {
        put(&*first, name, ours).await;
        put(&*second, name, theirs).await;
    }
    put(&*second, "extra", "x").await;
    put(&*second, "zzz", "x").await;
    (first, second, mirrored)
}

#[tokio::test]
async fn finds_and_copies_what_differs_and_is_done_then() {
    let (first, second, mirrored) = different().await;
    let found = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&found);
    let watch = move |difference: &Difference| {
        seen.lock().unwrap().push(match difference {
            Difference::Missing(key) => format!("-{key}"),
            Difference::Other(key) => format!("!{key}"),
            Difference::Extra(key) => format!("+{key}"),
            other => panic!("{other:?}"),
        });
    };
    let before = second.calls();
    let dry = mirrored.repair(RepairOptions::new().dry_run().delete_extra().watch(watch)).await.unwrap();
    assert_eq!((dry.same, dry.missing, dry.other, dry.extra), (2, 1, 2, 2));
    assert_eq!((dry.copied, dry.deleted, dry.failed, second.calls()), (0, 0, 0, before));
    let expected = ["+extra", "-missing", "!other-content", "!other-size", "+zzz"];
    assert_eq!(*found.lock().unwrap(), expected);

    let repaired = mirrored.repair(RepairOptions::new()).await.unwrap();
    assert_eq!((repaired.copied, repaired.bytes, repaired.deleted), (3, 11, 0));
    for name in ["missing", "other-content", "other-size"] {
        let (ours, theirs) = (first.stat(&key(name)).await.unwrap(), second.stat(&key(name)).await.unwrap());
        assert_eq!((ours.etag, ours.attributes), (theirs.etag, theirs.attributes));
        assert_eq!(first.tags(&key(name)).await.unwrap(), second.tags(&key(name)).await.unwrap());
    }
    let again = mirrored.repair(RepairOptions::new().delete_extra()).await.unwrap();
    assert_eq!((again.same, again.missing, again.other, again.deleted), (5, 0, 0, 2));
    let last = mirrored.repair(RepairOptions::new().delete_extra()).await.unwrap();
    assert_eq!((last.same, last.missing + last.other + last.extra), (5, 0));
}

#[tokio::test]
async fn stays_below_the_prefix() {
    let (_, _, mirrored) = different().await;
    let report = mirrored.repair(RepairOptions::new().prefix("x/")).await.unwrap();
    assert_eq!((report.same, report.missing, report.extra), (1, 0, 0));
}

#[tokio::test]
async fn a_failing_store_deletes_nothing_and_a_failing_object_is_counted() {
    let (first, second, mirrored) = different().await;
    first.fail(ErrorKind::Unavailable);
    let error = mirrored.repair(RepairOptions::new().delete_extra()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    first.fail(None);
    assert!(second.exists(&key("extra")).await.unwrap());

    let failing = Arc::clone(&second);
    let failed = Arc::new(Mutex::new(0));
    let count = Arc::clone(&failed);
    let options = RepairOptions::new().watch(move |difference| match difference {
        Difference::Failed(_, error) => {
            assert_eq!(error.kind(), ErrorKind::PermissionDenied);
            *count.lock().unwrap() += 1;
        }
        _ => failing.fail(ErrorKind::PermissionDenied),
    });
    let report = mirrored.repair(options).await.unwrap();
    assert_eq!((report.failed, report.copied, *failed.lock().unwrap()), (3, 0, 3));
}

#[tokio::test]
async fn a_large_listing_is_merged() {
    let (first, second) = (named("first"), named("second"));
    for n in 0..2_500 {
        let name = format!("{n:05}");
        put(&*first, &name, "x").await;
        if n % 100 != 0 {
            put(&*second, &name, "x").await;
        }
    }
    let mirrored = Mirrored::new(Arc::clone(&first), Arc::clone(&second));
    let report = mirrored.repair(RepairOptions::new()).await.unwrap();
    assert_eq!((report.same, report.missing, report.copied), (2_475, 25, 25));
    let count = futures_util::StreamExt::count(second.list(ListOptions::new())).await;
    assert_eq!(count, 2_500);
}
