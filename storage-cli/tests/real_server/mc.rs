//! What MinIO's own command calls our presets, and what ours calls those that it sets.

use std::process::Command;

use serde_json::Value;

use crate::server::Sandbox;

const ALIAS: &str = "here";

/// A prefix, and one for the whole bucket.
const PREFIXES: [&str; 2] = ["", "open/"];

/// What `mc` prints for `mc anonymous`, about a part of the sandbox's bucket.
fn anonymous(sandbox: &Sandbox, args: &[&str], prefix: &str) -> Value {
    let variable = |name| sandbox.variable(name);
    let program = std::env::var_os("STORAGE_TEST_MC").expect("STORAGE_TEST_MC: see cargo xtask integration");
    let server = format!(
        "http://{}:{}@{}",
        variable("MINIO_ACCESS_KEY"),
        variable("MINIO_SECRET_KEY"),
        variable("MINIO_ENDPOINT")
    );
    let mut mc = Command::new(program);
    mc.env(format!("MC_HOST_{ALIAS}"), server).arg("--config-dir").arg(sandbox.path("mc"));
    mc.args(["--json", "anonymous"]).args(args);
    mc.arg(format!("{ALIAS}/{}/{prefix}", variable("MINIO_MEDIA_FILES_BUCKET")));
    let output = mc.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

#[test]
#[ignore = "needs MinIO and its command mc: the suite mc of cargo xtask integration"]
fn mc_names_our_presets() {
    let presets = [
        ("private", "private"),
        ("download", "download"),
        ("upload", "upload"),
        ("public", "public"),
        // Nothing that mc has a name for lets people read what they cannot list.
        ("public-read", "custom"),
        ("public-read-with-listing", "custom"),
        ("original", "download"),
    ];
    for prefix in PREFIXES {
        let sandbox = Sandbox::new();
        sandbox.run(&["init"]).ok();
        for (ours, expected) in presets {
            sandbox.run(&["policy", "set", ours, "--prefix", prefix]).ok();
            let found = anonymous(&sandbox, &["get"], prefix);
            assert_eq!(found["permission"], expected, "{ours} for `{prefix}`: {found}");
        }
    }
}

#[test]
#[ignore = "needs MinIO and its command mc: the suite mc of cargo xtask integration"]
fn what_mc_sets_is_recognised() {
    for prefix in PREFIXES {
        let sandbox = Sandbox::new();
        sandbox.run(&["init"]).ok();
        for name in ["download", "upload", "public", "private"] {
            anonymous(&sandbox, &["set", name], prefix);
            let shown = sandbox.run(&["policy", "show", "--json", "--quiet"]).ok().json().remove(0);
            assert_eq!(shown["preset"], name, "{shown}");
            let expected = if name == "private" { "" } else { prefix };
            assert_eq!(shown["prefix"], expected, "{shown}");
            let explained = sandbox.run(&["policy", "explain", "--json"]).ok().json();
            assert_eq!(explained.is_empty(), name == "private", "{explained:?}");
            // It means what ours means, to the last grant.
            sandbox.run(&["policy", "diff", name, "--prefix", prefix]).ok();
        }
    }
}
