use std::fmt;

use storage_core::Error;

/// Something that is, or would be, changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// The bucket is missing.
    CreateBucket,
    /// The policy is another one, or there is none.
    PutPolicy {
        /// What it is put for: the name of a preset, or `hook`.
        name: &'static str,
        /// The policy, as JSON text.
        json: String,
    },
    /// There is a policy where none shall be.
    DeletePolicy,
}

/// Something that is not as it should be and is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Somebody else's policy is kept; it does not let anybody in whom the settings keep out.
    ForeignPolicy,
    /// Somebody else's policy is kept, and lets anonymous people into a bucket that the settings call private.
    ForeignPolicyIsPublic,
    /// The server has no policies, so that a bucket cannot be made public by one.
    NoPolicies,
}

impl Finding {
    /// Whether the bucket is in a state that must not be taken for success.
    pub fn is_failure(&self) -> bool {
        !matches!(self, Self::ForeignPolicy)
    }
}

/// What became of one bucket.
#[derive(Debug)]
#[non_exhaustive]
pub struct BucketReport {
    /// The storage that it is of.
    pub alias: String,
    /// The bucket.
    pub bucket: String,
    /// What was changed; by a check, what would be. In order, up to where it failed.
    pub changes: Vec<Change>,
    /// What is left as it is.
    pub findings: Vec<Finding>,
    /// What kept the rest from being done.
    pub error: Option<Error>,
}

impl BucketReport {
    pub(super) fn new(alias: &str, bucket: &str) -> Self {
        Self {
            alias: alias.to_owned(),
            bucket: bucket.to_owned(),
            changes: Vec::new(),
            findings: Vec::new(),
            error: None,
        }
    }

    /// Whether nothing failed, and nothing is left that must not be taken for success.
    pub fn is_ok(&self) -> bool {
        self.error.is_none() && !self.findings.iter().any(Finding::is_failure)
    }

    /// Whether it is what the settings say: nothing to change, nothing found, no failure.
    pub fn is_as_wanted(&self) -> bool {
        self.is_ok() && self.changes.is_empty() && self.findings.is_empty()
    }
}

impl fmt::Display for BucketReport {
    /// One line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}: ", self.alias, self.bucket)?;
        let changes = self.changes.iter().map(ToString::to_string);
        let findings = self.findings.iter().map(ToString::to_string);
        let error = self.error.iter().map(|error| format!("failed: {error}"));
        let parts: Vec<_> = changes.chain(findings).chain(error).collect();
        f.write_str(if parts.is_empty() { "as it should be" } else { "" })?;
        f.write_str(&parts.join("; "))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateBucket => f.write_str("create the bucket"),
            Self::PutPolicy { name, .. } => write!(f, "put the policy ({name})"),
            Self::DeletePolicy => f.write_str("delete the policy"),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ForeignPolicy => "a policy that somebody else wrote is kept",
            Self::ForeignPolicyIsPublic => {
                "NOT PRIVATE: a policy that somebody else wrote lets anonymous people in, and is kept; replace it on purpose, or name it \
                 in a policy hook"
            }
            Self::NoPolicies => "NOT PUBLIC: this server has no policies; open the bucket by its own means, or use signed URLs",
        })
    }
}
