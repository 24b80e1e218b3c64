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
            "0 new, 0 changed, 0 with other headers, 4 unchanged, 0 skipped; 0 bytes in 0 requests"
        ),
        "{again}"
    );

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
    sandbox.run(&["collect"]).failed(2);
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
    run(&["rollback", "one"]).ok();
    assert_eq!(run(&["prune", "--json", "--keep", "1"]).ok().json().len(), 0, "all is young");
    let old = ["prune", "--json", "--keep", "1", "--min-age", "0s", "--max-share", "100"];
    let shown = run(&old).ok().json();
    assert!(!shown.is_empty());
    assert_eq!(run(&old).ok().json().len(), shown.len(), "nothing was deleted");
    let done = run(&[&old[..], &["--delete"]].concat()).ok().json();
    assert_eq!(done.last().unwrap()["objects"].as_u64(), Some(shown.len() as u64));
    assert_eq!(run(&["statics", "resolve", "css/site.css"]).ok().text(), before);
}
