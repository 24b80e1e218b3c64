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
            sentences.iter().any(|s| s.starts_with("anyone may s3:GetObject on ") && s.ends_with("/open/*"))
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

#[test]
fn what_people_regret_is_warned_of() {
    let sandbox = Sandbox::new();
    let kinds = |args: &[&str], status: i32| {
        let outcome = sandbox.run(&[&["policy", "audit", "--json"], args].concat());
        let outcome = outcome.failed(status);
        let lines = outcome.json();
        lines.iter().map(|line| line["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&["public-read", "--public"], 0), [""; 0]);
    assert_eq!(kinds(&["public-read"], 1), ["unconditional"]);
    assert_eq!(kinds(&["public-read", "--public", "--secure"], 1), ["plain-http"]);
    assert_eq!(
        kinds(&["upload", "--prefix", "in/"], 1),
        ["anonymous-list", "anonymous-list", "anonymous-write", "anonymous-delete"]
    );

    sandbox.write(
        "policy.json",
        r#"{"Version": "2012-10-17", "Statement": {"Sid": "Typo", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObjct", "Resource": "*"}}"#,
    );
    let outcome = sandbox.run(&["policy", "audit", "policy.json"]).failed(1);
    assert!(
        outcome.text().starts_with("Statement[0] `Typo`: no action of S3 is called `s3:PutObjct`"),
        "{}",
        outcome.text()
    );
    let line = &sandbox.run(&["policy", "audit", "policy.json", "--json"]).failed(1).json()[0];
    assert_eq!((line["statement"].as_u64(), line["sid"].as_str()), (Some(0), Some("Typo")));
    assert_eq!(sandbox.run(&["policy", "audit", "--quiet"]).ok().text(), "", "a folder without a policy");
}

#[test]
fn what_credentials_need_is_printed() {
    let sandbox = Sandbox::new();
    let required =
        &sandbox.run(&["policy", "required", "--use", "read,health", "--prefix", "p/", "--json"]).ok().json()
            [0];
    assert_eq!(required["uses"], serde_json::json!(["read", "health"]));
    let bucket = required["bucket"].as_str().unwrap();
    assert_eq!(
        required["policy"]["Statement"][1]["Resource"],
        serde_json::json!([format!("arn:aws:s3:::{bucket}/p/*")])
    );
    let text =
        sandbox.run(&["policy", "required", "--use", "write", "--use", "orphans"]).ok().text().to_owned();
    sandbox.write("required.json", &text);
    sandbox.run(&["policy", "audit", "required.json", "--json"]).ok();
    let sentences = sandbox.run(&["policy", "explain", "required.json"]).ok().text().to_owned();
    assert!(sentences.contains("whoever has the policy may s3:PutObject on arn:aws:s3:::"), "{sentences}");
    assert!(
        sandbox
            .run(&["policy", "required", "--use", "everything"])
            .failed(2)
            .stderr
            .contains("read, write, tags")
    );
    sandbox.run(&["policy", "required"]).failed(2);
}
