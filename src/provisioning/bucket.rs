use std::fmt;

use storage_core::Error;
use storage_core::admin::{CorsRule, Lifecycle, Versioning};

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
    /// The server has not got what the settings ask for.
    Lacking(Aspect),
}

/// What the settings may ask for beside a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Aspect {
    /// Rules for pages of other origins.
    Cors,
    /// What the server deletes by itself.
    Lifecycle,
    /// The keeping of versions.
    Versioning,
}

impl Finding {
    /// Whether the bucket is in a state that must not be taken for success.
    pub fn is_failure(&self) -> bool {
        !matches!(self, Self::ForeignPolicy | Self::Lacking(_))
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

    /// Whether it is what the settings say, as far as the server has it: nothing to change, no failure, no policy of somebody else.
    pub fn is_as_wanted(&self) -> bool {
        let is_gap = |finding: &Finding| matches!(finding, Finding::Lacking(_));
        self.is_ok() && self.changes.is_empty() && self.findings.iter().all(is_gap)
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

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ForeignPolicy => "a policy that somebody else wrote is kept",
            Self::ForeignPolicyIsPublic => {
                "NOT PRIVATE: a policy that somebody else wrote lets anonymous people in, and is kept; replace it on purpose, or name it \
                 in a policy hook"
            }
            Self::Lacking(Aspect::Cors) => {
                "this server has no CORS of a bucket; it has one rule for all (MinIO: MINIO_API_CORS_ALLOW_ORIGIN, any origin unless set)"
            }
            Self::Lacking(Aspect::Lifecycle) => {
                "this server has no lifecycle rules; sweep with `storage orphans` and `storage uploads --abort`"
            }
            Self::Lacking(Aspect::Versioning) => "this server keeps no versions",
            Self::NoPolicies => "NOT PUBLIC: this server has no policies; open the bucket by its own means, or use signed URLs",
        })
    }
}
