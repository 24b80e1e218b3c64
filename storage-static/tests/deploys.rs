//! Deploys listed, rolled back and pruned: what it costs, what is refused, and what is left when it is cut.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

use std::fs;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use storage_core::{ErrorKind, ObjectKey, PutOptions, Storage};
use storage_local::testing::{Call, Fault, Operation, TestStorage};
use storage_static::cache::Cache;
use storage_static::collect::{ApplyOptions, CollectError, StaticBucket};
use storage_static::deploys::{DeploysError, KeptBecause, PruneOptions, PrunePlan};
use storage_static::find::{Ignore, Source, find};
use storage_static::graph::{Graph, Options};
use storage_static::manifest::{Index, MANIFEST_NAME, Manifest};
use storage_static::plan::{Plan, PlanOptions};
use tempfile::TempDir;

const DAY: Duration = Duration::from_secs(24 * 3_600);

/// A bucket with deploys, one a day.
struct Site {
    storage: TestStorage,
    bucket: StaticBucket,
}

impl Site {
    fn new() -> Self {
        let storage = TestStorage::new();
        let bucket = StaticBucket::new(Arc::new(storage.clone())).under("static");
        Self { storage, bucket }
    }

    /// `logo.png` stays, `site.css` and `page.html` change with each, and so does a picture of its own.
    async fn with_deploys(names: &[&str]) -> Self {
        let site = Self::new();
        for name in names {
            site.deploy(name).await;
            site.storage.clock().advance(DAY);
        }
        site.storage.take_calls();
        site
    }

    async fn deploy(&self, name: &str) {
        self.try_deploy(name).await.unwrap();
    }

    async fn try_deploy(&self, name: &str) -> Result<(), CollectError> {
        let (graph, _folder) = graph_of(name);
        self.store(name, graph).await
    }

    async fn deploy_files(&self, name: &str, files: &[(&str, &str)]) {
        let (graph, _folder) = graph(files);
        self.store(name, graph).await.unwrap();
    }

    async fn store(&self, name: &str, graph: Arc<Graph>) -> Result<(), CollectError> {
        let found = self.bucket.look().await.unwrap();
        let created = self.storage.clock().now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let plan = Plan::new(&graph, &found, &PlanOptions::new(name, created)).unwrap();
        self.bucket.apply(&plan, &graph, &found, &ApplyOptions::new()).await.map(drop)
    }

    fn options(&self) -> PruneOptions {
        PruneOptions::new().clock(self.storage.clock()).max_share(1.0)
    }

    async fn plan(&self, options: &PruneOptions) -> PrunePlan {
        self.bucket.plan_prune(options).await.unwrap()
    }

    async fn put(&self, key: &str, content: &str) {
        let key = ObjectKey::new(format!("static/{key}")).unwrap();
        self.storage.memory().put(&key, content.to_owned().into(), PutOptions::new()).await.unwrap();
    }

    async fn remove(&self, key: &str) {
        self.storage.memory().delete(&ObjectKey::new(format!("static/{key}")).unwrap()).await.unwrap();
    }

    fn content(&self, key: &str) -> Option<String> {
        let content = self.storage.content(format!("static/{key}"))?;
        Some(String::from_utf8(content.to_vec()).unwrap())
    }

    /// All keys, without the folder.
    fn keys(&self) -> Vec<String> {
        let keys = self.storage.keys();
        keys.iter()
            .map(|key| key.as_str().strip_prefix("static/").unwrap_or(key.as_str()).to_owned())
            .collect()
    }

    /// Whatever the manifest names is there.
    fn resolves(&self) -> Manifest {
        let manifest = Manifest::parse(self.content(MANIFEST_NAME).unwrap().as_bytes()).unwrap();
        for (name, served) in manifest.iter() {
            assert!(self.content(served).is_some(), "{name}: {served} is not there");
        }
        manifest
    }

    fn index(&self, deploy: &str) -> Index {
        Index::parse(self.content(&format!("staticfiles.deploys/{deploy}.json")).unwrap().as_bytes()).unwrap()
    }

    async fn put_index(&self, index: &Index) {
        self.put(&format!("staticfiles.deploys/{}.json", index.deploy), &index.to_json()).await;
    }
}

/// The files of a deploy, which are read again when it is carried out.
fn graph_of(name: &str) -> (Arc<Graph>, TempDir) {
    let (css, own) = (format!("a{{background:url({name}.png)}}"), format!("{name}.png"));
    let page = format!("<p>{name}");
    graph(&[("logo.png", "logo"), ("site.css", &css), (&own, name), ("page.html", &page)])
}

fn graph(files: &[(&str, &str)]) -> (Arc<Graph>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (file, content) in files {
        fs::write(folder.path().join(file), content).unwrap();
    }
    let tree = find(&[Source::new(folder.path())], &Ignore::default());
    (Arc::new(Graph::build(&tree, &Options::default(), &Cache::none())), folder)
}

fn requests(storage: &TestStorage) -> Vec<Operation> {
    storage
        .take_calls()
        .iter()
        .map(Call::operation)
        .filter(|operation| *operation != Operation::Probe)
        .collect()
}

fn names(plan: &PrunePlan) -> Vec<&str> {
    plan.delete.iter().map(|object| object.key.as_str()).collect()
}

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
