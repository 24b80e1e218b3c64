use super::{Action, Reason, Step};
use crate::manifest::{Headers, Index};

/// What is to be done to a bucket.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Plan {
    /// What happens to each object, in the order in which it has to: by phase, then by key.
    pub steps: Vec<Step>,
    /// The index of the deploy, after all steps.
    pub index: IndexStep,
    /// The manifest, after the index.
    pub manifest: ManifestStep,
    /// Files that are not stored.
    pub skipped: Vec<Skipped>,
    /// Keys in the bucket that are none of this deploy's, sorted: what clearing would delete, after the manifest is stored. Indexes
    /// of other deploys are not among them.
    pub leftover: Vec<String>,
}

/// What happens to the index.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IndexStep {
    /// Its key.
    pub key: String,
    /// It is uploaded if anything else is done, or if it does not say what the one before says; else that one stays.
    pub action: Action,
    /// What it says, as far as it is known before: whoever uploads fills in each `etag` that is not the MD5, the variants that were made
    /// (with `content-encoding` among their headers), and the encodings that were declined.
    pub index: Index,
    /// The headers that it is stored with.
    pub headers: Headers,
}

/// What happens to the manifest.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ManifestStep {
    /// Its key.
    pub key: String,
    /// Uploaded with each index, as it says which one it is of.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// Its bytes.
    pub json: String,
    /// Their MD5.
    pub md5: String,
    /// The headers that it is stored with, beside its mark.
    pub headers: Headers,
    /// What its metadata says of the deploy.
    pub mark: Mark,
}

/// What the metadata of a manifest say: which deploy it is of, and what was planned.
///
/// Who has planned the same has nothing to do, which is known by one request.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mark {
    /// What the deploy is called: metadata `static-deploy`.
    pub deploy: String,
    /// MD5 of all keys, contents, headers and encodings that were planned: metadata `static-digest`.
    pub digest: String,
}

/// A file that is not stored.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Skipped {
    /// Its name.
    pub name: String,
    /// Why, as a sentence.
    pub why: String,
}

/// How much is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Summary {
    /// Objects that there are not yet.
    pub new: usize,
    /// Objects that are stored anew.
    pub changed: usize,
    /// Objects that get other headers only, variants among them.
    pub headers: usize,
    /// Objects that stay.
    pub unchanged: usize,
    /// Files that are not stored.
    pub skipped: usize,
    /// Variants that are to be made.
    pub variants: usize,
    /// Bytes to upload, without variants, index and manifest.
    pub bytes: u64,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_done(&self) -> bool {
        self.index.action == Action::Unchanged && self.manifest.action == Action::Unchanged
    }

    /// How much there is to do.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { skipped: self.skipped.len(), ..Summary::default() };
        for step in &self.steps {
            match (step.action, &step.reason) {
                (Action::Upload, Reason::New) => summary.new += 1,
                (Action::Upload, _) => summary.changed += 1,
                (Action::Headers, _) => summary.headers += 1,
                (Action::Unchanged, _) => summary.unchanged += 1,
            }
            if step.action == Action::Upload {
                summary.bytes += step.size;
            }
            summary.variants += step.wanted().count();
            summary.headers += step.stale().count();
        }
        summary
    }
}
