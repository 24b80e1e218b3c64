//! What a deploy of a site of usual size may cost: each request beyond it is one too many.

use std::fs::File;
use std::time::SystemTime;

use s3_testserver::{Door, Proxy};

use crate::server::{Sandbox, name};

/// As many as a site with a few frameworks has. Servers that take their time with each are spared most of them.
fn files() -> usize {
    if matches!(name().as_str(), "in-process" | "minio") { 3_069 } else { 600 }
}

/// What a server that says nothing about conditions is asked to find out.
fn finding_out() -> usize {
    if matches!(name().as_str(), "versitygw" | "garage") { 24 } else { 0 }
}

/// Each third file refers to another.
fn site(door: &Door) -> Sandbox {
    let sandbox = Sandbox::new();
    let bucket = sandbox.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    for n in 0..files() / 3 {
        sandbox.write(&format!("static/img/{n}.png"), format!("picture {n}"));
        sandbox.write(&format!("static/css/{n}.css"), format!("a{{background:url('../img/{n}.png')}}"));
        sandbox.write(&format!("static/js/{n}.js"), format!("// script {n}"));
    }
    sandbox
        .with("MINIO_ENDPOINT", door.endpoint().trim_start_matches("http://"))
        .with("MINIO_PUBLIC_BUCKETS", bucket.clone())
        .with("MINIO_PRIVATE_BUCKETS", "")
        .with("MINIO_STATIC_FILES_BUCKET", bucket)
}

fn touch(site: &Sandbox) {
    let now = SystemTime::now();
    for n in 0..files() / 3 {
        for path in [format!("img/{n}.png"), format!("css/{n}.css"), format!("js/{n}.js")] {
            File::open(site.path("static").join(path)).unwrap().set_modified(now).unwrap();
        }
    }
}

/// The requests that the server has seen, and what the command says is new and unchanged.
fn collect(site: &Sandbox, door: &Door, flags: &[&str]) -> (usize, u64, u64) {
    door.requests().reset();
    let args = [&["collect", "static", "--cache", "cache", "--json"], flags].concat();
    let told = site.run(&args).ok().json().remove(0);
    let [new, unchanged] = ["new", "unchanged"].map(|field| told[field].as_u64().unwrap());
    (door.requests().count(), new, unchanged)
}

#[test]
fn a_deploy_keeps_to_its_requests() {
    let probe = Sandbox::new();
    let proxy = Proxy::in_front_of(&format!("http://{}", probe.variable("MINIO_ENDPOINT")));
    let door = proxy.door();
    let all = files() as u64;
    let one_by_one = site(&door);
    one_by_one.run(&["init"]);

    let (requests, new, _) = collect(&one_by_one, &door, &["--one-by-one"]);
    // A listing, the index, the manifest.
    assert!(requests <= files() + 3 + finding_out(), "fresh: {requests}");
    assert_eq!(new, all);
    // A listing of four pages, as there are an index and a manifest too, and the index.
    let unchanged = (files() + 2).div_ceil(1_000) + 1;
    assert_eq!(collect(&one_by_one, &door, &[]), (unchanged, 0, all), "nothing has changed");
    touch(&one_by_one);
    assert_eq!(collect(&one_by_one, &door, &[]), (unchanged, 0, all), "all files have new times");

    if name().starts_with("minio") {
        // It takes tars apart.
        let by_tars = site(&door);
        by_tars.run(&["init"]);
        let (requests, new, _) = collect(&by_tars, &door, &[]);
        assert!(requests <= 20, "by tars: {requests}");
        assert_eq!(new, all);
    }
}
