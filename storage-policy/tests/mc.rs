//! What MinIO's client writes is recognised: the file has what a server gave back after each `mc anonymous set`
//! (mc of 2025-03-13, MinIO of 2026-02-12).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use storage_policy::{Policy, Preset};

#[test]
fn what_mc_writes_is_recognised() {
    let lines: Vec<Value> =
        include_str!("mc_anonymous.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 9);
    for line in lines {
        let (set, prefix) = (line["set"].as_str().unwrap(), line["prefix"].as_str().unwrap());
        let policy = Policy::parse(&line["policy"].to_string()).unwrap();
        let preset = Preset::named(set).unwrap();
        assert_eq!(Preset::recognise(&policy, "photos"), Some((preset, prefix.to_owned())), "{line}");
        assert!(policy.means_the_same_as(&preset.policy("photos", prefix)));
        assert_eq!(Policy::parse(&policy.to_json().unwrap()).unwrap(), policy);
    }
}
