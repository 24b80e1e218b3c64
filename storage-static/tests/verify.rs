//! A deploy looked at as browsers find it, and what is told of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::sync::{Arc, Mutex};

use storage_core::{CopyOptions, ErrorKind, ObjectKey, PutOptions, Storage};
use storage_local::testing::{Fault, Operation, TestStorage};
use storage_static::collect::{ApplyOptions, CollectError, StaticBucket};
use storage_static::graph::{Action, MissingPolicy, Options, Severity};
use storage_static::plan::{Plan, PlanOptions};
use storage_static::variant::Encoding;
use storage_static::verify::{Verified, VerifyOptions, Wrong};
use support::{folder, graph};

struct Site {
    storage: TestStorage,
    bucket: StaticBucket,
}

async fn site() -> Site {
    let storage = TestStorage::new();
    let bucket = StaticBucket::new(Arc::new(storage.clone())).under("static");
    let long = b"b{c:d}".repeat(100);
    let folder = folder(&[
        (
            "css/site.css",
            b"@import 'base.css';\na { b: url(/static/img/cat.png) }\n/*# sourceMappingURL=gone.map */",
        ),
        ("css/base.css", &long),
        ("app.js", b"import './lib.js'; import 'bare'"),
        ("lib.js", b"1"),
        ("img/cat.png", b"miaow"),
        ("index.html", b"<p>"),
    ]);
    let graph = Arc::new(graph(folder.path(), &Options::default()));
    let found = bucket.look().await.unwrap();
    let options = PlanOptions::new("1", 1).encodings([Encoding::Gzip]);
    let plan = Plan::new(&graph, &found, &options).unwrap();
    bucket.apply(&plan, &graph, &found, &ApplyOptions::new()).await.unwrap();
    storage.take_calls();
    Site { storage, bucket }
}

impl Site {
    async fn verify(&self) -> Verified {
        self.bucket.verify(&VerifyOptions::new()).await.unwrap()
    }

    /// All that is told, in words.
    async fn told(&self) -> Vec<String> {
        self.verify().await.findings.iter().map(ToString::to_string).collect()
    }

    /// The key of the object whose key begins and ends so.
    fn key(&self, begin: &str, end: &str) -> ObjectKey {
        let is = |key: &&ObjectKey| key.as_str().starts_with(begin) && key.as_str().ends_with(end);
        self.storage.keys().iter().find(is).unwrap().clone()
    }
}

#[tokio::test]
async fn what_is_whole_is_good() {
    let site = site().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let options = VerifyOptions::new().progress(move |done, all, _| told.lock().unwrap().push((done, all)));
    let verified = site.bucket.verify(&options).await.unwrap();
    // Six files, a page by its plain name, and a variant.
    assert_eq!((verified.names, verified.objects, verified.references), (6, 8, 4));
    assert_eq!(seen.lock().unwrap().last(), Some(&(8, 8)));
    assert!(verified.is_good() && verified.is_indexed, "{:?}", verified.findings);
    // A source map that was not there when it was collected.
    let told: Vec<_> = verified.findings.iter().map(|found| (found.severity, found.to_string())).collect();
    let [(Severity::Warning, text)] = &told[..] else { panic!("{told:?}") };
    assert!(
        text.starts_with("css/site.") && text.ends_with(".css:3:22: css/gone.map is not in the bucket"),
        "{text}"
    );
    // Two listings, manifest and index, and each object.
    assert_eq!(verified.requests, 2 + 2 + 8);
    assert_eq!(site.storage.take_calls().len(), 12);
    let strict = MissingPolicy::default().rule(None, "*", Action::Error);
    assert!(!site.bucket.verify(&VerifyOptions::new().missing(strict)).await.unwrap().is_good());
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    let site = site().await;
    let cat = site.key("static/img/cat.", ".png");
    let base = site.key("static/css/base.", ".css");
    let lib = site.key("static/lib.", ".js");
    let app = site.key("static/app.", ".js");
    let store = site.storage.memory();
    store.delete(&cat).await.unwrap();
    let copy = CopyOptions::new();
    let mut attributes = store.stat(&base).await.unwrap().attributes;
    attributes.cache_control = Some("no-store".to_owned());
    store.copy(&base, &base, copy.clone().attributes(attributes.clone())).await.unwrap();
    attributes.cache_control = Some("public, max-age=31536000, immutable".to_owned());
    attributes.content_type = Some("text/html".to_owned());
    store.put(&lib, "2".into(), PutOptions::new().attributes(attributes)).await.unwrap();
    let attributes = store.stat(&app).await.unwrap().attributes;
    store.put(&app, "import './away.js'".into(), PutOptions::new().attributes(attributes)).await.unwrap();
    let told = site.told().await;
    let has = |text: &str| assert!(told.iter().any(|told| told.contains(text)), "{text}: {told:#?}");
    has(": it is not in the bucket, and img/cat.png is served by it");
    has(".css:2:12: img/cat.");
    has("its cache-control is \"no-store\" instead of \"public, max-age=31536000, immutable\"");
    has("its content-type is \"text/html\" instead of \"text/javascript\"");
    has(": it has other bytes than were stored");
    has(":1:9: away.js is not in the bucket");
    let verified = site.verify().await;
    let warnings = verified.findings.iter().filter(|found| found.severity == Severity::Warning).count();
    assert_eq!((warnings, verified.is_good()), (2, false), "{:#?}", verified.findings);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_the_rest_is_looked_at() {
    let site = site().await;
    // The third get is of a file: manifest and index come first.
    site.storage.inject(Fault::on(Operation::Get, ErrorKind::PermissionDenied).nth(3));
    let verified = site.verify().await;
    assert_eq!(verified.objects, 7);
    let is_unreadable = |wrong: &Wrong| matches!(wrong, Wrong::Unreadable(error) if error.kind() == ErrorKind::PermissionDenied);
    assert_eq!(verified.findings.iter().filter(|found| is_unreadable(&found.wrong)).count(), 1);
    assert!(!verified.is_good());
}

#[tokio::test]
async fn without_a_manifest_there_is_nothing_to_look_at() {
    let bucket = StaticBucket::new(Arc::new(TestStorage::new()));
    let error = bucket.verify(&VerifyOptions::new()).await.unwrap_err();
    assert!(matches!(&error, CollectError::Store { source, .. } if source.is_not_found()), "{error}");
}
