//! Deploys listed and rolled back.

use std::time::Duration;

use storage_core::ErrorKind;
use storage_local::testing::{Call, Fault, Operation};
use storage_static::deploys::DeploysError;
use storage_static::manifest::MANIFEST_NAME;

use crate::site::{DAY, Site, requests};

#[tokio::test]
async fn deploys_are_listed_the_newest_first() {
    let site = Site::with_deploys(&["a", "b", "c"]).await;
    site.put("staticfiles.deploys/broken.json", "{").await;
    site.put("staticfiles.deploys/README.txt", "not an index").await;
    let found = site.bucket.deploys().await.unwrap();
    let told: Vec<_> = found.deploys.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["c: 4 files, live", "b: 4 files", "a: 4 files"]);
    assert_eq!(found.deploys[1].created - found.deploys[2].created, DAY.as_secs());
    assert_eq!(found.broken.len(), 1);
    assert_eq!(found.broken[0].key, "staticfiles.deploys/broken.json");
    // One listing, four indexes, the manifest.
    let requests = requests(&site.storage);
    assert_eq!(requests.len(), 6, "{requests:?}");
    assert_eq!(requests[1..], [Operation::Get; 5]);
}

#[tokio::test]
async fn an_empty_bucket_has_no_deploys() {
    let site = Site::new();
    let found = site.bucket.deploys().await.unwrap();
    assert!(found.deploys.is_empty() && found.manifest_hash.is_none());
    assert!(site.plan(&site.options()).await.is_done());
    let error = site.bucket.rollback("a").await.unwrap_err();
    assert_eq!(error.to_string(), "there is no deploy \"a\"; there are: none");
}

#[tokio::test]
async fn a_rollback_is_one_put_and_a_look() {
    let site = Site::with_deploys(&["a"]).await;
    let manifest = site.content(MANIFEST_NAME);
    site.deploy("b").await;
    site.storage.take_calls();
    let done = site.bucket.rollback("a").await.unwrap();
    assert_eq!(site.content(MANIFEST_NAME), manifest, "byte for byte");
    assert_eq!(done.stale, ["page.html"], "pages have plain names");
    site.resolves();
    let calls = site.storage.calls();
    let put: Vec<_> = calls.iter().filter(|call| call.operation() == Operation::Put).collect();
    let [Call::Put { options, .. }] = put[..] else { panic!("{put:?}") };
    assert_eq!(options.attributes.cache_control.as_deref(), Some("no-cache"));
    assert_eq!(
        requests(&site.storage),
        [Operation::Get, Operation::Get, Operation::List, Operation::Put, Operation::Stat]
    );
    assert!(site.bucket.deploys().await.unwrap().deploys[1].is_live);

    // What is live already is not stored again, and forward is a way too.
    site.storage.take_calls();
    assert_eq!(site.bucket.rollback("a").await.unwrap().from.as_ref(), Some(&done.to));
    assert_eq!(site.storage.count(Operation::Put), 0);
    site.bucket.rollback("b").await.unwrap();
    assert!(site.bucket.deploys().await.unwrap().deploys[0].is_live);
}

#[tokio::test]
async fn a_rollback_whose_answer_is_lost_is_done_again_for_nothing() {
    let site = Site::with_deploys(&["a", "b"]).await;
    site.storage.inject(Fault::on(Operation::Put, ErrorKind::Timeout).after());
    let error = site.bucket.rollback("a").await.unwrap_err();
    assert!(matches!(error, DeploysError::NotPublished { .. }), "{error}");
    let done = site.bucket.rollback("a").await.unwrap();
    assert_eq!(done.from.as_ref(), Some(&done.to));
    assert_eq!(site.storage.count(Operation::Put), 1);
}

#[tokio::test]
async fn a_manifest_that_is_gone_is_brought_back() {
    let site = Site::with_deploys(&["a"]).await;
    site.remove(MANIFEST_NAME).await;
    assert_eq!(site.bucket.rollback("a").await.unwrap().from, None);
    assert_eq!(site.resolves().len(), 4);
}

#[tokio::test]
async fn a_rollback_to_what_is_gone_names_all_of_it() {
    let site = Site::with_deploys(&["a", "b"]).await;
    let before = site.content(MANIFEST_NAME);
    let served = site.index("a").manifest().unwrap();
    let (css, png) = (served.get("site.css").unwrap(), served.get("a.png").unwrap());
    site.remove(png).await;
    site.put(css, "shorter").await;
    match site.bucket.rollback("a").await.unwrap_err() {
        DeploysError::Incomplete { deploy, missing } => {
            assert_eq!(deploy, "a");
            assert_eq!(missing, [png, css]);
        }
        error => panic!("{error:?}"),
    }
    assert_eq!(site.content(MANIFEST_NAME), before);
    assert_eq!(site.storage.count(Operation::Put), 0);
}

#[tokio::test(start_paused = true)]
async fn a_rollback_beside_a_deploy_is_a_clear_error() {
    let site = Site::with_deploys(&["a", "b"]).await;
    // The listing takes long enough for another one to be published.
    site.storage.delay(Operation::List, Duration::from_millis(200));
    let other = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        site.put(MANIFEST_NAME, r#"{"paths": {}, "version": "1.1"}"#).await;
    };
    let (rolled, ()) = tokio::join!(site.bucket.rollback("a"), other);
    match rolled.unwrap_err() {
        DeploysError::Concurrent { key, source: Some(source) } => {
            assert_eq!((key.as_str(), source.kind()), (MANIFEST_NAME, ErrorKind::PreconditionFailed));
        }
        error => panic!("{error:?}"),
    }
    assert!(site.content(MANIFEST_NAME).unwrap().contains("{}"));
}

#[tokio::test(start_paused = true)]
async fn of_two_rollbacks_at_once_one_wins() {
    let site = Site::with_deploys(&["a", "b", "c"]).await;
    site.storage.delay(Operation::Put, Duration::from_millis(20));
    let (one, other) = tokio::join!(site.bucket.rollback("a"), site.bucket.rollback("b"));
    let lost = [one.err(), other.err()].into_iter().flatten().collect::<Vec<_>>();
    assert!(matches!(lost[..], [DeploysError::Concurrent { .. }]), "{lost:?}");
    site.resolves();
}

#[tokio::test]
async fn names_that_are_none_and_indexes_that_say_too_little_are_refused() {
    let site = Site::with_deploys(&["a", "b"]).await;
    for name in ["", "c", "../a", "a/../b", "x/y", "a.json", "\n"] {
        let error = site.bucket.rollback(name).await.unwrap_err();
        let DeploysError::Unknown { known, .. } = &error else { panic!("{name}: {error:?}") };
        assert_eq!(known[..], ["a", "b"]);
    }
    let mut index = site.index("a");
    index.files.values_mut().for_each(|file| file.served = None);
    site.put_index(&index).await;
    let error = site.bucket.rollback("a").await.unwrap_err();
    assert!(matches!(error, DeploysError::NoManifest { .. }), "{error:?}");
    site.put("staticfiles.deploys/a.json", "{}").await;
    let error = site.bucket.rollback("a").await.unwrap_err();
    assert!(matches!(error, DeploysError::Broken { .. }), "{error:?}");
}
