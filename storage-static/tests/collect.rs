//! Plans carried out: what they cost, what is left when they are cut, and two at once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use storage_core::{ErrorKind, PutOptions, Storage};
use storage_local::testing::{Call, Fault, Operation, TestStorage};
use storage_static::cache::Cache;
use storage_static::collect::{ApplyOptions, CollectError, Collected, StaticBucket};
use storage_static::find::{Ignore, Source, find};
use storage_static::graph::{Graph, Options};
use storage_static::manifest::{MANIFEST_NAME, Manifest};
use storage_static::plan::{Action, Found, HeaderRules, Plan, PlanOptions};
use storage_static::resolve::Statics;
use storage_static::variant::Encoding;
use tempfile::TempDir;

/// A bucket, and a tree that is collected to it.
struct Site {
    folder: TempDir,
    storage: TestStorage,
    bucket: StaticBucket,
}

impl Site {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = TestStorage::new();
        let bucket = StaticBucket::new(Arc::new(storage.clone())).under("/static/");
        let site = Self { folder, storage, bucket };
        site.write(files);
        site
    }

    fn write(&self, files: &[(&str, &str)]) {
        for (name, content) in files {
            let path = self.folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }

    fn graph(&self) -> Arc<Graph> {
        let tree = find(&[Source::new(self.folder.path())], &Ignore::default());
        let graph = Graph::build(&tree, &Options::default(), &Cache::none());
        assert!(graph.is_good(), "{:?}", graph.problems());
        Arc::new(graph)
    }

    async fn deploy(&self, name: &str) -> Result<Collected, CollectError> {
        self.deploy_with(name, HeaderRules::default()).await
    }

    async fn deploy_with(&self, name: &str, headers: HeaderRules) -> Result<Collected, CollectError> {
        let (graph, found) = (self.graph(), self.bucket.look().await?);
        let plan = planned(&graph, &found, name, headers);
        self.bucket.apply(&plan, &graph, &found, &ApplyOptions::new().at_once(4)).await
    }

    async fn deploy_compressed(&self, name: &str, headers: HeaderRules) -> Result<Collected, CollectError> {
        let (graph, found) = (self.graph(), self.bucket.look().await?);
        let options = PlanOptions::new(name, 1_795_507_200).headers(headers).encodings([Encoding::Gzip]);
        let plan = Plan::new(&graph, &found, &options).unwrap();
        self.bucket.apply(&plan, &graph, &found, &ApplyOptions::new().at_once(4)).await
    }

    fn content(&self, key: &str) -> Option<String> {
        let content = self.storage.content(format!("static/{key}"))?;
        Some(String::from_utf8(content.to_vec()).unwrap())
    }

    async fn put(&self, key: &str, content: &str) {
        let key = format!("static/{key}").parse().unwrap();
        self.storage.memory().put(&key, content.to_owned().into(), PutOptions::new()).await.unwrap();
    }

    /// Whatever the manifest names is there, and so is whatever these files refer to.
    fn resolves(&self) -> Manifest {
        let manifest = Manifest::parse(self.content(MANIFEST_NAME).unwrap().as_bytes()).unwrap();
        for (name, served) in manifest.iter() {
            let content = self.content(served).unwrap_or_else(|| panic!("{name}: {served} is not there"));
            for reference in content.split("url(").skip(1).map(|rest| rest.split(')').next().unwrap()) {
                assert!(self.content(reference).is_some(), "{served}: {reference} is not there");
            }
        }
        manifest
    }
}

fn planned(graph: &Graph, found: &Found, name: &str, headers: HeaderRules) -> Plan {
    let options = PlanOptions::new(name, 1_795_507_200).headers(headers);
    Plan::new(graph, found, &options).unwrap()
}

const OLD: [(&str, &str); 5] = [
    ("site.css", "a{background:url(cat.png)}b{background:url(dog.png)}"),
    ("cat.png", "miaow"),
    ("dog.png", "wow"),
    ("robots.txt", "none"),
    ("index.html", "<p>old"),
];

const NEW: [(&str, &str); 5] = [
    ("cat.png", "purr"),
    ("new.css", "a{background:url(cat.png)}"),
    ("new.svg", LONG),
    ("robots.txt", "all"),
    ("index.html", "<p>new"),
];

/// Long enough to be compressed.
const LONG: &str = "<svg><path d='M0 0L9 9'/><path d='M0 0L9 9'/><path d='M0 0L9 9'/><path d='M0 0L9 9'/><path d='M0 0L9 9'/>\
    <path d='M0 0L9 9'/><path d='M0 0L9 9'/><path d='M0 0L9 9'/><path d='M0 0L9 9'/><path d='M0 0L9 9'/>\
    <path d='M0 0L9 9'/><path d='M0 0L9 9'/><path d='M0 0L9 9'/><path d='M0 0L9 9'/><path d='M0 0L9 9'/></svg>";

#[tokio::test]
async fn what_a_deploy_costs() {
    let site = Site::new(&OLD);
    let first = site.deploy("1").await.unwrap();
    let calls = site.storage.take_calls();
    let puts: Vec<_> = calls.iter().filter(|call| call.operation() == Operation::Put).collect();
    // Five with fingerprints, two plain ones, index and manifest; one listing before.
    assert_eq!((puts.len(), calls.len(), first.uploaded, first.requests), (9, 10, 7, 9), "{calls:?}");
    let key = |call: &Call| call.key().unwrap().as_str().to_owned();
    assert!(
        key(puts[8]).ends_with("static/staticfiles.json")
            && key(puts[7]).contains("staticfiles.deploys/1.json")
    );
    assert!(key(puts[6]).ends_with("static/index.html"), "pages with plain names come last");
    let manifest = site.resolves();
    assert_eq!(manifest.len(), 5);

    // Nothing changed, and nothing but the time of change: a listing and the index.
    for _ in 0..2 {
        assert_eq!(site.deploy("2").await.unwrap(), Collected::default());
        assert_eq!(site.storage.take_calls().len(), 2);
        site.write(&OLD);
    }

    site.write(&NEW);
    let changed = site.deploy("3").await.unwrap();
    // The cat, what refers to it, both new ones, and both plain ones with their fingerprints.
    assert_eq!(changed.uploaded, 8);
    // A listing, the index, and whether somebody has pruned; index and manifest are stored too.
    let calls = site.storage.take_calls();
    assert_eq!(calls.len(), 8 + 5, "{calls:?}");
    assert_eq!(site.resolves().len(), 7);
    for name in ["static/cat.png", "static/site.css"] {
        assert!(site.storage.content(name).is_none(), "{name} has no plain key");
    }
}

#[tokio::test]
async fn cut_anywhere_the_site_is_whole_and_the_next_attempt_goes_on() {
    // New files, changed ones, other headers of those that stay, and compressed variants.
    let rules = || HeaderRules::default().header("dog.png", "cache-control", "no-store");
    let operations = [
        (Operation::List, 1),
        (Operation::Get, 1),
        (Operation::Copy, 1),
        (Operation::Put, 11),
        (Operation::Stat, 1),
    ];
    for (operation, expected) in operations {
        for is_done in [false, true] {
            for nth in 1.. {
                let site = Site::new(&OLD);
                site.put("staticfiles.deploys/deletions", "long ago").await;
                site.deploy("1").await.unwrap();
                let old = site.content(MANIFEST_NAME).unwrap();
                site.write(&NEW);
                let fault = Fault::on(operation, ErrorKind::Unavailable).nth(nth);
                site.storage.inject(if is_done { fault.after() } else { fault });
                let cut = site.deploy_compressed("2", rules()).await;
                let is_whole = cut.is_ok();
                site.resolves();
                match cut {
                    Ok(_) => assert_eq!(nth, expected + 1, "{operation:?}"),
                    Err(error) => {
                        let published = is_done && error.to_string().contains("storing the manifest");
                        assert_eq!(site.content(MANIFEST_NAME).unwrap() == old, !published, "{nth}: {error}");
                        site.storage.calm();
                        site.storage.take_calls();
                        site.deploy_compressed("3", rules()).await.unwrap();
                        let again = site.storage.count(Operation::Put);
                        assert!(again <= expected.max(11), "{again} puts after {operation:?} {nth}");
                    }
                }
                site.storage.calm();
                let manifest = site.resolves();
                let graph = site.graph();
                assert!(
                    graph.outputs().iter().all(|file| manifest.get(&file.path) == Some(file.served.as_str()))
                );
                assert_eq!(site.deploy_compressed("4", rules()).await.unwrap(), Collected::default());
                if is_whole {
                    break;
                }
            }
        }
    }
}

#[tokio::test]
async fn of_two_at_once_one_is_told() {
    for files in [&OLD[..], &[]] {
        let site = Site::new(files);
        if !files.is_empty() {
            site.deploy("1").await.unwrap();
        }
        site.write(&NEW);
        let (one, found) = (site.graph(), site.bucket.look().await.unwrap());
        site.write(&[("index.html", "<p>other")]);
        let other = site.graph();
        let plans = [("a", &one), ("b", &other)];
        let [first, second] = plans.map(|(name, graph)| planned(graph, &found, name, HeaderRules::default()));
        site.bucket.apply(&first, &one, &found, &ApplyOptions::new()).await.unwrap_err();
        // The page was changed meanwhile; it goes with the tree as it is now.
        let done = site.bucket.apply(&second, &other, &found, &ApplyOptions::new()).await.unwrap();
        assert!(done.uploaded > 0);
        let again = site.bucket.apply(&second, &other, &found, &ApplyOptions::new()).await;
        assert!(matches!(again, Err(CollectError::Concurrent { .. })), "{again:?}");
        site.resolves();
    }
}

#[tokio::test]
async fn a_file_that_changes_meanwhile_is_told_and_not_stored() {
    let site = Site::new(&OLD);
    let (graph, found) = (site.graph(), site.bucket.look().await.unwrap());
    let plan = planned(&graph, &found, "1", HeaderRules::default());
    site.write(&[("cat.png", "other")]);
    let error = site.bucket.apply(&plan, &graph, &found, &ApplyOptions::new()).await.unwrap_err();
    assert!(error.to_string().contains("cat.png was changed meanwhile"), "{error}");
    assert!(site.content(MANIFEST_NAME).is_none());
    // Else one of the two would be told, whichever is met first.
    site.write(&[("cat.png", "miaow")]);
    fs::remove_file(site.folder.path().join("dog.png")).unwrap();
    let error = site.bucket.apply(&plan, &graph, &found, &ApplyOptions::new()).await.unwrap_err();
    assert!(error.to_string().contains("dog.png cannot be read"), "{error}");
}

#[tokio::test]
async fn other_headers_are_a_copy() {
    let site = Site::new(&OLD);
    site.deploy("1").await.unwrap();
    site.storage.take_calls();
    let headers = HeaderRules::default().header("*.png", "cache-control", "max-age=3600");
    let done = site.deploy_with("2", headers.clone()).await.unwrap();
    assert_eq!((done.uploaded, done.changed_headers), (0, 2));
    assert_eq!(site.storage.count(Operation::Copy), 2);
    let cat = site.resolves().get("cat.png").unwrap().to_owned();
    let meta = site.storage.stat(&format!("static/{cat}").parse().unwrap()).await.unwrap();
    assert_eq!(meta.attributes.cache_control.as_deref(), Some("max-age=3600"));
    assert_eq!(meta.attributes.content_type.as_deref(), Some("image/png"));
    assert_eq!(site.deploy_with("3", headers).await.unwrap(), Collected::default());
}

#[tokio::test]
async fn all_failures_are_named_and_the_store_may_be_busy_for_a_while() {
    let site = Site::new(&OLD);
    site.storage.inject(Fault::on(Operation::Put, ErrorKind::PermissionDenied).always());
    let error = site.deploy("1").await.unwrap_err();
    let CollectError::Failed(failures) = &error else { panic!("{error}") };
    assert!(failures.iter().all(|failure| failure.source.kind() == ErrorKind::PermissionDenied));
    assert!(error.to_string().contains("the old manifest is in place"), "{error}");
    site.storage.calm();
    site.storage.inject(Fault::on(Operation::Put, ErrorKind::Throttled).times(2));
    assert_eq!(site.deploy("2").await.unwrap().uploaded, 7);
    let found = site.bucket.look().await.unwrap();
    assert_eq!(
        planned(&site.graph(), &found, "3", HeaderRules::default()).manifest.action,
        Action::Unchanged
    );
}

#[tokio::test]
async fn variants_are_made_once_and_those_that_save_nothing_never_again() {
    let long = "a { color: red } ".repeat(100);
    // Bytes of no order.
    let mut state = 1_u64;
    let noise: Vec<u8> = (0..600)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        })
        .collect();
    let site = Site::new(&[("long.css", &long), ("short.css", "a{}")]);
    fs::write(site.folder.path().join("noise.svg"), noise).unwrap();
    let deploy = async |name: &str| {
        let (graph, found) = (site.graph(), site.bucket.look().await.unwrap());
        let options = PlanOptions::new(name, 1_795_507_200).encodings([Encoding::Brotli, Encoding::Gzip]);
        let plan = Plan::new(&graph, &found, &options).unwrap();
        site.bucket.apply(&plan, &graph, &found, &ApplyOptions::new()).await.unwrap()
    };
    let first = deploy("1").await;
    let manifest = Manifest::parse(site.content(MANIFEST_NAME).unwrap().as_bytes()).unwrap();
    let served = manifest.get("long.css").unwrap().to_owned();
    let mut sizes = Vec::new();
    for (ending, encoding) in [(".br", "br"), (".gz", "gzip")] {
        let meta = site.storage.stat(&format!("static/{served}{ending}").parse().unwrap()).await.unwrap();
        assert_eq!(meta.attributes.content_encoding.as_deref(), Some(encoding));
        assert_eq!(meta.attributes.content_type.as_deref(), Some("text/css"));
        sizes.push(meta.size);
    }
    assert!(sizes.iter().all(|size| *size < 200), "{sizes:?}");
    let index = site.bucket.look().await.unwrap().previous.unwrap();
    assert_eq!(index.objects[&format!("{served}.br")].size, sizes[0]);
    assert_eq!((first.uploaded, first.variants), (5, 2), "{first:?}");
    let noise = index.files["noise.svg"].served.clone().unwrap();
    assert_eq!(index.objects[&noise].declined, [Encoding::Brotli, Encoding::Gzip]);
    site.storage.take_calls();
    assert_eq!(deploy("2").await, Collected::default());
    assert_eq!(site.storage.take_calls().len(), 2);
}

#[tokio::test]
async fn an_index_that_cannot_be_understood_is_passed_over() {
    let site = Site::new(&OLD);
    site.deploy("1").await.unwrap();
    for (name, content) in [("2", "{"), ("3", r#"{"version":99}"#), ("z", "not ours")] {
        site.put(&format!("staticfiles.deploys/{name}.json"), content).await;
    }
    let found = site.bucket.look().await.unwrap();
    assert_eq!((found.broken.len(), found.live.as_deref()), (3, Some("1")), "{found:?}");
    assert!(found.broken.iter().any(|told| told.contains("staticfiles.deploys/3.json")), "{found:?}");
    assert_eq!(found.requests, 5, "a listing and four indexes");
    assert_eq!(site.deploy("4").await.unwrap(), Collected::default());
    assert!(site.bucket.statics(Statics::builder()).await.unwrap().integrity("site.css").is_some());
    site.write(&NEW);
    site.deploy("4").await.unwrap();
    site.resolves();
}

/// Whatever the deploys are called, the newest is the one that was stored last.
#[tokio::test]
async fn names_of_deploys_need_no_order() {
    let site = Site::new(&OLD);
    for (name, content) in [("release-9", "9"), ("release-10", "10"), ("2026-11-24", "11")] {
        site.write(&[("cat.png", content)]);
        site.deploy(name).await.unwrap();
        site.storage.clock().advance(Duration::from_secs(1));
        let found = site.bucket.look().await.unwrap();
        assert_eq!(found.previous.unwrap().deploy, name);
        assert_eq!(found.live.as_deref(), Some(name));
        assert_eq!(site.deploy("again").await.unwrap(), Collected::default());
    }
}

/// One request is enough to know that nothing has changed.
#[tokio::test]
async fn a_manifest_says_what_it_is_of() {
    let site = Site::new(&OLD);
    assert_eq!(site.bucket.mark().await.unwrap(), None);
    site.deploy("1").await.unwrap();
    let digest = || {
        let plan = planned(&site.graph(), &Found::default(), "2", HeaderRules::default());
        plan.manifest.mark.digest
    };
    site.storage.take_calls();
    let mark = site.bucket.mark().await.unwrap().unwrap();
    assert_eq!(site.storage.count(Operation::Stat), 1);
    assert_eq!((mark.deploy.as_str(), &mark.digest), ("1", &digest()));
    site.write(&[("index.html", "<p>other")]);
    assert_ne!(mark.digest, digest(), "a page has no name in the manifest that would tell");
    site.deploy("2").await.unwrap();
    assert_eq!(site.bucket.mark().await.unwrap().unwrap().digest, digest());
    // A rollback brings no pages back.
    site.bucket.rollback("1").await.unwrap();
    let mark = site.bucket.mark().await.unwrap().unwrap();
    assert_eq!((mark.deploy.as_str(), mark.digest.as_str()), ("1", ""));
    let mut found = site.bucket.look().await.unwrap();
    assert_eq!((found.live.as_deref(), found.previous.as_ref().unwrap().deploy.as_str()), (Some("1"), "2"));
    // A manifest that says something else is stored anew, that the next run needs one request.
    site.deploy("3").await.unwrap();
    found = site.bucket.look().await.unwrap();
    found.digest = Some("of something else".to_owned());
    assert_eq!(planned(&site.graph(), &found, "4", HeaderRules::default()).manifest.action, Action::Upload);
    found.digest = Some(digest());
    assert!(planned(&site.graph(), &found, "4", HeaderRules::default()).is_done());
}

#[tokio::test]
async fn what_is_left_over_is_cleared_when_asked() {
    let site = Site::new(&OLD);
    site.deploy("1").await.unwrap();
    site.put("upload.txt", "somebody's").await;
    site.write(&NEW);
    let (graph, found) = (site.graph(), site.bucket.look().await.unwrap());
    let plan = planned(&graph, &found, "2", HeaderRules::default());
    site.bucket.apply(&plan, &graph, &found, &ApplyOptions::new()).await.unwrap();
    site.storage.take_calls();
    let cleared = site.bucket.clear(&plan, &found).await.unwrap();
    // The old cat, the old style, both pages by their fingerprints, and the upload; the index of the first deploy.
    assert_eq!((cleared.objects, cleared.deploys, cleared.requests), (5, 1, 3), "{:?}", plan.leftover);
    assert_eq!(site.storage.take_calls().len(), 3);
    let manifest = site.resolves();
    assert!(site.content("upload.txt").is_none());
    assert_eq!(site.storage.keys().len(), manifest.len() + 2 + 3, "plain names; index, manifest, deletions");
    let found = site.bucket.look().await.unwrap();
    let again = planned(&graph, &found, "3", HeaderRules::default());
    assert!(again.is_done(), "{again}");
    let nothing = site.bucket.clear(&again, &found).await.unwrap();
    assert_eq!((nothing.objects, nothing.deploys, nothing.requests), (0, 0, 0));
}
