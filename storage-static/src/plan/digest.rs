use std::collections::BTreeMap;

use super::{PlanOptions, Step};
use crate::graph::hex;
use crate::manifest::{IndexedFile, Manifest};
use crate::name::Algorithm;

/// What is planned, whatever is there: two trees of the same digest come to the same bucket.
pub(super) fn digest(
    manifest: &Manifest,
    files: &BTreeMap<String, IndexedFile>,
    steps: &[Step],
    options: &PlanOptions,
) -> String {
    let mut hasher = Algorithm::Md5.hasher();
    let mut add = |part: &str| {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    };
    add(&manifest.hash());
    for (name, file) in files {
        // What the index says of it beyond its bytes.
        add(name);
        add(&serde_json::to_string(&(&file.sources, &file.dependencies)).unwrap_or_default());
    }
    for encoding in &options.encodings {
        add(encoding.token());
    }
    for step in steps {
        add(&step.key);
        add(&step.md5);
        for (name, value) in step.headers.iter() {
            add(name);
            add(value);
        }
    }
    hex(&hasher.digest())
}
