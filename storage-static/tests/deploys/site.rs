//! A bucket with deploys.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use storage_core::{ObjectKey, PutOptions, Storage};
use storage_local::testing::{Call, Operation, TestStorage};
use storage_static::cache::Cache;
use storage_static::collect::{ApplyOptions, CollectError, StaticBucket};
use storage_static::deploys::{PruneOptions, PrunePlan};
use storage_static::find::{Ignore, Source, find};
use storage_static::graph::{Graph, Options};
use storage_static::manifest::{Index, MANIFEST_NAME, Manifest};
use storage_static::plan::{Plan, PlanOptions};
use tempfile::TempDir;

pub(crate) const DAY: Duration = Duration::from_secs(24 * 3_600);

/// A bucket with deploys, one a day.
pub(crate) struct Site {
    pub(crate) storage: TestStorage,
    pub(crate) bucket: StaticBucket,
}

impl Site {
    pub(crate) fn new() -> Self {
        let storage = TestStorage::new();
        let bucket = StaticBucket::new(Arc::new(storage.clone())).under("static");
        Self { storage, bucket }
    }

    /// `logo.png` stays, `site.css` and `page.html` change with each, and so does a picture of its own.
    pub(crate) async fn with_deploys(names: &[&str]) -> Self {
        let site = Self::new();
        for name in names {
            site.deploy(name).await;
            site.storage.clock().advance(DAY);
        }
        site.storage.take_calls();
        site
    }

    pub(crate) async fn deploy(&self, name: &str) {
        self.try_deploy(name).await.unwrap();
    }

    pub(crate) async fn try_deploy(&self, name: &str) -> Result<(), CollectError> {
        let (graph, _folder) = graph_of(name);
        self.store(name, graph).await
    }

    pub(crate) async fn deploy_files(&self, name: &str, files: &[(&str, &str)]) {
        let (graph, _folder) = graph(files);
        self.store(name, graph).await.unwrap();
    }

    pub(crate) async fn store(&self, name: &str, graph: Arc<Graph>) -> Result<(), CollectError> {
        let found = self.bucket.look().await.unwrap();
        let created = self.storage.clock().now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let plan = Plan::new(&graph, &found, &PlanOptions::new(name, created)).unwrap();
        self.bucket.apply(&plan, &graph, &found, &ApplyOptions::new()).await.map(drop)
    }

    pub(crate) fn options(&self) -> PruneOptions {
        PruneOptions::new().clock(self.storage.clock()).max_share(1.0)
    }

    pub(crate) async fn plan(&self, options: &PruneOptions) -> PrunePlan {
        self.bucket.plan_prune(options).await.unwrap()
    }

    pub(crate) async fn put(&self, key: &str, content: &str) {
        let key = ObjectKey::new(format!("static/{key}")).unwrap();
        self.storage.memory().put(&key, content.to_owned().into(), PutOptions::new()).await.unwrap();
    }

    pub(crate) async fn remove(&self, key: &str) {
        self.storage.memory().delete(&ObjectKey::new(format!("static/{key}")).unwrap()).await.unwrap();
    }

    pub(crate) fn content(&self, key: &str) -> Option<String> {
        let content = self.storage.content(format!("static/{key}"))?;
        Some(String::from_utf8(content.to_vec()).unwrap())
    }

    /// All keys, without the folder.
    pub(crate) fn keys(&self) -> Vec<String> {
        let keys = self.storage.keys();
        keys.iter()
            .map(|key| key.as_str().strip_prefix("static/").unwrap_or(key.as_str()).to_owned())
            .collect()
    }

    /// Whatever the manifest names is there.
    pub(crate) fn resolves(&self) -> Manifest {
        let manifest = Manifest::parse(self.content(MANIFEST_NAME).unwrap().as_bytes()).unwrap();
        for (name, served) in manifest.iter() {
            assert!(self.content(served).is_some(), "{name}: {served} is not there");
        }
        manifest
    }

    pub(crate) fn index(&self, deploy: &str) -> Index {
        Index::parse(self.content(&format!("staticfiles.deploys/{deploy}.json")).unwrap().as_bytes()).unwrap()
    }

    pub(crate) async fn put_index(&self, index: &Index) {
        self.put(&format!("staticfiles.deploys/{}.json", index.deploy), &index.to_json()).await;
    }
}

/// The files of a deploy, which are read again when it is carried out.
pub(crate) fn graph_of(name: &str) -> (Arc<Graph>, TempDir) {
    let (css, own) = (format!("a{{background:url({name}.png)}}"), format!("{name}.png"));
    let page = format!("<p>{name}");
    graph(&[("logo.png", "logo"), ("site.css", &css), (&own, name), ("page.html", &page)])
}

pub(crate) fn graph(files: &[(&str, &str)]) -> (Arc<Graph>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (file, content) in files {
        fs::write(folder.path().join(file), content).unwrap();
    }
    let tree = find(&[Source::new(folder.path())], &Ignore::default());
    (Arc::new(Graph::build(&tree, &Options::default(), &Cache::none())), folder)
}

pub(crate) fn requests(storage: &TestStorage) -> Vec<Operation> {
    storage
        .take_calls()
        .iter()
        .map(Call::operation)
        .filter(|operation| *operation != Operation::Probe)
        .collect()
}

pub(crate) fn names(plan: &PrunePlan) -> Vec<&str> {
    plan.delete.iter().map(|object| object.key.as_str()).collect()
}
