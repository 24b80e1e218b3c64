use std::path::Path;

use config::{Value, ValueKind};
use serde_json::Value as Json;
use storage_core::BucketName;

use super::parse::Parsed;
use super::text_file::read_text;

/// A policy that is put on a bucket after all buckets exist.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyHook {
    /// The bucket.
    pub bucket: BucketName,
    /// The policy, as JSON text of at most 20 KiB.
    pub policy: String,
}

impl PolicyHook {
    /// A policy for a bucket. It is read when the buckets are initialised.
    pub fn new(bucket: BucketName, policy: impl Into<String>) -> Self {
        Self { bucket, policy: policy.into() }
    }
}

const RULE: &str = "it must be a list of [bucket, policy] pairs or {bucket, policy} objects; a policy is an object, its JSON \
                    text, or the path of a file that holds it";

/// What S3 and MinIO take at most of a bucket's policy, in bytes
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html>).
const LARGEST: u64 = 20 << 10;

/// The hooks: TOML's own lists and tables, or JSON text.
pub(super) fn policy_hooks(value: &Value) -> Parsed<Vec<PolicyHook>> {
    let json: Json = match &value.kind {
        ValueKind::String(text) => serde_json::from_str(text).map_err(|error| format!("{RULE} ({error})"))?,
        _ => value.clone().try_deserialize().map_err(|_| RULE.to_owned())?,
    };
    json.as_array().ok_or(RULE)?.iter().map(policy_hook).collect()
}

fn policy_hook(hook: &Json) -> Parsed<PolicyHook> {
    let (bucket, policy) = match hook {
        Json::Array(pair) if pair.len() == 2 => (&pair[0], &pair[1]),
        Json::Object(fields) if fields.len() == 2 => {
            (fields.get("bucket").ok_or(RULE)?, fields.get("policy").ok_or(RULE)?)
        }
        _ => return Err(RULE.into()),
    };
    let bucket = bucket.as_str().ok_or(RULE)?.parse().map_err(|error| format!("{error}"))?;
    Ok(PolicyHook { bucket, policy: policy_text(policy)? })
}

fn policy_text(policy: &Json) -> Parsed<String> {
    let text = match policy {
        Json::Object(_) => policy.to_string(),
        Json::String(text) if text.trim_start().starts_with('{') => text.clone(),
        Json::String(path) => read_text(Path::new(path), LARGEST)
            .map_err(|error| format!("the policy file {}: {error}", path.escape_debug()))?,
        _ => return Err(RULE.into()),
    };
    if text.len() as u64 > LARGEST {
        return Err(format!("a policy must have at most {} KiB", LARGEST >> 10));
    }
    match serde_json::from_str::<Json>(&text) {
        Ok(Json::Object(_)) => Ok(text),
        Ok(_) => Err("a policy must be a JSON object".into()),
        Err(error) => Err(format!("a policy is not valid JSON: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hooks(text: &str) -> Parsed<Vec<PolicyHook>> {
        policy_hooks(&Value::new(None, text))
    }

    #[test]
    fn pairs_and_objects_and_all_kinds_of_policies() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("policy.json");
        std::fs::write(&file, "{}").unwrap();
        let text =
            serde_json::json!([["abc", {"Version": "x"}], {"bucket": "def", "policy": "{}"}, ["ghi", file]]);
        let hooks = hooks(&text.to_string()).unwrap();
        let policies: Vec<_> =
            hooks.iter().map(|hook| (hook.bucket.as_str(), hook.policy.as_str())).collect();
        assert_eq!(policies, [("abc", r#"{"Version":"x"}"#), ("def", "{}"), ("ghi", "{}")]);
    }

    #[test]
    fn no_policy_is_larger_than_servers_take() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("policy.json");
        let of = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8));
        for (length, fits) in [(20_480, true), (20_481, false)] {
            let policy = of(length);
            assert_eq!(policy.len(), length);
            std::fs::write(&file, &policy).unwrap();
            let object: Json = serde_json::from_str(&policy).unwrap();
            for policy in [serde_json::json!(file), serde_json::json!(policy), object] {
                let hooks = hooks(&serde_json::json!([["abc", policy]]).to_string());
                assert_eq!(hooks.is_ok(), fits, "{length}: {:?}", hooks.err());
            }
        }
    }

    #[test]
    fn anything_else_is_a_fault() {
        for text in [
            "",
            "{}",
            "[1]",
            r#"[["abc"]]"#,
            r#"[["A", {}]]"#,
            r#"[["abc", 1]]"#,
            r#"[["abc", "{"]]"#,
            r#"[["abc", "/no/such/file"]]"#,
        ] {
            assert!(hooks(text).is_err(), "{text}");
        }
    }
}
