use std::sync::Arc;
use std::time::{Duration, SystemTime};

use storage_core::ErrorKind;
use storage_core::sweep::{ApplyOptions, Outcome, References};

use crate::support::{Listed, hours_ago, item, now};
use crate::{planned, sweep};

fn numbered(count: u64) -> Listed {
    Listed::new(count, |n| item(&format!("{n:06}"), 3, Some(hours_ago(48))))
}

#[tokio::test]
async fn a_thousand_are_deleted_by_a_request() {
    for (orphans, requests) in [(1, 1), (1_000, 1), (1_001, 2), (4_500, 5)] {
        let listed = Arc::new(numbered(orphans));
        let report = planned(&listed, &["x"]).await.apply().await.unwrap();
        assert_eq!((report.deleted, report.deleted_bytes, report.untried), (orphans, 3 * orphans, 0));
        assert_eq!(listed.asked.all()[1..], [orphans, requests, orphans]);
        report.into_result().unwrap();
    }
    let listed = Arc::new(numbered(2_500));
    let plan = planned(&listed, &["x"]).await;
    let mut told = 0;
    let report = plan.apply_with(ApplyOptions::new().trust_listing(), |_| told += 1).await.unwrap();
    assert_eq!((report.deleted, told), (2_500, 2_500));
    assert_eq!(listed.asked.all()[1..], [0, 3, 2_500], "without a second look");
}

#[tokio::test]
async fn what_was_written_anew_or_is_gone_is_left_alone() {
    let mut listed = Listed::of(["a//b", "anew", "denied", "gone", "old", "undated"]);
    listed.changed = [
        ("anew", Some(now() + Duration::from_secs(5))),
        ("gone", None),
        ("denied", Some(SystemTime::UNIX_EPOCH)),
        ("undated", Some(hours_ago(23))),
    ]
    .map(|(key, modified)| (key.to_owned(), modified))
    .into();
    let listed = Arc::new(listed);
    let mut told = Vec::new();
    let plan = planned(&listed, &["x"]).await;
    let report = plan
        .apply_with(ApplyOptions::new(), |outcome| {
            told.push(match outcome {
                Outcome::Deleted(orphan) => format!("deleted {}", orphan.key),
                Outcome::Kept(orphan) => format!("kept {}", orphan.key),
                Outcome::Gone(orphan) => format!("gone {}", orphan.key),
                Outcome::Failed(orphan, error) => format!("failed {} {}", orphan.key, error.kind()),
                _ => panic!("{outcome:?}"),
            });
        })
        .await
        .unwrap();
    told.sort();
    let expected = [
        "deleted a//b",
        "deleted old",
        "failed denied permission_denied",
        "gone gone",
        "kept anew",
        "kept undated",
    ];
    assert_eq!(told, expected);
    assert_eq!(listed.deleted(), ["a//b", "old"]);
    assert_eq!((report.deleted, report.kept, report.gone, report.failed, report.untried), (2, 2, 1, 1, 0));
    assert_eq!(report.to_string(), "2 deleted, 2 bytes; 2 written anew and kept; 1 gone before; 1 failed");
    assert_eq!(report.into_result().unwrap_err().kind(), ErrorKind::PermissionDenied);
}

#[tokio::test]
async fn keys_that_fail_do_not_hide_the_others() {
    let keys: Vec<_> = (0..2_500).map(|n| format!("{n:04}")).collect();
    let mut listed = Listed::of(&keys);
    listed.undeletable = (0..2_500).step_by(10).map(|n| format!("{n:04}")).collect();
    let listed = Arc::new(listed);
    let report = planned(&listed, &["x"]).await.apply().await.unwrap();
    assert_eq!((report.deleted, report.failed, report.untried), (2_250, 250, 0));
    assert_eq!(report.failures.len(), storage_core::sweep::Report::MAX_FAILURES);
    assert_eq!(listed.deleted().len(), 2_250);
}

#[tokio::test]
async fn a_store_that_goes_down_ends_it_and_it_can_be_done_again() {
    let mut listed = numbered(10_000);
    listed.deletes = 3;
    let listed = Arc::new(listed);
    let plan = planned(&listed, &["x"]).await;
    let report = plan.apply().await.unwrap();
    assert_eq!((report.deleted, report.untried), (3_000, 7_000));
    assert_eq!(report.ended_by.as_ref().unwrap().kind(), ErrorKind::Unavailable);
    assert!(listed.asked.all()[2] <= 5, "no request is begun after one that failed");
    assert_eq!(report.into_result().unwrap_err().kind(), ErrorKind::Unavailable);
}

/// Orphans and references beyond what is held in memory, and a drop half-way.
#[tokio::test]
async fn temporary_files_have_no_names_and_are_gone_with_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let names = || std::fs::read_dir(folder.path()).unwrap().count();
    let keys = || References::keys((0..30_000).map(|n| format!("{n:06} that is not there")));
    let listed = Arc::new(numbered(30_000));
    let plan = sweep(&listed).memory(10_000).temporary_folder(folder.path()).plan(keys()).await.unwrap();
    assert_eq!((plan.counts().orphans, plan.counts().missing, names()), (30_000, 30_000, 0));
    let report = plan.apply().await.unwrap();
    assert_eq!((report.deleted, names()), (30_000, 0));

    let mut hanging = numbered(30_000);
    hanging.hangs_at = Some(20);
    let hanging = Arc::new(hanging);
    let sweep_of = sweep(&hanging).memory(10_000).temporary_folder(folder.path());
    let dropped = tokio::time::timeout(Duration::from_millis(500), sweep_of.plan(keys())).await;
    assert!(dropped.is_err());
    assert_eq!((names(), hanging.asked.all()[2]), (0, 0));

    let nowhere = sweep(&listed).memory(10_000).temporary_folder("no/such/folder");
    let error = nowhere.plan(keys()).await.unwrap_err();
    assert!(error.to_string().contains("no/such/folder"), "they were not needed: {error}");
}
