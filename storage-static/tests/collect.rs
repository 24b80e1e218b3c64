//! Plans carried out: what they cost, what is left when they are cut, and two at once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

use std::fs;
use std::sync::Arc;

use storage_core::{ErrorKind, Storage};
use storage_local::testing::{Call, Fault, Operation, TestStorage};
use storage_static::cache::Cache;
use storage_static::collect::{ApplyOptions, CollectError, Collected, Found, StaticBucket};
use storage_static::find::{Ignore, Source, find};
use storage_static::graph::{Graph, Options};
use storage_static::manifest::{MANIFEST_NAME, Manifest};
use storage_static::plan::{Action, HeaderRules, Plan, PlanOptions};
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

    fn content(&self, key: &str) -> Option<String> {
        let content = self.storage.content(format!("static/{key}"))?;
        Some(String::from_utf8(content.to_vec()).unwrap())
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
    Plan::new(graph, &found.listing, found.previous.as_ref(), &options).unwrap()
}

const OLD: [(&str, &str); 5] = [
    ("site.css", "a{background:url(cat.png)}b{background:url(dog.png)}"),
    ("cat.png", "miaow"),
    ("dog.png", "wow"),
    ("robots.txt", "none"),
    ("index.html", "<p>old"),
];

const NEW: [(&str, &str); 4] = [
    ("cat.png", "purr"),
    ("new.css", "a{background:url(cat.png)}"),
    ("robots.txt", "all"),
    ("index.html", "<p>new"),
];

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
    // The cat, what refers to it, the new one, and both plain ones with their fingerprints.
    assert_eq!(changed.uploaded, 7);
    assert_eq!(site.resolves().len(), 6);
    for name in ["static/cat.png", "static/site.css"] {
        assert!(site.storage.content(name).is_none(), "{name} has no plain key");
    }
}

#[tokio::test]
async fn cut_anywhere_the_site_is_whole_and_the_next_attempt_goes_on() {
    for is_stored in [false, true] {
        for nth in 0.. {
            let site = Site::new(&OLD);
            site.deploy("1").await.unwrap();
            let old = site.content(MANIFEST_NAME).unwrap();
            site.write(&NEW);
            let fault = Fault::on(Operation::Put, ErrorKind::Unavailable).nth(nth);
            site.storage.inject(if is_stored { fault.after() } else { fault });
            let cut = site.deploy("2").await;
            let is_whole = cut.is_ok();
            site.resolves();
            match cut {
                Ok(_) => assert!(nth >= 9, "{nth} was not reached"),
                Err(error) => {
                    let published = is_stored && error.to_string().contains("storing the manifest");
                    assert_eq!(site.content(MANIFEST_NAME).unwrap() == old, !published, "{nth}: {error}");
                    site.storage.calm();
                    site.storage.take_calls();
                    site.deploy("3").await.unwrap();
                    let again =
                        site.storage.calls().iter().filter(|call| call.operation() == Operation::Put).count();
                    assert!(again <= 9, "{again} puts after {nth}");
                }
            }
            let manifest = site.resolves();
            let graph = site.graph();
            assert!(
                graph.outputs().iter().all(|file| manifest.get(&file.path) == Some(file.served.as_str()))
            );
            if is_whole {
                break;
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
    // Digits of no order, which do not compress to 95 %.
    let noise: String =
        (0..600_u64).map(|n| char::from(33 + u8::try_from(n * n * 7919 % 89).unwrap())).collect();
    let site = Site::new(&[("long.css", &long), ("noise.svg", &noise), ("short.css", "a{}")]);
    let deploy = async |name: &str| {
        let (graph, found) = (site.graph(), site.bucket.look().await.unwrap());
        let options = PlanOptions::new(name, 1_795_507_200).encodings([Encoding::Brotli, Encoding::Gzip]);
        let plan = Plan::new(&graph, &found.listing, found.previous.as_ref(), &options).unwrap();
        site.bucket.apply(&plan, &graph, &found, &ApplyOptions::new()).await.unwrap()
    };
    let first = deploy("1").await;
    let served = site.resolves().get("long.css").unwrap().to_owned();
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
    assert!(first.uploaded >= 5, "{first:?}");
    site.storage.take_calls();
    assert_eq!(deploy("2").await, Collected::default());
    assert_eq!(site.storage.take_calls().len(), 2);
}
