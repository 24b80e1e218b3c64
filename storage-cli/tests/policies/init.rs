use storage_suite::Storages;
use storage_suite::policy::{Preset, Request};
use storage_suite::storage_core::Storage;

use crate::case::{Case, cases, ignored};
use crate::http::{get, send};
use crate::server::{Outcome, Sandbox, name};

pub(crate) fn cases() -> Vec<Case> {
    cases!("init":
        a_missing_bucket_is_created_once,
        a_bucket_that_was_public_is_closed,
        async somebody_elses_policy_is_kept_and_never_called_fine,
        async what_only_some_servers_understand_is_never_called_private,
        eight_at_once_come_to_the_same,
        a_hook_is_put_once_and_a_bad_one_before_anything,
        async connecting_initialises_if_the_settings_say_so,
        policies_are_shown_compared_and_set,
        presets_let_in_whom_they_say,
    )
}

fn public(sandbox: Sandbox) -> Sandbox {
    let bucket = sandbox.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    sandbox.with("MINIO_PUBLIC_BUCKETS", bucket).with("MINIO_PRIVATE_BUCKETS", "")
}

fn private(sandbox: Sandbox) -> Sandbox {
    let bucket = sandbox.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    sandbox.with("MINIO_PRIVATE_BUCKETS", bucket).with("MINIO_PUBLIC_BUCKETS", "")
}

/// Garage and the server inside this process have no policies: a public bucket is a gap there, said aloud.
fn needs_policies(sandbox: &Sandbox, init: &Outcome) {
    let lacks = String::from_utf8_lossy(&init.stdout).contains("NOT PUBLIC");
    assert_eq!(lacks, !has_policies(), "{init:?}");
    if lacks {
        assert_eq!(init.status, Some(1), "{init:?}");
        private_stays_fine(sandbox);
        without_policies();
    }
}

fn has_policies() -> bool {
    !matches!(name().as_str(), "in-process" | "garage")
}

fn without_policies() -> ! {
    assert!(!has_policies(), "what is known of {} is not true any more", name());
    ignored("this server has no policies")
}

fn private_stays_fine(sandbox: &Sandbox) {
    let url = address(sandbox, "a.txt");
    assert_ne!(get(&url).status, 200);
}

fn address(sandbox: &Sandbox, key: &str) -> String {
    let (server, bucket) = (sandbox.variable("MINIO_ENDPOINT"), sandbox.variable("MINIO_MEDIA_FILES_BUCKET"));
    format!("http://{server}/{bucket}/{key}")
}

fn a_missing_bucket_is_created_once() {
    let sandbox = private(Sandbox::new());
    let check = sandbox.run(&["init", "--check", "--json"]);
    assert_eq!(check.status, Some(1), "{check:?}");
    assert_eq!(check.json()[0]["changes"], serde_json::json!(["create the bucket"]));
    assert_eq!(sandbox.run(&["init", "--dry-run"]).ok().lines().len(), 1);
    assert_eq!(sandbox.run(&["health"]).status, Some(1), "nothing was created");

    assert_eq!(
        sandbox.run(&["init", "--json"]).ok().json()[0]["changes"],
        serde_json::json!(["create the bucket"])
    );
    assert_eq!(sandbox.run(&["init", "--json"]).ok().json()[0]["changes"], serde_json::json!([]));
    sandbox.run(&["init", "--check"]).ok();
    sandbox.run(&["health"]).ok();
}

fn a_bucket_that_was_public_is_closed() {
    let sandbox = public(Sandbox::new());
    let init = sandbox.run(&["init"]);
    needs_policies(&sandbox, &init);
    init.ok();
    let key = sandbox.put(b"for everybody", "a.txt");
    let url = address(&sandbox, &key);
    assert_eq!(get(&url).status, 200);
    assert_ne!(get(&address(&sandbox, "?list-type=2")).status, 200, "objects only, no listing");
    sandbox.run(&["init", "--check"]).ok();

    let sandbox = private(sandbox);
    let drift = sandbox.run(&["init", "--check", "--json"]);
    assert_eq!(
        (drift.status, drift.json()[0]["changes"].clone()),
        (Some(1), serde_json::json!(["delete the policy"]))
    );
    assert_eq!(get(&url).status, 200, "a check changes nothing");
    sandbox.run(&["init"]).ok();
    assert_eq!(get(&url).status, 403);
    sandbox.run(&["init", "--check"]).ok();
}

async fn somebody_elses_policy_is_kept_and_never_called_fine() {
    let sandbox = private(Sandbox::new());
    sandbox.run(&["init"]).ok();
    let key = sandbox.put(b"not for everybody", "open/a.txt");
    let bucket = sandbox.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    let storages = sandbox.storages();
    let admin = storages.media().storage().bucket_admin().unwrap();
    let foreign = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"ours","Effect":"Allow","Principal":{{"AWS":["*"]}},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::{bucket}/open/*","arn:aws:s3:::{bucket}/free/*"]}}]}}"#
    );
    match admin.put_policy(&foreign).await {
        Err(error) if error.kind() == storage_suite::ErrorKind::Unsupported => {
            private_stays_fine(&sandbox);
            without_policies();
        }
        put => put.unwrap(),
    }
    let url = address(&sandbox, &key);
    for args in [&["init"][..], &["init", "--check"], &["init", "--dry-run"]] {
        let outcome = sandbox.run(args);
        assert_eq!(outcome.status, Some(1), "{outcome:?}");
        assert!(String::from_utf8_lossy(&outcome.stdout).contains("NOT PRIVATE"), "{outcome:?}");
        assert_eq!(get(&url).status, 200, "it is kept");
    }
    sandbox.run(&["init", "--replace-foreign"]).ok();
    assert_eq!(get(&url).status, 403);
    sandbox.run(&["init", "--check"]).ok();
}

/// MinIO, SeaweedFS and VersityGW take `action` for `Action` and let people in by it; MinIO gives it back as it should be written. Nowhere is
/// the bucket called fine while anybody reads it.
async fn what_only_some_servers_understand_is_never_called_private() {
    let sandbox = private(Sandbox::new());
    sandbox.run(&["init"]).ok();
    let key = sandbox.put(b"not for everybody", "a.txt");
    let url = address(&sandbox, &key);
    let bucket = sandbox.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    let storages = sandbox.storages();
    let admin = storages.media().storage().bucket_admin().unwrap();
    let right = Preset::PublicRead.policy(&bucket, "").to_json().unwrap();
    let mut open = Vec::new();
    for (written, other) in [
        ("\"Action\"", "\"action\""),
        ("\"AWS\"", "\"aws\""),
        ("\"Statement\"", "\"statement\""),
        ("\"Effect\"", "\"effect\""),
        ("\"Principal\"", "\"\u{17f}id\":\"\",\"principal\""),
        ("\"Resource\"", "\"Resource\":[\"arn:aws:s3:::x\"],\"Resource\""),
        ("{\"AWS\":[\"*\"]}", "{\"AWS\":[\"arn:aws:iam::1:root\"],\"AWS\":[\"*\"]}"),
    ] {
        assert!(right.contains(written), "{right}");
        if admin.put_policy(&right.replacen(written, other, 1)).await.is_err() {
            continue;
        }
        let is_open = get(&url).status == 200;
        open.extend(is_open.then_some(other));
        let check = sandbox.run(&["init", "--check", "--quiet"]);
        assert!(!is_open || check.status == Some(1), "{other}: {check:?}");
        let init = sandbox.run(&["init"]);
        assert!(init.status == Some(1) || get(&url).status != 200, "{other}: {init:?}");
        sandbox.run(&["init", "--replace-foreign"]).ok();
        assert_ne!(get(&url).status, 200, "{other}");
    }
    if !has_policies() {
        assert_eq!(open, [""; 0]);
        without_policies();
    }
    assert!(open.contains(&"\"action\""), "{open:?}");
}

fn eight_at_once_come_to_the_same() {
    let sandbox = public(Sandbox::new());
    let running: Vec<_> = (0..8).map(|_| sandbox.command(&["init", "--json"]).spawn().unwrap()).collect();
    let outcomes: Vec<_> =
        running.into_iter().map(|child| Outcome::from(child.wait_with_output().unwrap())).collect();
    needs_policies(&sandbox, &outcomes[0]);
    for outcome in &outcomes {
        assert_eq!(outcome.status, Some(0), "{outcome:?}");
    }
    sandbox.run(&["init", "--check"]).ok();
}

fn a_hook_is_put_once_and_a_bad_one_before_anything() {
    let sandbox = public(Sandbox::new());
    let bucket = sandbox.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    let policy = |resource: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Id":"shown","Statement":[{{"Sid":"all","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{resource}/shown/*"}}]}}"#
        )
    };
    let hooks = |policy: &str| serde_json::json!([[bucket, policy]]).to_string();
    let bad = sandbox.again().with("MINIO_POLICY_HOOKS", hooks(&policy("another-bucket")));
    let outcome = bad.run(&["init"]);
    assert_eq!(outcome.status, Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains("another-bucket"), "{outcome:?}");
    assert_eq!(sandbox.run(&["health"]).status, Some(1), "nothing was sent");

    let sandbox = sandbox.with("MINIO_POLICY_HOOKS", hooks(&policy(&bucket)));
    let init = sandbox.run(&["init", "--json"]);
    if init.json()[0]["error"].as_str().is_some_and(|error| error.contains("no policies")) {
        assert_eq!(init.status, Some(1));
        without_policies();
    }
    assert_eq!(
        init.ok().json()[0]["changes"],
        serde_json::json!(["create the bucket", "put the policy (hook)"])
    );
    let (shown, hidden) = (sandbox.put(b"a", "shown/a.txt"), sandbox.put(b"b", "hidden/b.txt"));
    assert_eq!(get(&address(&sandbox, &shown)).status, 200);
    assert_eq!(get(&address(&sandbox, &hidden)).status, 403);
    assert_eq!(sandbox.run(&["init", "--json"]).ok().json()[0]["changes"], serde_json::json!([]));
}

async fn connecting_initialises_if_the_settings_say_so() {
    let sandbox = private(Sandbox::new());
    let bucket = sandbox.storages();
    let exists = async || bucket.media().storage().bucket_admin().unwrap().exists().await.unwrap();
    Storages::connect(sandbox.settings()).await.expect("a missing bucket is no error");
    assert!(!exists().await);
    let sandbox = sandbox.with("MINIO_CONSISTENCY_CHECK_ON_START", "true");
    Storages::connect(sandbox.settings()).await.unwrap();
    assert!(exists().await);
}

fn policies_are_shown_compared_and_set() {
    let sandbox = private(Sandbox::new());
    sandbox.run(&["init"]).ok();
    let show = sandbox.run(&["policy", "show", "--json"]);
    if show.stderr.contains("unsupported") {
        assert_eq!(show.status, Some(1), "{show:?}");
        without_policies();
    }
    assert_eq!(show.ok().json()[0]["preset"], "private");
    for preset in ["public-read", "public-read-with-listing", "download", "upload", "public"] {
        sandbox.run(&["policy", "set", preset]).ok();
        assert_eq!(sandbox.run(&["policy", "show", "--json"]).ok().json()[0]["preset"], preset);
        sandbox.run(&["policy", "diff", preset]).ok();
    }
    let diff = sandbox.run(&["policy", "diff", "download", "--json"]);
    assert_eq!(diff.status, Some(1));
    assert!(diff.json().iter().all(|line| line["only"] == "bucket") && diff.json().len() == 5, "{diff:?}");
    sandbox.run(&["policy", "set", "private"]).ok();
    assert_eq!(sandbox.run(&["policy", "show", "--json"]).ok().json()[0]["preset"], "private");
}

/// What anonymous people are let do, tried, is what the policy says to the same requests: of each preset, for the whole bucket and below a
/// prefix, inside and outside of it.
fn presets_let_in_whom_they_say() {
    let sandbox = private(Sandbox::new());
    sandbox.run(&["init"]).ok();
    let bucket = sandbox.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    let known = [sandbox.put(b"known", "open/known.txt"), sandbox.put(b"known", "shut/known.txt")];
    let mut otherwise = Vec::new();
    let is_lacking = |action: &str| name() == "seaweedfs" && NEVER_ON_SEAWEEDFS.contains(&action);
    let mut allowed = 0;
    for (preset, prefix) in PRESETS.iter().flat_map(|preset| ["", "open/"].map(|prefix| (*preset, prefix))) {
        let set = sandbox.run(&["policy", "set", preset, "--prefix", prefix]);
        if set.stderr.contains("unsupported") {
            assert_eq!(set.status, Some(1), "{set:?}");
            without_policies();
        }
        set.ok();
        let policy = Preset::named(preset).unwrap().policy(&bucket, prefix);
        let mut ask = |method: &str, path: &str, action: &str, resource: &str, listed: Option<&str>| {
            let request = Request::anonymous(action, format!("{bucket}{resource}")).with("s3:prefix", listed);
            let said = policy.allows(&request).is_allowed();
            let answer =
                send(method, &address(&sandbox, path), &[], if method == "PUT" { b"new" } else { b"" });
            assert!(matches!(answer.status, 200 | 204 | 403), "{preset}: {method} {path}: {answer:?}");
            allowed += usize::from(said);
            if (said && !is_lacking(action)) != (answer.status != 403) {
                otherwise
                    .push(format!("{preset} {prefix}: {action} {resource} is answered {}", answer.status));
            }
        };
        ask("GET", "?list-type=2", "s3:ListBucket", "", None);
        ask("GET", "?list-type=2&prefix=open%2F", "s3:ListBucket", "", Some("open/"));
        ask("GET", "?list-type=2&prefix=shut%2F", "s3:ListBucket", "", Some("shut/"));
        ask("GET", "?uploads", "s3:ListBucketMultipartUploads", "", None);
        ask("GET", "?location", "s3:GetBucketLocation", "", None);
        ask("GET", "?policy", "s3:GetBucketPolicy", "", None);
        for (part, known) in ["open", "shut"].iter().zip(&known) {
            let resource = |key: &str| format!("/{key}");
            ask("GET", known, "s3:GetObject", &resource(known), None);
            let new = format!("{part}/new.txt");
            ask("PUT", &new, "s3:PutObject", &resource(&new), None);
            ask("DELETE", &new, "s3:DeleteObject", &resource(&new), None);
        }
    }
    assert!(allowed > 40, "{allowed}");
    assert_eq!(otherwise, [""; 0]);
}

const PRESETS: [&str; 7] =
    ["private", "public-read", "public-read-with-listing", "download", "upload", "public", "original"];

/// What SeaweedFS 4.48 lets nobody do without credentials, whatever the policy says.
const NEVER_ON_SEAWEEDFS: [&str; 4] =
    ["s3:DeleteObject", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads", "s3:PutObject"];
