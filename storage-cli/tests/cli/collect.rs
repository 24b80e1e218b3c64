use crate::sandbox::Sandbox;

const PUBLIC: [(&str, &str); 3] = [
    ("MINIO_PUBLIC_BUCKETS", "site,photos"),
    ("MINIO_MEDIA_FILES_BUCKET", "photos"),
    ("MINIO_STATIC_FILES_BUCKET", "site"),
];

fn site() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("static/css/site.css", "a { background: url(../img/cat.png) }");
    sandbox.write("static/img/cat.png", "miaow");
    sandbox.write("static/robots.txt", "all");
    sandbox
}

#[test]
fn is_named_rewritten_stored_once_and_resolved() {
    let sandbox = site();
    let plan = sandbox.run_with(&PUBLIC, &["collect", "static", "--dry-run"]).ok().text().to_owned();
    assert!(plan.contains("upload    img/cat.d52cc7e73b4b.png: 5 bytes, it is not in the bucket"), "{plan}");
    assert!(sandbox.run_with(&PUBLIC, &["statics", "list"]).failed(3).stderr.contains("staticfiles.json"));

    let first = sandbox.run_with(&PUBLIC, &["collect", "static", "--cache", "cache", "--json"]).ok().json();
    assert_eq!((first[0]["new"].as_u64(), first[0]["bytes"].as_u64()), (Some(4), Some(61)), "{first:?}");
    let again = sandbox.run_with(&PUBLIC, &["collect", "static", "--cache", "cache"]).ok().text().to_owned();
    assert!(
        again.starts_with(
            "0 new, 0 changed, 0 with other headers, 4 unchanged, 0 skipped, 0 compressed; 0 bytes uploaded in 2 requests"
        ),
        "{again}"
    );

    // A cache is only ever a shorter way. What is new is not kept.
    sandbox.write("in the way", "");
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3_600);
    let file = std::fs::File::options().write(true).open(sandbox.path("static/robots.txt")).unwrap();
    file.set_modified(old).unwrap();
    let noted = sandbox.run_with(&PUBLIC, &["collect", "static", "--cache", "in the way/cache"]).failed(0);
    assert!(noted.stderr.contains("the cache is not written"), "{}", noted.stderr);

    let resolved = sandbox.run_with(&PUBLIC, &["statics", "resolve", "img/cat.png", "--json"]).ok().json();
    assert_eq!(resolved[0]["url"], "/files/site/img/cat.d52cc7e73b4b.png");
    let unknown = sandbox.run_with(&PUBLIC, &["statics", "resolve", "img/cut.png", "img/cat.png"]);
    assert!(unknown.failed(2).stderr.contains("img/cat.png"), "the nearest name is said");
    assert_eq!(sandbox.run_with(&PUBLIC, &["statics", "list"]).ok().text().lines().count(), 3);
}

#[test]
fn what_leads_nowhere_is_told_with_its_place_and_nothing_is_stored() {
    let sandbox = site();
    sandbox.write("static/css/bad.css", "a{}\nb { background: url(../img/cut.png) }");
    let outcome = sandbox.run_with(&PUBLIC, &["collect", "static"]).failed(1);
    assert!(outcome.stderr.contains("css/bad.css:2:"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("img/cat.png"), "the nearest name is said: {}", outcome.stderr);
    sandbox.run_with(&PUBLIC, &["statics", "list"]).failed(3);
}

#[test]
fn without_a_bucket_it_is_said_what_to_set() {
    let sandbox = site();
    let outcome = sandbox.run(&["collect", "static"]).failed(2);
    assert!(outcome.stderr.contains("MINIO_STATIC_FILES_BUCKET"), "{}", outcome.stderr);
}

#[test]
fn deploys_are_listed_rolled_back_and_pruned() {
    let sandbox = site();
    let run = |args: &[&str]| sandbox.run_with(&PUBLIC, args);
    run(&["collect", "static", "--deploy", "one"]).ok();
    let before = run(&["statics", "resolve", "css/site.css"]).ok().text().to_owned();
    sandbox.write("static/img/cat.png", "purr");
    run(&["collect", "static", "--deploy", "two"]).ok();
    assert_ne!(run(&["statics", "resolve", "css/site.css"]).ok().text(), before);
    let deploys = run(&["deploys", "--json"]).ok().json();
    let live: Vec<_> =
        deploys.iter().map(|deploy| (deploy["deploy"].as_str(), deploy["live"].as_bool())).collect();
    assert_eq!(live, [(Some("two"), Some(true)), (Some("one"), Some(false))]);

    run(&["rollback", "one"]).ok();
    assert_eq!(run(&["statics", "resolve", "css/site.css"]).ok().text(), before);
    assert!(run(&["rollback", "three"]).failed(3).stderr.contains("one, two"));

    sandbox.write("static/img/cat.png", "hiss");
    run(&["collect", "static", "--deploy", "three"]).ok();
    sandbox.write("static/img/cat.png", "meow");
    run(&["collect", "static", "--deploy", "four"]).ok();
    let before = run(&["statics", "resolve", "css/site.css"]).ok().text().to_owned();
    let young = run(&["prune", "--json", "--keep", "1"]).ok().json();
    assert!(young.len() == 4 && young.iter().all(|line| line["action"] == "keep"), "{young:?}");
    let old = ["prune", "--json", "--keep", "1", "--min-age", "0s", "--max-share", "100"];
    let shown = run(&old).ok().json();
    // Cats and styles of the other three, and these themselves.
    let objects = shown.iter().filter(|line| line["key"].is_string()).count();
    assert_eq!((objects, shown.len()), (6, 6 + 4), "{shown:?}");
    assert!(run(&["prune", "--quiet"]).ok().text().contains("keep      the deploy four: it is live\n"));
    assert_eq!(run(&old).ok().json(), shown, "nothing was deleted");
    let done = run(&[&old[..], &["--delete"]].concat()).ok().json();
    assert_eq!(done.last().unwrap()["objects"].as_u64(), Some(objects as u64));
    assert_eq!(run(&["statics", "resolve", "css/site.css"]).ok().text(), before);
}

#[test]
fn what_would_be_done_is_shown_whole() {
    let sandbox = site();
    sandbox.write("static/app.js", "import(name); ".repeat(30));
    sandbox.write("other/robots.txt", "none");
    let run = |args: &[&str]| sandbox.run_with(&PUBLIC, args);
    let args = ["collect", "static", "other", "--dry-run", "--compress", "gzip"];
    let shown = run(&args);
    assert_eq!(shown.status, Some(0));
    let text = shown.text();
    for line in [
        "bytes, it is not in the bucket; to be compressed by gzip\n",
        "upload    staticfiles.json: it is not in the bucket\n",
        "skipped   robots.txt: ",
        "1 skipped, 1 to be compressed; 481 bytes to upload; looked at in 1 requests",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(shown.stderr.contains("app.js:1:1: "), "remarks are shown: {}", shown.stderr);
    assert!(run(&["statics", "list"]).failed(3).stderr.contains("staticfiles.json"), "nothing was stored");

    let lines = run(&[&args[..], &["--json"]].concat()).ok().json();
    let keys = |of: &str| lines.iter().filter(|line| line[of].is_string()).count();
    // Four files, one by its plain name too, a variant; index and manifest.
    assert_eq!((keys("key"), keys("skipped"), keys("leftover")), (8, 1, 0), "{lines:#?}");
    assert!(lines.iter().any(|line| line["notice"].as_str().is_some_and(|text| text.contains("app.js:1:1"))));
    assert!(lines.iter().any(|line| line["action"] == "compress"));
    let last = lines.last().unwrap();
    assert_eq!((last["new"].as_u64(), last["compressed"].as_u64()), (Some(5), Some(1)), "{last}");

    let done = run(&["collect", "static", "other", "--compress", "gzip", "--json", "--quiet"]).ok().json();
    let last = done.last().unwrap();
    assert_eq!((last["new"].as_u64(), last["compressed"].as_u64()), (Some(5), Some(1)), "{last}");
    // A listing, five objects and a variant, index and manifest.
    assert_eq!(last["requests"].as_u64(), Some(9), "{last}");
}

#[test]
fn one_request_tells_that_nothing_has_changed() {
    let sandbox = site();
    let run = |args: &[&str]| sandbox.run_with(&PUBLIC, args);
    let collect = |args: &[&str]| {
        let done = run(&[&["collect", "--if-changed", "--json"], args].concat()).ok().json();
        let last = done.last().unwrap().clone();
        (last["requests"].as_u64().unwrap(), last["unchanged"].as_u64().unwrap())
    };
    // The manifest that is not there, a listing, three files and a plain name, index and manifest.
    assert_eq!(collect(&[]), (8, 0));
    assert_eq!(collect(&[]), (1, 4));
    assert_eq!(collect(&["static"]), (1, 4), "the folder has this name if nothing is said");
    // The manifest, a listing and the index; the object, index and manifest, and whether somebody prunes.
    assert_eq!(collect(&["--header", "robots.txt", "cache-control: no-store"]), (8, 2));
    sandbox.write("static/robots.txt", "none");
    let (requests, unchanged) = collect(&[]);
    assert!(requests > 5 && unchanged == 2, "{requests} {unchanged}");
}

#[test]
fn sources_and_rules_are_as_they_are_told() {
    let sandbox = site();
    let run = |args: &[&str]| sandbox.run_with(&PUBLIC, args);
    sandbox.write("node_modules/lib/dist/lib.js", "import './gone.js'");
    sandbox.write("node_modules/lib/dist/lib.test.js", "1");
    sandbox.write("bundle/app-BRBmoGS9.js", "1");
    let args =
        ["collect", "static", "vendor=node_modules/lib/dist", "assets=bundle", "--ignore", "*.test.js"];
    let refused = run(&args).failed(1);
    assert!(refused.stderr.contains("vendor/lib.js:1:9"), "{}", refused.stderr);
    let rules =
        ["--missing", "vendor/*=warn", "--fingerprinted", "assets/*", "--hash", "sha256", "--plain", "*.png"];
    let done = run(&[&args[..], &rules].concat());
    assert!(done.stderr.contains("vendor/lib.js:1:9"), "told all the same: {}", done.stderr);
    let names = run(&["statics", "list"]).ok().text().to_owned();
    assert!(names.contains("/assets/app-BRBmoGS9.js\n"), "{names}");
    assert!(names.contains("vendor/lib.js") && !names.contains("lib.test.js"), "{names}");
    let keys = sandbox.run_with(&PUBLIC, &["ls", "--recursive", "--bucket", "site"]).ok().lines();
    assert!(keys.contains(&"img/cat.png".to_owned()), "{keys:?}");
    let header = run(&["collect", "static", "--header", "*.css", "no-cache"]).failed(2);
    assert!(header.stderr.contains("cache-control: no-cache"), "{}", header.stderr);
    assert!(run(&["collect", "--missing", "x=later"]).failed(2).stderr.contains("error, warn or ignore"));
}

#[test]
fn what_is_left_over_is_cleared_if_that_is_meant() {
    let sandbox = site();
    let run = |args: &[&str]| sandbox.run_with(&PUBLIC, args);
    run(&["collect"]).ok();
    sandbox.write("static/img/cat.png", "purr");
    let refused = run(&["collect", "--clear"]).failed(2);
    assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
    assert!(
        run(&["collect", "--clear", "--dry-run"]).ok().text().contains("leftover  img/cat.d52cc7e73b4b.png")
    );
    let done = run(&["collect", "--clear", "--yes", "--json"]).ok().json();
    assert_eq!(done.last().unwrap()["cleared"].as_u64(), Some(2), "{done:?}");
    assert_eq!(run(&["deploys", "--json"]).ok().json().len(), 1);
    run(&["statics", "verify"]).ok();
}

#[test]
fn a_deploy_is_verified_and_written_to_a_folder() {
    let sandbox = site();
    let run = |args: &[&str]| sandbox.run_with(&PUBLIC, args);
    run(&["collect", "--manifest-to", "built-in"]).ok();
    assert!(sandbox.read("built-in/staticfiles.json").starts_with(b"{\"paths\""));
    assert!(sandbox.read("built-in/staticfiles.index.json").starts_with(b"{\"version\":1"));
    run(&["statics", "manifest", "again"]).ok();
    assert_eq!(sandbox.read("again/staticfiles.index.json"), sandbox.read("built-in/staticfiles.index.json"));
    let good = run(&["statics", "verify"]).ok().text().to_owned();
    assert!(good.starts_with("3 names, 4 objects, "), "{good}");
    assert!(good.contains("1 references in ") && good.ends_with(": 0 errors, 0 warnings\n"), "{good}");
    run(&["rm", "--bucket", "site", "img/cat.d52cc7e73b4b.png"]).ok();
    let bad = run(&["statics", "verify", "--json"]).failed(1).json();
    assert_eq!(bad.len(), 3, "{bad:#?}");
    assert!(bad[0]["message"].as_str().unwrap().contains(":1:21: img/cat.d52cc7e73b4b.png"), "{bad:#?}");
    assert_eq!(
        (bad[1]["severity"].as_str(), bad[2]["errors"].as_u64()),
        (Some("error"), Some(2)),
        "{bad:#?}"
    );
}

/// A private bucket's URLs are signed one by one.
#[test]
fn static_files_of_a_private_bucket_are_signed() {
    let sandbox = site();
    let private = [
        ("MINIO_PRIVATE_BUCKETS", "site"),
        ("MINIO_MEDIA_FILES_BUCKET", "site"),
        ("MINIO_STATIC_FILES_BUCKET", "site"),
    ];
    let run = |args: &[&str]| sandbox.run_with(&private, args);
    run(&["collect"]).ok();
    let resolved = run(&["statics", "resolve", "img/cat.png", "--json"]).ok().json();
    let url = resolved[0]["url"].as_str().unwrap();
    assert!(url.starts_with("/files/site/img/cat.d52cc7e73b4b.png?expires="), "{url}");
    run(&["verify-url", url]).ok();
    assert!(run(&["statics", "resolve", "img/cut.png"]).failed(2).stderr.contains("img/cat.png"));
    assert_eq!(run(&["statics", "list"]).ok().lines().len(), 3);
}
