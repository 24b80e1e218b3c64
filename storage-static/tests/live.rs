//! Statics that follow new deploys, in files and in a bucket.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use storage_core::ErrorKind;
use storage_local::testing::{Call, TestStorage};
use storage_static::cache::Cache;
use storage_static::collect::{ApplyOptions, CollectError, StaticBucket};
use storage_static::find::{Ignore, find};
use storage_static::graph::{Graph, Options};
use storage_static::manifest::{Index, Manifest, ManifestError};
use storage_static::plan::{Plan, PlanOptions};
use storage_static::resolve::{Follower, LiveStatics, Statics};
use support::write;

/// A deploy of this script: its manifest, and its index.
fn deploy(script: &str) -> (Manifest, Index) {
    let folder = support::folder(&[("app.js", script.as_bytes())]);
    let graph = support::graph(folder.path(), &Options::default());
    let mut index = Index::new("d", 0, graph.manifest().hash());
    index.files = graph.outputs().iter().map(|output| (output.path.clone(), graph.indexed(output))).collect();
    (graph.manifest(), index)
}

fn write_old(path: &Path, content: &str, age: u64) {
    fs::write(path, content).unwrap();
    let time = SystemTime::now() - Duration::from_secs(age);
    fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn an_index_of_another_deploy_has_no_effect() {
    let ((_, one), (two, _)) = (deploy("1"), deploy("2"));
    let statics = Statics::builder().index(one.clone()).manifest(&two);
    assert_eq!(statics.integrity("app.js"), None);
    let error = Statics::builder().parse_with_index(two.to_json().as_bytes(), one.to_json().as_bytes());
    assert!(matches!(error, Err(ManifestError::OtherDeploy { .. })), "{error:?}");
}

#[test]
fn a_manifest_and_its_index_are_read_together() {
    let folder = tempfile::tempdir().unwrap();
    let (manifest, index) = (folder.path().join("staticfiles.json"), folder.path().join("index.json"));
    let absent = LiveStatics::read_with_index(Statics::builder(), &manifest, &index);
    assert!(matches!(absent, Err(ManifestError::Unreadable { .. })), "{absent:?}");
    let ((one, one_index), (two, two_index)) = (deploy("1"), deploy("2"));
    write_old(&manifest, &one.to_json(), 60);
    write_old(&index, &one_index.to_json(), 60);
    let live = LiveStatics::read_with_index(Statics::builder(), &manifest, &index).unwrap();
    let integrity = |live: &LiveStatics| live.current().integrity("app.js").unwrap().to_owned();
    let before = integrity(&live);
    // The index goes first; until the manifest follows nothing changes.
    write_old(&index, &two_index.to_json(), 30);
    assert!(!live.refresh().unwrap());
    assert_eq!(integrity(&live), before);
    write_old(&manifest, &two.to_json(), 30);
    assert!(live.refresh().unwrap() && !live.refresh().unwrap());
    assert_eq!(integrity(&live), two_index.files["app.js"].integrity.clone().unwrap());
    assert_ne!(integrity(&live), before);
    // The other order is an error, and the earlier ones stay.
    write_old(&manifest, &one.to_json(), 20);
    for _ in 0..2 {
        assert!(matches!(live.refresh(), Err(ManifestError::OtherDeploy { .. })));
    }
    assert_ne!(integrity(&live), before);
    write_old(&index, &one_index.to_json(), 20);
    assert!(live.refresh().unwrap());
    assert_eq!(integrity(&live), before);
}

#[test]
fn a_change_that_leaves_no_trace_in_the_time_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("staticfiles.json");
    let json = |served: &str| format!(r#"{{"paths": {{"a": "{served}"}}, "version": "1.1"}}"#);
    fs::write(&path, json("a.0")).unwrap();
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let live = LiveStatics::read(Statics::builder(), &path).unwrap();
    assert!(!live.refresh().unwrap(), "it is read again, but is the same");
    fs::write(&path, json("a.1")).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    assert!(live.refresh().unwrap());
    assert_eq!(live.current().url("a").unwrap(), "/static/a.1");
}

async fn collect(bucket: &StaticBucket, root: &Path, name: &str) {
    let tree = find(&[root.into()], &Ignore::default());
    let graph = Arc::new(Graph::build(&tree, &Options::default(), &Cache::none()));
    let found = bucket.look().await.unwrap();
    let plan = Plan::new(&graph, &found, &PlanOptions::new(name, 0)).unwrap();
    bucket.apply(&plan, &graph, &found, &ApplyOptions::new()).await.unwrap();
}

#[tokio::test]
async fn new_deploys_in_a_bucket_are_seen_with_their_index() {
    let (folder, storage) = (support::folder(&[("app.js", b"1")]), TestStorage::new());
    let bucket = StaticBucket::new(Arc::new(storage.clone())).under("static");
    let mut follower = Follower::new(bucket.clone(), Statics::builder());
    let error = follower.load().await.unwrap_err();
    assert!(
        matches!(&error, CollectError::Store { source, .. } if source.kind() == ErrorKind::NotFound),
        "{error}"
    );
    collect(&bucket, folder.path(), "1").await;
    storage.take_calls();
    let first = follower.load().await.unwrap();
    assert_eq!(storage.take_calls().len(), 3, "manifest, listing, index");
    assert!(first.integrity("app.js").is_some());
    assert!(follower.refresh().await.unwrap().is_none());
    let calls = storage.take_calls();
    let [Call::Get { options, .. }] = &calls[..] else { panic!("{calls:?}") };
    assert!(options.if_none_match.is_some(), "nothing is read");

    write(folder.path(), "app.js", b"2");
    collect(&bucket, folder.path(), "2").await;
    storage.take_calls();
    let second = follower.refresh().await.unwrap().unwrap();
    assert_eq!(storage.take_calls().len(), 3);
    assert_ne!(second.url("app.js").unwrap(), first.url("app.js").unwrap());
    assert_ne!(second.integrity("app.js"), first.integrity("app.js"));
    assert!(second.integrity("app.js").is_some());
    assert!(follower.refresh().await.unwrap().is_none());
}
