use crate::sandbox::Sandbox;

#[test]
fn presets_are_printed_and_explained() {
    let sandbox = Sandbox::new();
    let download =
        sandbox.run(&["policy", "preset", "download", "--prefix", "open/", "--quiet"]).ok().text().to_owned();
    sandbox.write("policy.json", download);
    for policy in ["policy.json", "download"] {
        let lines = sandbox.run(&["policy", "explain", policy, "--prefix", "open/", "--json"]).ok().json();
        let sentences: Vec<_> = lines.iter().map(|line| line["sentence"].as_str().unwrap()).collect();
        assert_eq!(sentences.len(), 3, "{sentences:?}");
        assert!(
            sentences.iter().any(|s| s.starts_with("anyone may s3:getobject on ") && s.ends_with("/open/*"))
        );
    }
    let shown = sandbox.run(&["policy", "preset", "upload", "--json"]).ok().json();
    assert_eq!((shown[0]["preset"].as_str(), shown[0]["prefix"].as_str()), (Some("upload"), Some("")));
}

#[test]
fn what_is_no_policy_is_told_with_its_place() {
    let sandbox = Sandbox::new();
    sandbox.write("policy.json", "{\n  \"Statement\": [{\"Effect\": \"Perhaps\"}]\n}");
    let outcome = sandbox.run(&["policy", "explain", "policy.json"]).failed(2);
    assert!(
        outcome.stderr.contains("line 2") && outcome.stderr.contains("Statement[0].Effect"),
        "{}",
        outcome.stderr
    );
    assert!(sandbox.run(&["policy", "preset", "secret"]).failed(2).stderr.contains("no preset"));
    assert!(sandbox.run(&["policy", "explain", "missing.json"]).failed(1).stderr.contains("missing.json"));
}

/// A folder keeps policies as a server does, so that what was tried here is what happens there.
#[test]
fn a_folder_is_initialised_as_a_server_is() {
    let sandbox = Sandbox::new();
    let public = [("MINIO_PUBLIC_BUCKETS", "photos"), ("MINIO_MEDIA_FILES_BUCKET", "photos")];
    let init = |options: &[&str]| sandbox.run_with(&public, &[&["init", "--json"], options].concat());
    assert_eq!(
        init(&["--check"]).failed(1).json()[0]["changes"],
        serde_json::json!(["put the policy (public-read)"])
    );
    init(&[]).ok();
    assert_eq!(init(&["--check"]).ok().json()[0]["changes"], serde_json::json!([]));
    let shown = sandbox.run_with(&public, &["policy", "show", "--json"]).ok().json();
    assert_eq!(shown[0]["preset"], "public-read");

    let private = [("MINIO_PRIVATE_BUCKETS", "photos"), ("MINIO_MEDIA_FILES_BUCKET", "photos")];
    let closed = sandbox.run_with(&private, &["init", "--json"]).ok().json();
    assert_eq!(closed[0]["changes"], serde_json::json!(["delete the policy"]));
    assert_eq!(sandbox.run_with(&private, &["policy", "show", "--json"]).ok().json()[0]["preset"], "private");
}
