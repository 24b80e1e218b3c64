use std::fmt;

use storage_core::Error;
use storage_core::admin::{CorsRule, Lifecycle, Versioning};

use super::Finding;
use super::wanted::UPLOADS_RULE;

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
    /// The rules for pages of other origins; those of others stay.
    PutCors(Vec<CorsRule>),
    /// What the server deletes by itself; the rules of others stay.
    PutLifecycle(Lifecycle),
    /// Whether versions are kept.
    PutVersioning(Versioning),
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

    /// Whether it is what the settings say, as far as the server has it: nothing to change, no failure, nothing of somebody else.
    pub fn is_as_wanted(&self) -> bool {
        self.is_ok() && self.changes.is_empty() && self.findings.iter().all(Finding::is_note)
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
            Self::PutCors(rules) => match rules.iter().find(|rule| rule.is_for_direct_uploads()) {
                Some(rule) => write!(f, "let pages of {} in (CORS)", rule.allowed_origins.join(", ")),
                None => f.write_str("let no pages of other origins in (CORS)"),
            },
            Self::PutLifecycle(lifecycle) => match lifecycle.rule(UPLOADS_RULE) {
                Some(rule) => {
                    let days = rule.expire_after_days.unwrap_or_default();
                    write!(f, "delete what is older than {days} d below `{}` (lifecycle)", rule.prefix)
                }
                None => f.write_str("let direct uploads stay (lifecycle)"),
            },
            Self::PutVersioning(Versioning::Enabled) => f.write_str("keep versions"),
            Self::PutVersioning(_) => f.write_str("keep no more versions"),
        }
    }
}
