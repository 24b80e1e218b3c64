use std::sync::Arc;
use std::time::{Duration, SystemTime};

use storage_core::sweep::{References, Refusal, Sweep};
use storage_core::{ErrorKind, Storage};

use crate::support::{Listed, hours_ago, item, now};
use crate::{missing, orphans, planned, sweep};

#[tokio::test]
async fn orphans_references_and_what_is_missing() {
    let listed = Arc::new(Listed::of(["a", "a//b", "b/", "b/c", "d", "ü"]));
    let plan = planned(&listed, &["z", "b/c", "a", "A", "a", "b/c"]).await;
    assert_eq!(orphans(&plan).await, ["a//b", "b/", "d", "ü"]);
    assert_eq!(missing(&plan).await, ["A", "z"]);
    assert_eq!(orphans(&plan).await.len(), 4, "a second time");
    let counts = plan.counts();
    assert_eq!((counts.listed, counts.referenced, counts.orphans, counts.orphan_bytes), (6, 2, 4, 4));
    assert_eq!((counts.references, counts.missing, counts.outside, counts.young), (4, 2, 0, 0));
    assert_eq!(plan.to_string(), "4 of 6 objects are orphans, 4 bytes; 2 references have no object");
    assert_eq!(listed.asked.all(), [1, 0, 0, 0]);
}

#[tokio::test]
async fn only_what_is_old_enough_is_an_orphan() {
    let items = vec![
        item("ancient", 1, Some(SystemTime::UNIX_EPOCH - Duration::from_secs(1))),
        item("future", 1, Some(now() + Duration::from_secs(3_600))),
        item("just-new", 1, Some(hours_ago(24) + Duration::from_nanos(1))),
        item("just-old", 1, Some(hours_ago(24))),
        item("undated", 1, None),
    ];
    let listed = Arc::new(Listed::items(items));
    let plan = planned(&listed, &["x"]).await;
    assert_eq!(orphans(&plan).await, ["ancient", "just-old"]);
    assert_eq!((plan.counts().young, plan.counts().undated), (2, 1));
    let plan = sweep(&listed).min_age(Duration::MAX).plan(References::keys(["x"])).await.unwrap();
    assert_eq!(orphans(&plan).await, ["ancient"]);
}

/// What was written and referred to after a dump of the references is not in it.
#[tokio::test]
async fn references_are_as_old_as_their_dump() {
    let items = (1..=6).map(|days| item(&format!("{days}"), 1, Some(hours_ago(24 * days)))).collect();
    let listed = Arc::new(Listed::items(items));
    let references = || References::keys(["x"]);
    for (references, expected) in [
        (references(), &["1", "2", "3", "4", "5", "6"][..]),
        (references().as_of(hours_ago(48)), &["3", "4", "5", "6"]),
        (references().as_of(now() + Duration::from_secs(1_000_000)), &["1", "2", "3", "4", "5", "6"]),
    ] {
        assert_eq!(orphans(&sweep(&listed).plan(references).await.unwrap()).await, expected);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.txt");
    std::fs::write(&path, "x\n").unwrap();
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(hours_ago(96)).unwrap();
    let plan = sweep(&listed).plan(References::file(&path)).await.unwrap();
    assert_eq!(orphans(&plan).await, ["5", "6"]);
}

#[tokio::test]
async fn a_prefix_is_taken_literally_on_both_sides() {
    let listed = Arc::new(Listed::of(["a/1", "a/2", "ab/1", "b/1"]));
    let plan = sweep(&listed).prefix("a/").plan(References::keys(["b/1", "a/1", "a", "b/1"])).await.unwrap();
    assert_eq!(orphans(&plan).await, ["a/2"]);
    assert_eq!((plan.counts().listed, plan.counts().references, plan.counts().outside), (2, 1, 3));
}

#[tokio::test]
async fn no_references_are_refused_before_anything_is_listed() {
    let listed = Arc::new(Listed::of(["a", "b"]));
    for (references, prefix, outside) in
        [(References::keys::<String>([]), "", 0), (References::keys(["b", "c"]), "a", 2)]
    {
        let error = sweep(&listed).prefix(prefix).plan(references).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(Refusal::of(&error), Some(&Refusal::NoReferences { outside }));
    }
    assert_eq!(listed.asked.all(), [0; 4]);
    let plan = sweep(&listed).allow_no_references().plan(References::keys::<String>([])).await.unwrap();
    assert_eq!(orphans(&plan).await, ["a", "b"]);
}

#[tokio::test]
async fn too_large_a_share_is_refused_before_anything_is_deleted() {
    let keys: Vec<_> = (0..100).map(|n| format!("{n:02}")).collect();
    for (share, orphans, is_allowed) in [
        (Sweep::MAX_SHARE, 25, true),
        (Sweep::MAX_SHARE, 26, false),
        (0.29, 29, true),
        (0.29, 30, false),
        (0.0, 0, true),
        (0.0, 1, false),
        (1.0, 99, true),
    ] {
        let listed = Arc::new(Listed::of(&keys));
        let sweep = sweep(&listed).max_share(share);
        let plan = sweep.plan(References::keys(keys[orphans..].to_vec())).await.unwrap();
        assert_eq!(plan.refusal().is_none(), is_allowed, "{orphans} at {share}");
        match plan.apply().await {
            Ok(report) => {
                assert!(is_allowed && report.deleted == orphans as u64);
                report.into_result().unwrap();
            }
            Err(error) => {
                let Some(Refusal::TooMany { orphans: found, listed: 100, .. }) = Refusal::of(&error) else {
                    panic!("{error:?}")
                };
                assert_eq!((error.kind(), *found), (ErrorKind::PreconditionFailed, orphans as u64));
                assert_eq!(listed.asked.all()[1..], [0, 0, 0]);
            }
        }
    }
    let listed: Arc<dyn Storage> = Arc::new(Listed::of(["a"]));
    for share in [-0.1, 1.1, f64::NAN] {
        let error = Sweep::new(&listed).max_share(share).plan(References::keys(["a"])).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn an_empty_store_has_no_orphans() {
    let listed = Arc::new(Listed::of::<&str>([]));
    let plan = planned(&listed, &["a"]).await;
    assert_eq!((plan.counts().listed, plan.counts().missing), (0, 1));
    plan.apply().await.unwrap().into_result().unwrap();
    assert_eq!(listed.asked.all(), [1, 0, 0, 0]);
}

#[tokio::test]
async fn a_page_is_one_request() {
    for (count, pages) in [(999, 1), (1_000, 1), (1_001, 2), (4_500, 5)] {
        let listed = Arc::new(Listed::new(count, |n| item(&format!("{n:06}"), 1, Some(hours_ago(48)))));
        planned(&listed, &["x"]).await;
        assert_eq!(listed.asked.all(), [pages, 0, 0, 0], "{count} objects");
    }
}

#[tokio::test]
async fn a_listing_that_fails_is_no_plan() {
    let mut listed = Listed::new(5_000, |n| item(&format!("{n:06}"), 1, Some(hours_ago(48))));
    listed.fails_at = Some(3);
    let listed = Arc::new(listed);
    let error = sweep(&listed).plan(References::keys(["x"])).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Unavailable, Some("list")));
    assert_eq!(listed.asked.all(), [4, 0, 0, 0]);
}

/// One folder after the other, as SeaweedFS lists, and some lines twice.
#[tokio::test]
async fn a_listing_out_of_order_is_sorted() {
    let items = vec![
        item("a/1", 1, Some(hours_ago(48))),
        item("a/2", 1, Some(hours_ago(48))),
        item("a/2", 2, Some(hours_ago(1))),
        item("a-1", 1, Some(hours_ago(48))),
        item("a-2", 1, Some(hours_ago(48))),
        item("b", 1, Some(hours_ago(48))),
        item("b", 1, Some(hours_ago(47))),
        item("a-3", 1, Some(hours_ago(1))),
        item("a-3", 1, Some(hours_ago(48))),
    ];
    let listed = Arc::new(Listed::items(items));
    let plan = planned(&listed, &["a-2", "a-9", "a/1", "a/9", "b"]).await;
    assert_eq!(orphans(&plan).await, ["a-1"]);
    assert_eq!(missing(&plan).await, ["a-9", "a/9"]);
    let counts = plan.counts();
    assert_eq!((counts.listed, counts.referenced, counts.young), (6, 3, 2));
    assert_eq!(listed.asked.all(), [1, 0, 0, 0], "nothing is listed twice");
}
