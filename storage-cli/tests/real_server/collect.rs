//! Static files on a server: what a deploy costs, and whether browsers get them.

use std::time::Duration;

use s3_testserver::Proxy;
use storage_suite::statics::deploys::{DeploysError, PruneOptions};
use storage_suite::storage_core::Storage as _;

use crate::http::get;
use crate::server::{Sandbox, name};

const FILES: usize = 120;

/// A public bucket for static files, and a tree of which every second file refers to another.
fn site(endpoint: Option<&str>) -> Sandbox {
    let sandbox = Sandbox::new();
    let bucket = sandbox.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    let sandbox = sandbox
        .with("MINIO_PUBLIC_BUCKETS", bucket.clone())
        .with("MINIO_PRIVATE_BUCKETS", "")
        .with("MINIO_STATIC_FILES_BUCKET", bucket);
    for n in 0..FILES / 2 {
        sandbox.write(&format!("static/img/ä {n}.png"), format!("picture {n}"));
        sandbox
            .write(&format!("static/css/{n}.css"), format!("a{{background:url('../img/%C3%A4%20{n}.png')}}"));
    }
    sandbox.write("static/robots.txt", "all");
    match endpoint {
        Some(endpoint) => sandbox.with("MINIO_ENDPOINT", endpoint),
        None => sandbox,
    }
}

#[test]
fn a_deploy_in_a_few_requests_an_unchanged_one_in_two() {
    let probe = Sandbox::new();
    let proxy = Proxy::in_front_of(&format!("http://{}", probe.variable("MINIO_ENDPOINT")));
    let door = proxy.door();
    let site = site(Some(door.endpoint().trim_start_matches("http://")));
    site.run(&["init"]);
    let collect = |args: &[&str]| {
        door.requests().reset();
        let outcome = site.run(&[&["collect", "static", "--json"], args].concat()).ok();
        (door.requests().count(), outcome.json().pop().unwrap())
    };
    let (requests, first) = collect(&[]);
    assert_eq!(first["new"], FILES + 2, "{first}");
    let takes_tars = matches!(name().as_str(), "minio" | "minio-cluster");
    // A listing, the objects, index and manifest, and what it takes to find out whether conditions are heeded. Of tars: a trial of three,
    // two tars, a listing; the plain one, index and manifest.
    let most = if takes_tars { 10 } else { FILES + 24 };
    assert!(requests <= most, "{requests}: {:#?}", door.requests().all());
    if takes_tars {
        assert_eq!(first["requests"], requests, "it says what it has cost");
    }
    let unchanged = Some(FILES as u64 + 2);
    let (requests, again) = collect(&[]);
    assert_eq!((requests, again["unchanged"].as_u64()), (2, unchanged), "a listing and the index");
    assert_eq!(again["requests"], 2, "{again}");
    // As after a fresh clone.
    for n in 0..FILES / 2 {
        site.write(&format!("static/img/ä {n}.png"), format!("picture {n}"));
    }
    let (requests, again) = collect(&[]);
    assert_eq!((requests, again["unchanged"].as_u64()), (2, unchanged), "times say nothing");
    let (requests, again) = collect(&["--if-changed"]);
    assert_eq!((requests, again["unchanged"].as_u64()), (1, unchanged), "the manifest says it");

    site.write("static/img/ä 7.png", "another picture");
    let (requests, changed) = collect(&[]);
    // A listing and the index; the picture, what refers to it, index, a look for deletions, and manifest.
    let finding_out = if matches!(name().as_str(), "versitygw" | "garage") { 24 } else { 0 };
    assert!((7..=7 + finding_out).contains(&requests), "{requests}: {changed}");
    assert_eq!(changed["new"], 2, "{changed}");

    let verified = site.run(&["statics", "verify", "--json"]).ok().json().pop().unwrap();
    assert_eq!(
        (verified["errors"].as_u64(), verified["references"].as_u64()),
        (Some(0), Some(60)),
        "{verified}"
    );
    site.run(&["rm", "--bucket", site.variable("MINIO_STATIC_FILES_BUCKET"), "robots.txt"]).ok();
    let broken = site.run(&["statics", "verify", "--json"]);
    assert_eq!((broken.status, &broken.json()[0]["key"]), (Some(1), &"robots.txt".into()), "{broken:?}");
}

#[tokio::test]
async fn what_is_collected_is_served_with_its_headers() {
    let site = site(None);
    site.run(&["init"]);
    site.run(&["collect", "static"]).ok();
    let storages = site.storages();
    let statics = storages.statics().unwrap().load().await.unwrap();
    let url = statics.url("css/7.css").unwrap().into_owned();
    let key = url
        .rsplit_once(site.variable("MINIO_MEDIA_FILES_BUCKET"))
        .unwrap()
        .1
        .trim_start_matches('/')
        .to_owned();
    let meta = storages.media().storage().stat(&key.parse().unwrap()).await.unwrap();
    assert_eq!(meta.attributes.cache_control.as_deref(), Some("public, max-age=31536000, immutable"));
    assert_eq!(meta.attributes.content_type.as_deref(), Some("text/css"));
    // Garage and the server inside this process let nobody in without a signature.
    if matches!(name().as_str(), "in-process" | "garage") {
        return;
    }
    let page = get(&url);
    assert_eq!(page.status, 200, "{url}");
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let reference = text.split('\'').nth(1).unwrap();
    let picture = format!("{}/{}", url.rsplit_once('/').unwrap().0, reference);
    let picture = picture.replace("/css/../", "/");
    assert_eq!(get(&picture).body, b"picture 7", "{picture}");
}

#[test]
fn of_two_at_once_one_is_told() {
    let site = site(None);
    site.run(&["init"]);
    let running: Vec<_> = ["a", "b", "c", "d"]
        .map(|deploy| {
            site.command(&["collect", "static", "--one-by-one", "--deploy", deploy, "--json"])
                .spawn()
                .unwrap()
        })
        .into();
    let ended: Vec<_> = running.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let done = ended.iter().filter(|output| output.status.success()).count();
    assert!(done >= 1);
    for output in ended.iter().filter(|output| !output.status.success()) {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("another deploy has stored"), "{said}");
    }
    assert_eq!(site.run(&["statics", "list"]).ok().lines().len(), FILES + 1);
}

#[tokio::test]
async fn a_deploy_is_taken_back_and_what_is_old_is_pruned() {
    let site = site(None);
    site.run(&["init"]);
    for content in ["first", "second", "third"] {
        site.write("static/img/ä 7.png", content);
        site.run(&["collect", "static"]).ok();
        // Deploys of one second have no order.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    let storages = site.storages();
    let files = storages.statics().unwrap();
    let bucket = files.collector();
    let found = bucket.deploys().await.unwrap();
    let live: Vec<_> = found.deploys.iter().map(|deploy| (deploy.files, deploy.is_live)).collect();
    assert_eq!(live, [(FILES + 1, true), (FILES + 1, false), (FILES + 1, false)]);

    let urls = async || {
        let statics = files.load().await.unwrap();
        ["css/7.css", "img/ä 7.png"].map(|name| statics.url(name).unwrap().into_owned())
    };
    let third = urls().await;
    let [second, first] = [1, 2].map(|at: usize| found.deploys[at].name.clone());
    let done = bucket.rollback(&second).await.unwrap();
    assert_eq!((done.from.as_ref(), done.stale.len()), (found.manifest_hash.as_ref(), 0), "{done:?}");
    assert_ne!(urls().await, third);
    bucket.rollback(&found.deploys[0].name).await.unwrap();
    assert_eq!(urls().await, third);

    let options = PruneOptions::new().keep(2);
    assert!(bucket.plan_prune(&options).await.unwrap().is_done(), "all of it is young");
    let plan = bucket.plan_prune(&options.min_age(Duration::ZERO)).await.unwrap();
    assert_eq!((plan.delete.len(), &plan.deploys[..]), (2, &[first.clone()][..]), "{plan}");
    assert_eq!(bucket.prune(&plan).await.unwrap().objects, 2);
    let error = bucket.rollback(&first).await.unwrap_err();
    assert!(matches!(error, DeploysError::Unknown { .. }), "{error:?}");
    bucket.rollback(&second).await.unwrap();
    let there = bucket.look().await.unwrap().listing;
    assert!(plan.delete.iter().all(|object| there.get(&object.key).is_none()));
}
