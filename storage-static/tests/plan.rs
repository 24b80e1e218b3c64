//! What is to be done to a bucket, and why.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::collections::BTreeMap;

use storage_static::cache::Cache;
use storage_static::find::{Ignore, find};
use storage_static::graph::{Graph, Options, Style};
use storage_static::name::Fingerprinted;
use storage_static::plan::Phase::{Html, Leaves, Plain, Referrers};
use storage_static::plan::{
    Action, Found, HeaderRules, Listed, Listing, Origin, PlainKeys, Plan, PlanFault, PlanOptions, Reason,
};
use storage_static::references::{Syntax, Target};
use storage_static::variant::Encoding;
use support::{carried_out, content, folder, found, graph, served};

const FILES: [(&str, &[u8]); 8] = [
    ("index.html", b"<link href=css/site.css>"),
    ("about.html", b"<p>"),
    ("robots.txt", b""),
    ("css/site.css", b"@import 'base.css';"),
    ("css/base.css", b"a{b:url(../x.png)}"),
    ("x.png", b"x"),
    ("app.mjs", b"1"),
    ("data", b"?"),
];

fn options() -> PlanOptions {
    PlanOptions::new("second", 2)
}

#[test]
fn a_fresh_bucket_gets_everything_in_order() {
    let folder = folder(&FILES);
    let graph = graph(folder.path(), &Options::default());
    let plan = Plan::new(&graph, &Found::default(), &options()).unwrap();
    let shown: Vec<_> = plan.steps.iter().map(|step| (step.phase, step.origin.name())).collect();
    assert_eq!(
        shown,
        [
            (Leaves, "about.html"),
            (Leaves, "app.mjs"),
            (Leaves, "data"),
            (Leaves, "index.html"),
            (Leaves, "robots.txt"),
            (Leaves, "x.png"),
            (Referrers, "css/base.css"),
            (Referrers, "css/site.css"),
            (Plain, "robots.txt"),
            (Html, "about.html"),
            (Html, "index.html"),
        ]
    );
    assert!(plan.steps.iter().all(|step| step.action == Action::Upload && step.reason == Reason::New));
    assert_eq!(plan.manifest.json, graph.manifest().to_json());
    assert_eq!(plan.index.key, "staticfiles.deploys/second.json");
    let summary = plan.summary();
    assert_eq!((summary.new, summary.changed, summary.unchanged), (11, 0, 0));
    assert_eq!(summary.bytes, plan.steps.iter().map(|step| step.size).sum::<u64>());
    // What a step says is what the graph gives.
    for step in &plan.steps {
        let bytes = match &step.origin {
            Origin::Content(name) => content(&graph, name),
            Origin::Source(name) => std::fs::read(folder.path().join(name)).unwrap(),
        };
        assert_eq!(step.size, bytes.len() as u64);
    }
    let headers = |at: usize| plan.steps[at].headers.values().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(headers(1), ["public, max-age=31536000, immutable", "text/javascript"]);
    assert_eq!(headers(2), ["public, max-age=31536000, immutable", "application/octet-stream"]);
    assert_eq!(headers(8), ["max-age=60", "text/plain"]);
    assert_eq!(plan.manifest.headers["cache-control"], "no-cache");
}

#[test]
fn an_unchanged_tree_is_nothing_to_do() {
    let folder = folder(&FILES);
    let graph = graph(folder.path(), &Options::default());
    let options = options().encodings(Encoding::ALL);
    let first = Plan::new(&graph, &Found::default(), &PlanOptions::new("first", 1)).unwrap();
    let (listing, index) = carried_out(&first, &Listing::new());
    let second = Plan::new(&graph, &found(&listing, &index), &options).unwrap();
    assert!(second.is_done(), "{second}");
    let expected = Plan::new(&graph, &Found::default(), &options).unwrap().carried_out();
    assert!(Plan::new(&graph, &expected, &options).unwrap().is_done());
    assert_eq!(second.summary().unchanged, 11);
    assert!(second.leftover.is_empty());
    // The index is lost: nothing but a new one is written.
    let third = Plan::new(&graph, &Found::new(listing.clone()), &options).unwrap();
    assert_eq!(third.summary().unchanged, 11);
    assert_eq!((third.index.action, third.manifest.action), (Action::Upload, Action::Upload));
    assert_eq!(third.manifest.reason, Reason::OtherDeploy);
    let repaired = Plan::new(&graph, &Found::new(listing.clone()), &options.repair_headers(true)).unwrap();
    assert_eq!(repaired.summary().headers, 11);
}

#[test]
fn an_interrupted_deploy_is_resumed() {
    let folder = folder(&FILES);
    let graph = graph(folder.path(), &Options::default());
    let plan = Plan::new(&graph, &Found::default(), &options()).unwrap();
    for done in 0..plan.steps.len() {
        let listing: Listing = plan.steps[..done]
            .iter()
            .map(|step| (step.key.as_str(), Listed { size: step.size, etag: Some(step.md5.clone()) }))
            .collect();
        let again = Plan::new(&graph, &Found::new(listing.clone()), &options()).unwrap();
        assert_eq!((again.summary().unchanged, again.summary().new), (done, plan.steps.len() - done));
        assert_eq!(again.manifest.action, Action::Upload);
    }
}

#[test]
fn what_changed_is_uploaded_and_the_rest_is_left() {
    let before = folder(&FILES);
    let first = graph(before.path(), &Options::default());
    let first = Plan::new(&first, &Found::default(), &PlanOptions::new("first", 1)).unwrap();
    let (mut listing, index) = carried_out(&first, &Listing::new());
    listing.insert("by-hand.txt", Listed::default());
    listing.insert("staticfiles.deploys/older.json", Listed::default());
    let after = folder(&FILES);
    support::write(after.path(), "x.png", b"y");
    support::write(after.path(), "about.html", b"<q>");
    let graph = graph(after.path(), &Options::default());
    let rules = HeaderRules::default().header("robots.txt", "Cache-Control", "no-store");
    let plan = Plan::new(&graph, &found(&listing, &index), &options().headers(rules)).unwrap();
    let done: BTreeMap<_, _> = plan
        .steps
        .iter()
        .filter(|step| step.action != Action::Unchanged)
        .map(|step| (step.key.as_str(), &step.reason))
        .collect();
    let names = Reason::HeadersDiffer { names: vec!["cache-control".to_owned()] };
    let [x, base, site, about, robots] =
        ["x.png", "css/base.css", "css/site.css", "about.html", "robots.txt"]
            .map(|name| served(&graph, name));
    let expected = [
        (x, &Reason::New),
        (base, &Reason::New),
        (site, &Reason::New),
        (about, &Reason::New),
        ("about.html", &Reason::ContentDiffers),
        ("robots.txt", &names),
        (robots, &names),
    ];
    assert_eq!(done, expected.into());
    assert_eq!((plan.manifest.action, &plan.manifest.reason), (Action::Upload, &Reason::ContentDiffers));
    let old: Vec<_> = plan.leftover.iter().map(String::as_str).filter(|key| !key.contains('/')).collect();
    assert!(old.contains(&"by-hand.txt") && old.len() == 3, "{old:?}");
    assert!(!plan.leftover.iter().any(|key| key.contains("deploys")), "{:?}", plan.leftover);
}

#[test]
fn what_is_referred_to_by_a_plain_name_is_stored_by_it() {
    let folder = folder(&[
        ("assets/main-BRBmoGS9.js", b"import '../lib.js';"),
        ("lib.js", b"import './deep.js';"),
        ("deep.js", b"1"),
        ("other.js", b"import './deep.js';"),
    ]);
    let bundled = Fingerprinted::new().glob("assets/*");
    let graph = graph(folder.path(), &Options::new().fingerprinted(bundled));
    let keys = |plain| -> Vec<String> {
        let plan = Plan::new(&graph, &Found::default(), &options().plain(plain)).unwrap();
        plan.steps.into_iter().filter(|step| step.phase == Plain).map(|step| step.key).collect()
    };
    assert_eq!(keys(PlainKeys::None), ["deep.js", "lib.js"]);
    assert_eq!(keys(PlainKeys::All), ["deep.js", "lib.js", "other.js"]);
    // A bundler's name says nothing to us: what is there is compared.
    let listing: Listing =
        [("assets/main-BRBmoGS9.js", Listed { size: 19, etag: Some("0".repeat(32)) })].into_iter().collect();
    let plan = Plan::new(&graph, &Found::new(listing.clone()), &options()).unwrap();
    let main = plan.steps.iter().find(|step| step.key.starts_with("assets/")).unwrap();
    assert_eq!((&main.reason, main.phase), (&Reason::ContentDiffers, Referrers));
    assert!(main.headers["cache-control"].ends_with("immutable"));
}

/// Of anything that is stored, whatever it refers to that is in the tree is stored where it says.
#[test]
fn references_lead_to_what_is_stored() {
    let files: [(&str, &[u8]); 9] = [
        ("index.html", b"<p>"),
        ("assets/main-BRBmoGS9.js", b"import '../lib.js'; import './side.js';"),
        ("assets/side.js", b"import('../lib.js');"),
        ("lib.js", b"import './assets/main-BRBmoGS9.js'; new URL('x.png', import.meta.url);\n//# sourceMappingURL=lib.js.map"),
        ("lib.js.map", b"{}"),
        ("robots.css", b"@import 'b.css';"),
        ("b.css", b"a{b:image-set('x.png' 1x),url(/static/y/z.svg)}"),
        ("x.png", b"x"),
        ("y/z.svg", b"<svg/>"),
    ];
    let folder = folder(&files);
    let mut count = 0;
    for style in
        [Style::Preserve, Style::Plain, Style::Django { imports: false }, Style::Django { imports: true }]
    {
        let bundled = Fingerprinted::new().glob("assets/main-*");
        let graph = graph(folder.path(), &Options::new().style(style).fingerprinted(bundled));
        for plain in [PlainKeys::None, PlainKeys::Globs(vec!["robots.css".into()]), PlainKeys::All] {
            let plan = Plan::new(&graph, &Found::default(), &options().plain(plain)).unwrap();
            for step in &plan.steps {
                let Some(syntax) = Syntax::of(&step.key) else { continue };
                let bytes = match &step.origin {
                    Origin::Content(name) => content(&graph, name),
                    Origin::Source(name) => std::fs::read(folder.path().join(name)).unwrap(),
                };
                for reference in syntax.find(&bytes).references {
                    let Target::Local { path } = reference.target(&bytes, &step.key, "/static/") else {
                        panic!()
                    };
                    assert!(plan.steps.iter().any(|step| step.key == path), "{style:?} {} {path}", step.key);
                    count += 1;
                }
            }
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn without_processing_everything_is_plain() {
    let folder = folder(&FILES);
    let graph = graph(folder.path(), &Options::new().style(Style::Plain));
    let plan = Plan::new(&graph, &Found::default(), &options()).unwrap();
    assert_eq!(plan.steps.len(), FILES.len());
    assert!(plan.steps.iter().all(|step| matches!(step.phase, Plain | Html)));
}

#[test]
fn all_faults_are_told_at_once() {
    let folder = folder(&[
        ("staticfiles.json", b"{}"),
        ("staticfiles.deploys/x.json", b"{}"),
        ("a.js", b"x"),
        ("a.9dd4e461268c.js", b"not the same"),
        ("b.js", b"x"),
        ("b.9dd4e461268c.js", b"x"),
    ]);
    let graph = graph(folder.path(), &Options::default());
    let rules = HeaderRules::default()
        .header("*", "Set-Cookie", "a")
        .header("*", "cache-control", "a\nb")
        .header("*", "x-amz-meta-a", "b");
    let options = PlanOptions::new("../x", 1).plain(PlainKeys::All).headers(rules);
    let faults = Plan::new(&graph, &Found::default(), &options).unwrap_err();
    let count = |is: fn(&PlanFault) -> bool| faults.0.iter().filter(|fault| is(fault)).count();
    assert_eq!(count(|fault| matches!(fault, PlanFault::BadHeader { .. })), 2, "{faults}");
    assert_eq!(count(|fault| matches!(fault, PlanFault::BadDeploy { .. })), 1, "{faults}");
    assert_eq!(count(|fault| matches!(fault, PlanFault::Reserved { .. })), 2, "{faults}");
    assert_eq!(count(|fault| matches!(fault, PlanFault::TwoFiles { .. })), 1, "{faults}");
}

#[test]
fn what_is_skipped_is_said() {
    let (one, other) = (folder(&[("a.js", b"x"), ("a.9dd4e461268c.js", b"x")]), folder(&[("a.js", b"y")]));
    let tree = find(&[one.path().into(), other.path().into()], &Ignore::default());
    let graph = Graph::build(&tree, &Options::default(), &Cache::none());
    let plan = Plan::new(&graph, &Found::default(), &options().plain(PlainKeys::All)).unwrap();
    let skipped: Vec<_> = plan.skipped.iter().map(|skipped| skipped.name.as_str()).collect();
    assert_eq!(skipped, ["a.9dd4e461268c.js", "a.js"]);
    assert!(plan.to_string().contains("which comes first\n"), "{plan}");
    assert!(plan.summary().to_string().contains(" 2 skipped"), "{}", plan.summary());
}

#[test]
fn a_plan_can_be_kept() {
    let folder = folder(&FILES);
    let graph = graph(folder.path(), &Options::default());
    let plan = Plan::new(&graph, &Found::default(), &options().encodings(Encoding::ALL)).unwrap();
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
    assert!(
        json.contains(r#""action":"upload","reason":{"why":"new"},"origin":{"content":"about.html"}"#),
        "{json}"
    );
}

#[test]
fn a_deploy_keeps_its_name() {
    let (before, after) = (folder(&[("a.js", b"1")]), folder(&[("a.js", b"2")]));
    let [before, after] = [&before, &after].map(|folder| graph(folder.path(), &Options::default()));
    let plan = |graph, found: &Found, name: &str| Plan::new(graph, found, &PlanOptions::new(name, 1));
    let first = plan(&before, &Found::default(), "1").unwrap();
    let (listing, index) = carried_out(&first, &Listing::new());
    let live = found(&listing, &index);
    assert!(plan(&before, &live, "1").unwrap().is_done(), "again is nothing to do");
    let faults = plan(&after, &live, "1").unwrap_err();
    assert_eq!(faults.0, [PlanFault::DeployExists { deploy: "1".to_owned() }]);
    assert!(faults.to_string().contains("choose another name"), "{faults}");
    let second = plan(&after, &live, "2").unwrap();
    assert_eq!(second.index.index.replaces.as_deref(), Some("1"));

    // An attempt that was cut before the manifest may be repeated by its name, one before that not.
    let (listing, index) = carried_out(&second, &listing);
    let mut cut = Found::new(listing).with_previous(index);
    cut.live = Some("1".to_owned());
    assert_eq!(plan(&after, &cut, "2").unwrap().index.action, Action::Unchanged);
    let another = folder(&[("a.js", b"3")]);
    let another = graph(another.path(), &Options::default());
    assert!(plan(&another, &cut, "2").is_ok());
    assert!(plan(&another, &cut, "1").is_err());
}

#[test]
fn the_digest_says_what_is_planned() {
    let one = folder(&FILES);
    let graph = graph(one.path(), &Options::default());
    let digest = |graph: &Graph, options: &PlanOptions| {
        Plan::new(graph, &Found::default(), options).unwrap().manifest.mark.digest
    };
    let usual = digest(&graph, &options());
    assert_eq!(digest(&graph, &PlanOptions::new("other", 7)), usual, "names of deploys are no content");
    let rules = HeaderRules::default().header("robots.txt", "cache-control", "no-store");
    let others = [
        digest(&graph, &options().headers(rules)),
        digest(&graph, &options().plain(PlainKeys::All)),
        digest(&graph, &options().encodings([Encoding::Gzip])),
        {
            support::write(one.path(), "about.html", b"<q>");
            digest(&support::graph(one.path(), &Options::default()), &options())
        },
    ];
    assert!(others.iter().all(|other| *other != usual), "{usual} {others:?}");
}

/// Where `ETag`s are no MD5, the index knows them, that of the manifest too.
#[test]
fn opaque_etags_are_known_again() {
    let folder = folder(&FILES);
    let graph = graph(folder.path(), &Options::default());
    let first = Plan::new(&graph, &Found::default(), &PlanOptions::new("first", 1)).unwrap();
    let (listing, mut index) = carried_out(&first, &Listing::new());
    let opaque = |key: &str| format!("opaque-{key}");
    let listing: Listing = listing
        .keys()
        .map(|key| {
            let size = listing.get(key).unwrap().size;
            (key.to_owned(), Listed { size, etag: Some(format!("\"{}\"", opaque(key))) })
        })
        .collect();
    for (key, object) in &mut index.objects {
        object.etag = Some(opaque(key));
    }
    let second = Plan::new(&graph, &found(&listing, &index), &options()).unwrap();
    assert!(second.is_done(), "{second}");
}
