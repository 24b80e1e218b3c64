use std::collections::BTreeSet;
use std::path::Path;

use config::{Value, ValueKind};
use serde_json::Value as Json;
use storage_core::BucketName;

use super::Buckets;
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
    #[cfg(feature = "policy")]
    pub(crate) read: storage_policy::Policy,
}

const RULE: &str = "it must be a list of [bucket, policy] pairs or {bucket, policy} objects; a policy is an object, its JSON \
                    text, or the path of a file that holds it";

/// What S3 and MinIO take at most of a bucket's policy, in bytes
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html>).
const LARGEST: u64 = 20 << 10;

/// The hooks: TOML's own lists and tables, or JSON text. All that is wrong with any of them is said at once.
pub(super) fn policy_hooks(value: &Value, buckets: Option<&Buckets>) -> Result<Vec<PolicyHook>, Vec<String>> {
    let json = json(value).map_err(|rule| vec![rule])?;
    let Some(written) = json.as_array() else { return Err(vec![RULE.into()]) };
    let (mut hooks, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (place, hook) in written.iter().enumerate() {
        let (bucket, policy) = match parts(hook) {
            Ok(parts) => parts,
            Err(rule) => {
                faults.push(format!("hook {}: {rule}", place + 1));
                continue;
            }
        };
        if !seen.insert(bucket.clone()) {
            faults.push(format!("`{bucket}` has two hooks, and a bucket has one policy: make one of them"));
        }
        if buckets.is_some_and(|buckets| buckets.all().all(|name| *name != bucket)) {
            faults.push(format!("`{bucket}` is none of the buckets"));
        }
        match PolicyHook::read(bucket.clone(), policy, buckets) {
            Ok(hook) => hooks.push(hook),
            Err(rule) => faults.push(format!("the hook of `{bucket}`: {rule}")),
        }
    }
    if faults.is_empty() { Ok(hooks) } else { Err(faults) }
}

fn json(value: &Value) -> Parsed<Json> {
    match &value.kind {
        ValueKind::String(text) => serde_json::from_str(text).map_err(|error| format!("{RULE} ({error})")),
        _ => value.clone().try_deserialize().map_err(|_| RULE.to_owned()),
    }
}

fn parts(hook: &Json) -> Parsed<(BucketName, &Json)> {
    let (bucket, policy) = match hook {
        Json::Array(pair) if pair.len() == 2 => (&pair[0], &pair[1]),
        Json::Object(fields) if fields.len() == 2 => {
            (fields.get("bucket").ok_or(RULE)?, fields.get("policy").ok_or(RULE)?)
        }
        _ => return Err(RULE.into()),
    };
    let bucket = bucket.as_str().ok_or(RULE)?.parse().map_err(|error| format!("{error}"))?;
    Ok((bucket, policy))
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

impl PolicyHook {
    fn read(bucket: BucketName, policy: &Json, buckets: Option<&Buckets>) -> Parsed<Self> {
        let policy = policy_text(policy)?;
        #[cfg(feature = "policy")]
        let read = checked(&policy, &bucket, buckets)?;
        #[cfg(not(feature = "policy"))]
        let _ = buckets;
        Ok(Self {
            bucket,
            policy,
            #[cfg(feature = "policy")]
            read,
        })
    }
}

/// What can be put on the bucket, and gives nobody what the settings forbid.
#[cfg(feature = "policy")]
fn checked(policy: &str, bucket: &BucketName, buckets: Option<&Buckets>) -> Parsed<storage_policy::Policy> {
    let read = storage_policy::Policy::parse(policy).map_err(|error| error.to_string())?;
    // It is sent as it is printed, which may be longer than it is written.
    read.to_json().map_err(|error| error.to_string())?;
    if let Some(resource) = read.foreign_resource(bucket.as_str()) {
        return Err(format!("the resource `{}` is not of this bucket", resource.escape_debug()));
    }
    let access = read.anonymous_access(bucket.as_str());
    let changes = [(access.write, "store"), (access.delete, "delete"), (access.other, "do more than read")];
    let changes: Vec<_> = changes.into_iter().filter_map(|(may, what)| may.then_some(what)).collect();
    if buckets.is_some_and(|buckets| !buckets.is_public(bucket)) && !changes.is_empty() {
        return Err(format!(
            "it lets anybody {} in a bucket that the settings call private: name who may, or move the bucket to the public ones",
            changes.join(" and ")
        ));
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hooks(text: &str) -> Result<Vec<PolicyHook>, Vec<String>> {
        policy_hooks(&Value::new(None, text), None)
    }

    /// A policy of exactly so many bytes.
    fn of(length: usize) -> String {
        let text = |filling: usize| format!("{{\"Statement\":[],\"a\":\"{}\"}}", "x".repeat(filling));
        text(length - text(0).len())
    }

    #[test]
    fn pairs_and_objects_and_all_kinds_of_policies() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("policy.json");
        std::fs::write(&file, r#"{"Statement":[]}"#).unwrap();
        let text = serde_json::json!(
            [["abc", {"Statement": []}], {"bucket": "def", "policy": "{\"Statement\":[] }"}, ["ghi", file]]
        );
        let hooks = hooks(&text.to_string()).unwrap();
        let policies: Vec<_> =
            hooks.iter().map(|hook| (hook.bucket.as_str(), hook.policy.as_str())).collect();
        let (plain, spaced) = (r#"{"Statement":[]}"#, r#"{"Statement":[] }"#);
        assert_eq!(policies, [("abc", plain), ("def", spaced), ("ghi", plain)]);
    }

    #[test]
    fn no_policy_is_larger_than_servers_take() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("policy.json");
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

    /// Numbers are printed as texts.
    #[cfg(feature = "policy")]
    #[test]
    fn nor_is_what_is_sent_of_it() {
        let numbers = "1,".repeat(9_000);
        let statement = r#"{"Effect":"Deny","Principal":"*","Resource":"abc","Action":["#;
        let policy = format!("{{\"Statement\":{statement}{numbers}1]}}}}");
        assert!(policy.len() < 20_480);
        let faults = hooks(&serde_json::json!([["abc", policy]]).to_string()).unwrap_err();
        assert!(faults[0].contains("the policy has ") && faults.len() == 1, "{faults:?}");
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

    #[cfg(feature = "policy")]
    #[test]
    fn all_faults_are_said_at_once() {
        use storage_policy::Preset;

        let buckets = Buckets {
            private: vec!["photos".parse().unwrap(), "papers".parse().unwrap()],
            public: vec!["site".parse().unwrap()],
            media: "photos".parse().unwrap(),
            static_files: "site".parse().unwrap(),
        };
        let preset = |preset: Preset, bucket: &str| serde_json::to_value(preset.policy(bucket, "")).unwrap();
        let check = |hooks: Json| policy_hooks(&Value::new(None, hooks.to_string()), Some(&buckets));
        let faults = check(serde_json::json!([
            ["photos", preset(Preset::Upload, "photos")],
            ["papers", preset(Preset::PublicRead, "photos")],
            ["site", "{\"Statement\": 1}"],
            ["site", of(20_481)],
            ["abc", "/no/such/file"],
            "x"
        ]))
        .unwrap_err();
        let told = [
            "the hook of `photos`: it lets anybody store and delete in a bucket that the settings call private",
            "the hook of `papers`: the resource `arn:aws:s3:::photos/*` is not of this bucket",
            "the hook of `site`: not a policy, line 1",
            "`site` has two hooks",
            "the hook of `site`: a policy must have at most 20 KiB",
            "`abc` is none of the buckets",
            "the hook of `abc`: the policy file /no/such/file: ",
            "hook 6: it must be a list",
        ];
        assert_eq!(faults.len(), told.len(), "{faults:#?}");
        for (fault, told) in faults.iter().zip(told) {
            assert!(fault.starts_with(told), "{fault}");
        }
        let allowed = check(serde_json::json!([
            ["photos", preset(Preset::Download, "photos")],
            ["site", preset(Preset::Public, "site")]
        ]));
        assert_eq!(allowed.unwrap().len(), 2);
    }
}
