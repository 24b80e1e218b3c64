//! Deploys pruned.

use std::time::Duration;

use storage_core::ErrorKind;
use storage_local::testing::{Fault, Operation};
use storage_static::collect::{ApplyOptions, CollectError};
use storage_static::deploys::{DeploysError, KeptBecause, PrunePlan};
use storage_static::manifest::{MANIFEST_NAME, Manifest};
use storage_static::plan::{Plan, PlanOptions};

use crate::site::{DAY, Site, graph_of, names, requests};

#[tokio::test]
async fn what_the_last_three_do_not_need_is_deleted() {
    let site = Site::with_deploys(&["a", "b", "c", "d", "e"]).await;
    site.put("upload.txt", "somebody's").await;
    let before = site.keys();
    let of_a = site.index("a").manifest().unwrap();
    let of_b = site.index("b").manifest().unwrap();

    let plan = site.plan(&site.options()).await;
    assert_eq!(requests(&site.storage).len(), 7, "a listing, five indexes, the manifest");
    let mut expected: Vec<_> = [&of_a, &of_b]
        .into_iter()
        .flat_map(Manifest::iter)
        .filter(|(name, _)| *name != "logo.png")
        .map(|(_, served)| served)
        .collect();
    expected.sort_unstable();
    assert_eq!(names(&plan), expected);
    assert_eq!(plan.deploys, ["a", "b"]);
    let kept: Vec<_> = plan.kept.iter().map(|kept| (kept.deploy.as_str(), kept.because)).collect();
    assert_eq!(kept, [("c", KeptBecause::Recent), ("d", KeptBecause::Recent), ("e", KeptBecause::Live)]);
    assert_eq!(site.keys(), before, "planning deletes nothing");
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<PrunePlan>(&json).unwrap(), plan);
    let printed = plan.to_string();
    assert!(printed.contains(": 1 bytes, no deploy that is kept refers to it\n"), "{printed}");
    assert!(printed.ends_with("keep      the deploy e: it is live\n"), "{printed}");

    let done = site.bucket.prune(&plan).await.unwrap();
    assert_eq!((done.objects, done.deploys, done.bytes), (plan.delete.len(), 2, plan.bytes()));
    let requests = requests(&site.storage);
    assert_eq!(
        requests,
        [Operation::Put, Operation::List, Operation::Get, Operation::DeleteMany, Operation::DeleteMany]
    );
    site.resolves();
    let left = site.keys();
    assert!(left.contains(&"upload.txt".to_owned()), "nobody's index names it");
    // There is one more: what says that something was deleted.
    assert_eq!(left.len(), before.len() - expected.len() - 2 + 1);
    site.bucket.rollback("c").await.unwrap();
    site.resolves();
    assert!(site.plan(&site.options()).await.is_done());
}

#[tokio::test]
async fn the_live_deploy_is_kept_however_old_it_is() {
    let site = Site::with_deploys(&["a", "b", "c", "d", "e"]).await;
    site.bucket.rollback("a").await.unwrap();
    let plan = site.plan(&site.options().keep(0)).await;
    let kept: Vec<_> = plan.kept.iter().map(|kept| (kept.deploy.as_str(), kept.because)).collect();
    // The last one that was replaced, and the one that was taken back.
    assert_eq!(kept, [("a", KeptBecause::Live), ("d", KeptBecause::Recent), ("e", KeptBecause::Recent)]);
    site.bucket.prune(&plan).await.unwrap();
    site.resolves();

    // Also when its index is gone: the manifest says what it needs.
    let site = Site::with_deploys(&["a", "b", "c"]).await;
    site.bucket.rollback("a").await.unwrap();
    let served = site.resolves();
    let mut copy = site.index("a");
    site.remove("staticfiles.deploys/a.json").await;
    // An older deploy has stored the same.
    (copy.deploy, copy.created, copy.manifest_hash) = ("0".to_owned(), 0, "0".to_owned());
    site.put_index(&copy).await;
    let plan = site.plan(&site.options().keep(1)).await;
    assert!(plan.deploys.contains(&"0".to_owned()), "{plan}");
    site.bucket.prune(&plan).await.unwrap();
    assert_eq!(site.resolves(), served);
}

#[tokio::test]
async fn what_is_young_is_kept() {
    let site = Site::new();
    for name in ["a", "b", "c", "d"] {
        site.deploy(name).await;
        site.storage.clock().advance(Duration::from_secs(3_600));
    }
    let plan = site.plan(&site.options().keep(1)).await;
    assert!(plan.is_done(), "{plan}");
    assert!(plan.kept[..3].iter().all(|kept| kept.because == KeptBecause::Young), "{plan}");

    // One object of an old deploy was stored anew: its index waits for it.
    site.storage.clock().advance(DAY * 2);
    let png = site.index("a").manifest().unwrap().get("a.png").unwrap().to_owned();
    site.put(&png, "a").await;
    let plan = site.plan(&site.options().keep(1)).await;
    assert_eq!(plan.young, [png.as_str()]);
    assert_eq!(plan.deploys, ["b", "c"]);
    assert_eq!(plan.kept[0].because, KeptBecause::Waiting);
    site.bucket.prune(&plan).await.unwrap();
    assert!(site.content(&png).is_some());
    site.storage.clock().advance(DAY * 2);
    let plan = site.plan(&site.options().keep(1)).await;
    assert_eq!((names(&plan), &plan.deploys[..]), (vec![png.as_str()], &["a".to_owned()][..]));
    site.bucket.prune(&plan).await.unwrap();
    assert_eq!(site.content(&png), None);
    site.resolves();
}

#[tokio::test]
async fn more_than_a_share_is_not_deleted() {
    let site = Site::with_deploys(&["a", "b", "c"]).await;
    let plan = site.plan(&site.options().keep(1).max_share(0.25)).await;
    let before = site.keys();
    site.storage.take_calls();
    match site.bucket.prune(&plan).await.unwrap_err() {
        DeploysError::TooMany { deletes, listed, percent } => {
            assert_eq!((deletes, listed), (plan.delete.len(), before.len()));
            assert!((percent - 25.0).abs() < f64::EPSILON);
        }
        error => panic!("{error:?}"),
    }
    assert_eq!(requests(&site.storage), []);
    // The share itself is allowed.
    #[allow(clippy::cast_precision_loss, reason = "a few")]
    let share = plan.delete.len() as f64 / plan.listed as f64;
    let plan = site.plan(&site.options().keep(1).max_share(share)).await;
    site.bucket.prune(&plan).await.unwrap();
}

#[tokio::test]
async fn what_somebody_else_stored_is_kept() {
    let site = Site::new();
    site.deploy_files("a", &[("robots.txt", "none"), ("x.png", "x")]).await;
    site.storage.clock().advance(DAY * 2);
    site.deploy_files("b", &[("x.png", "x")]).await;
    site.storage.clock().advance(DAY * 2);
    let plan = site.plan(&site.options().keep(1)).await;
    assert!(names(&plan).contains(&"robots.txt"), "{plan}");
    // As long, and another content.
    site.put("robots.txt", "some").await;
    site.storage.clock().advance(DAY * 2);
    let plan = site.plan(&site.options().keep(1)).await;
    assert_eq!(plan.foreign, ["robots.txt"]);
    assert!(!names(&plan).contains(&"robots.txt"), "{plan}");
    site.bucket.prune(&plan).await.unwrap();
    assert_eq!(site.content("robots.txt").unwrap(), "some");
}

#[tokio::test]
async fn variants_go_with_their_object_and_not_before() {
    let site = Site::with_deploys(&["a", "b", "c"]).await;
    for deploy in ["a", "b", "c"] {
        let mut index = site.index(deploy);
        let manifest = index.manifest().unwrap();
        // Only the first deploy knows that the logo has a variant.
        for name in ["site.css", "logo.png"].into_iter().filter(|name| deploy == "a" || *name == "site.css") {
            let key = format!("{}.br", manifest.get(name).unwrap());
            site.put(&key, "br").await;
            let object = index.objects[manifest.get(name).unwrap()].clone();
            index
                .objects
                .insert(key, storage_static::manifest::IndexedObject { size: 2, etag: None, ..object });
        }
        site.put_index(&index).await;
    }
    site.storage.clock().advance(DAY * 2);
    let plan = site.plan(&site.options().keep(1)).await;
    let variants: Vec<_> = names(&plan)
        .into_iter()
        .filter(|key| key.rsplit_once('.').is_some_and(|(_, last)| last == "br"))
        .collect();
    assert_eq!(variants.len(), 2, "{plan}");
    assert!(variants.iter().all(|key| key.starts_with("site.")), "the logo is kept, and its variant: {plan}");
}

#[tokio::test]
async fn a_deploy_or_rollback_since_the_plan_stops_it() {
    let site = Site::with_deploys(&["a", "b", "c"]).await;
    let plan = site.plan(&site.options().keep(1)).await;
    site.bucket.rollback("a").await.unwrap();
    let error = site.bucket.prune(&plan).await.unwrap_err();
    assert!(matches!(&error, DeploysError::Concurrent { key, .. } if key == MANIFEST_NAME), "{error:?}");
    site.bucket.rollback("c").await.unwrap();
    let mut index = site.index("a");
    index.deploy = "d".to_owned();
    site.put_index(&index).await;
    let error = site.bucket.prune(&plan).await.unwrap_err();
    assert!(matches!(&error, DeploysError::Concurrent { key, .. } if key.ends_with("d.json")), "{error:?}");
    assert_eq!(site.storage.count(Operation::DeleteMany), 0);
}

#[tokio::test]
async fn an_index_that_nobody_understands_stops_all_deleting() {
    let site = Site::with_deploys(&["a", "b", "c"]).await;
    site.put("staticfiles.deploys/b.json", r#"{"version": 9}"#).await;
    let error = site.bucket.plan_prune(&site.options().keep(1)).await.unwrap_err();
    assert!(
        matches!(&error, DeploysError::Broken { key, .. } if key == "staticfiles.deploys/b.json"),
        "{error:?}"
    );
}

#[tokio::test]
async fn cut_after_any_request_it_leaves_the_rest_for_the_next_time() {
    let many: Vec<_> = (0..1_100).map(|at| (format!("{at}.txt"), at.to_string())).collect();
    let many: Vec<_> = many.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect();
    for after in [false, true] {
        for request in 1..=3 {
            let site = Site::new();
            site.deploy_files("0", &many).await;
            site.storage.clock().advance(DAY * 2);
            for name in ["a", "b"] {
                site.deploy(name).await;
                site.storage.clock().advance(DAY * 2);
            }
            let options = site.options().keep(2);
            let plan = site.plan(&options).await;
            assert_eq!((plan.delete.len(), &plan.deploys[..]), (1_100, &["0".to_owned()][..]));
            let fault = Fault::on(Operation::DeleteMany, ErrorKind::Unavailable).nth(request);
            site.storage.inject(if after { fault.after() } else { fault });
            let error = site.bucket.prune(&plan).await.unwrap_err();
            assert!(matches!(error, DeploysError::Store { .. }), "{error:?}");
            site.resolves();
            let has_index = site.content("staticfiles.deploys/0.json").is_some();
            assert_eq!(has_index, request < 3 || !after, "request {request}, after: {after}");
            assert!(has_index || !site.keys().iter().any(|key| key.contains(".txt")));
            site.bucket.rollback("a").await.unwrap();
            site.bucket.rollback("b").await.unwrap();
            site.storage.calm();

            let plan = site.plan(&options).await;
            site.bucket.prune(&plan).await.unwrap();
            assert!(!site.keys().iter().any(|key| key.contains(".txt") || key.ends_with("/0.json")));
            site.resolves();
        }
    }
}

/// Attempts that were interrupted, or came second, are no deploys to go back to: they push none out.
#[tokio::test]
async fn what_was_never_published_does_not_count() {
    let site = Site::with_deploys(&["a", "b"]).await;
    for name in ["x", "y", "z"] {
        site.storage.inject(Fault::on(Operation::Put, ErrorKind::PermissionDenied).nth(6));
        let error = site.try_deploy(name).await.unwrap_err();
        assert!(error.to_string().contains("storing the manifest"), "{error}");
        site.storage.calm();
        site.storage.clock().advance(DAY);
    }
    let newer = site.plan(&site.options().keep(2)).await;
    assert!(newer.deploys.is_empty(), "one of them might be what was taken back: {newer}");
    site.deploy("c").await;
    site.storage.clock().advance(DAY * 2);
    assert_eq!(site.index("c").replaces.as_deref(), Some("b"));
    let plan = site.plan(&site.options().keep(2)).await;
    assert_eq!(plan.deploys, ["a", "x", "y", "z"], "{plan}");
    site.bucket.prune(&plan).await.unwrap();
    site.bucket.rollback("b").await.unwrap();
    site.resolves();
}

/// A deploy that has found something there, and a prune that deletes it: whichever is later is told.
#[tokio::test]
async fn a_prune_beside_a_deploy_is_seen() {
    let site = Site::with_deploys(&["a", "b", "c", "d", "e"]).await;
    let plan = site.plan(&site.options()).await;
    // Back to the files of `a`, which are there.
    let (graph, _folder) = graph_of("a");
    let found = site.bucket.look().await.unwrap();
    let again = Plan::new(&graph, &found, &PlanOptions::new("a2", 9)).unwrap();
    site.bucket.prune(&plan).await.unwrap();
    let error = site.bucket.apply(&again, &graph, &found, &ApplyOptions::new()).await.unwrap_err();
    assert!(matches!(error, CollectError::Deleted), "{error}");
    site.resolves();
    // It was announced, though.
    site.remove("staticfiles.deploys/a2.json").await;
    site.deploy("a").await;
    site.resolves();

    // The other way round, the prune sees the index.
    let site = Site::with_deploys(&["a", "b", "c", "d", "e"]).await;
    let plan = site.plan(&site.options()).await;
    site.deploy("a2").await;
    let error = site.bucket.prune(&plan).await.unwrap_err();
    assert!(matches!(error, DeploysError::Concurrent { .. }), "{error}");
}

/// A rollback that has found everything, and a prune in between.
#[tokio::test(start_paused = true)]
async fn a_prune_beside_a_rollback_is_seen() {
    let site = Site::with_deploys(&["a", "b", "c", "d", "e"]).await;
    let plan = site.plan(&site.options()).await;
    let served = site.resolves();
    // The rollback has looked, and waits before it stores the manifest.
    site.storage.delay(Operation::Put, Duration::from_secs(4));
    let rollback = tokio::spawn({
        let bucket = site.bucket.clone();
        async move { bucket.rollback("a").await }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    for object in &plan.delete {
        site.remove(&object.key).await;
    }
    site.put("staticfiles.deploys/deletions", "now").await;
    let error = rollback.await.unwrap().unwrap_err();
    assert!(matches!(&error, DeploysError::Incomplete { missing, .. } if !missing.is_empty()), "{error:?}");
    assert_eq!(site.resolves(), served, "the manifest before is back");
}
