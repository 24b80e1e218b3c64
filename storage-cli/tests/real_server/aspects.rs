//! CORS, lifecycle and versions, as the settings want them and as the commands set them; and what initialising costs.

use s3_testserver::Proxy;
use serde_json::json;

use crate::server::{Outcome, Sandbox, name};

/// What this server has not, by the word that the report says it with.
fn gaps() -> &'static [&'static str] {
    match name().as_str() {
        "in-process" => &["CORS", "lifecycle", "versions"],
        "minio" | "minio-cluster" => &["CORS"],
        "versitygw" => &["lifecycle", "versions"],
        "garage" => &["versions"],
        _ => &[],
    }
}

/// These say that versions are off, as if they could be on.
fn refused_writes() -> usize {
    usize::from(matches!(name().as_str(), "versitygw" | "garage"))
}

fn wishes(sandbox: Sandbox) -> Sandbox {
    let sandbox = sandbox.with("MINIO_CORS_ORIGINS", "https://www.example.org,https://b.example.org");
    sandbox.with("MINIO_UPLOADS_EXPIRE_AFTER", "1d").with("MINIO_VERSIONING", "true")
}

fn texts(init: &Outcome, member: &str) -> Vec<String> {
    let lines = init.json();
    lines[0][member].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[test]
fn are_set_once_changed_and_taken_away() {
    let sandbox = wishes(Sandbox::new());
    let all = ["(CORS)", "(lifecycle)", "keep versions"];
    let expected: Vec<_> = ["CORS", "lifecycle", "versions"]
        .iter()
        .zip(all)
        .filter(|(word, _)| !gaps().contains(word))
        .map(|(_, change)| change)
        .collect();
    // What is refused although it is spoken of fails each time, in a check and out of it.
    let refused = i32::from(refused_writes() > 0);
    let first = sandbox.run(&["init", "--json"]);
    assert_eq!(first.status, Some(refused), "{first:?}");
    assert_eq!(texts(&first, "changes").len(), 1 + expected.len(), "{first:?}");
    for change in &expected {
        assert!(texts(&first, "changes").iter().any(|text| text.contains(change)), "{change}: {first:?}");
    }
    assert_eq!(texts(&first, "findings").len(), gaps().len(), "{first:?}");
    for gap in gaps() {
        assert!(texts(&first, "findings").iter().any(|text| text.contains(gap)), "{gap}: {first:?}");
    }
    let second = sandbox.run(&["init", "--json"]);
    assert_eq!((second.status, texts(&second, "changes").len()), (Some(refused), 0), "{second:?}");
    assert_eq!(sandbox.run(&["init", "--check"]).status, Some(refused));

    let other =
        sandbox.with("MINIO_CORS_ORIGINS", "https://c.example.org").with("MINIO_UPLOADS_EXPIRE_AFTER", "2d");
    let check = other.run(&["init", "--check", "--json"]);
    let changes = expected.iter().filter(|change| change.starts_with('(')).count() + refused_writes();
    assert_eq!(texts(&check, "changes").len(), changes, "{check:?}");
    assert_eq!(check.status, Some(i32::from(changes > 0)), "{check:?}");
    assert_eq!(other.run(&["init"]).status, Some(refused));
    assert_eq!(texts(&other.run(&["init", "--check", "--json"]), "changes").len(), refused_writes());

    let none = other
        .with("MINIO_CORS_ORIGINS", "[]")
        .with("MINIO_UPLOADS_EXPIRE_AFTER", "0")
        .with("MINIO_VERSIONING", "no");
    assert_eq!(texts(&none.run(&["init", "--json"]).ok(), "changes").len(), expected.len());
    none.run(&["init", "--check"]).ok();
}

#[test]
fn commands_keep_the_rules_of_others() {
    let sandbox = Sandbox::new();
    sandbox.run(&["init"]).ok();
    let shown = sandbox.run(&["lifecycle", "show", "--json"]);
    if gaps().contains(&"lifecycle") {
        assert_eq!(shown.status, Some(1));
        assert!(shown.stderr.contains("unsupported"), "{shown:?}");
    } else {
        assert_eq!(shown.ok().json(), Vec::<serde_json::Value>::new());
        sandbox.run(&["lifecycle", "set", "logs", "--prefix", "logs/", "--expire-days", "30"]).ok();
        let set = sandbox.run(&[
            "lifecycle",
            "set",
            "direct-uploads",
            "--prefix",
            "uploads/",
            "--expire-days",
            "1",
            "--json",
        ]);
        assert_eq!(set.ok().json().len(), 2);
        let shown = sandbox.run(&["lifecycle", "show", "--json"]).ok().json();
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert!(
            shown.iter().any(|rule| rule["id"] == "logs" && rule["expire_after_days"] == 30),
            "{shown:?}"
        );
        sandbox.run(&["lifecycle", "remove", "direct-uploads"]).ok();
        assert_eq!(sandbox.run(&["lifecycle", "show", "--json"]).ok().json().len(), 1);
    }
    let allowed = sandbox.run(&["cors", "allow", "https://a.example", "--json"]);
    if gaps().contains(&"CORS") {
        assert_eq!(allowed.status, Some(1));
        assert!(allowed.stderr.contains("unsupported"), "{allowed:?}");
    } else {
        assert_eq!(allowed.ok().json()[0]["origins"], json!(["https://a.example"]));
        assert_eq!(sandbox.run(&["cors", "allow", "https://b.example", "--json"]).ok().json().len(), 1);
        assert_eq!(
            sandbox.run(&["cors", "show", "--json"]).ok().json()[0]["origins"],
            json!(["https://b.example"])
        );
        sandbox.run(&["cors", "forbid", "--json"]).ok();
        assert_eq!(sandbox.run(&["cors", "show", "--json"]).ok().json(), Vec::<serde_json::Value>::new());
    }
    assert_eq!(sandbox.run(&["cors", "allow", "example.org"]).status, Some(2), "no scheme");
}

/// Ten buckets, so that nothing that is asked once hides.
#[test]
fn what_initialising_costs() {
    const BUCKETS: usize = 10;
    let sandbox = Sandbox::new();
    let proxy = Proxy::in_front_of(&format!("http://{}", sandbox.variable("MINIO_ENDPOINT")));
    let door = proxy.door();
    let media = sandbox.variable("MINIO_MEDIA_FILES_BUCKET").to_owned();
    let names: Vec<_> = (1..BUCKETS).map(|n| format!("{media}-{n}")).chain([media.clone()]).collect();
    let sandbox = sandbox
        .with("MINIO_ENDPOINT", door.endpoint().trim_start_matches("http://"))
        .with("MINIO_PUBLIC_BUCKETS", names.join(","))
        .with("MINIO_PRIVATE_BUCKETS", "");
    let asked = |sandbox: &Sandbox, command: &[&str]| {
        door.requests().reset();
        let outcome = sandbox.run(command);
        assert!(matches!(outcome.status, Some(0 | 1)), "{outcome:?}");
        door.requests().count()
    };
    // A server without policies is asked whether the bucket exists, and tells once more when a policy is put.
    let (dry, first, again) = match name().as_str() {
        "in-process" => (2, 4, 2),
        "garage" => (1, 3, 2),
        _ => (1, 3, 1),
    };
    assert_eq!(asked(&sandbox, &["init", "--dry-run"]), dry * BUCKETS, "dry run");
    assert_eq!(asked(&sandbox, &["init"]), first * BUCKETS, "missing");
    assert_eq!(asked(&sandbox, &["init"]), again * BUCKETS, "right");

    let sandbox = wishes(sandbox);
    let aspects = 3;
    let writes = aspects - gaps().len();
    assert_eq!(
        asked(&sandbox, &["init"]),
        (again + aspects + writes + refused_writes()) * BUCKETS,
        "aspects are set"
    );
    assert_eq!(
        asked(&sandbox, &["init"]),
        (again + aspects + refused_writes()) * BUCKETS,
        "aspects are right"
    );

    let fresh: Vec<_> = names.iter().map(|name| format!("{name}-x")).collect();
    let sandbox = sandbox
        .with("MINIO_PUBLIC_BUCKETS", fresh.join(","))
        .with("MINIO_MEDIA_FILES_BUCKET", fresh[0].clone());
    // What a new bucket's server refuses is asked for once more: whether it speaks of it.
    let unknown = usize::from(gaps().contains(&"versions"));
    assert_eq!(asked(&sandbox, &["init"]), (first + aspects + unknown) * BUCKETS, "missing, with aspects");
}
