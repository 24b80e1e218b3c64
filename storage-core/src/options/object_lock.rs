use std::time::SystemTime;

/// Keeps an object's version from being deleted and overwritten until a time
/// ([S3 user guide, "Locking objects with Object Lock"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html)). Deleting without
/// naming the version only hides it, and writing the key again makes another version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Retention {
    /// Who may shorten it.
    pub mode: RetentionMode,
    /// Until when; whole seconds, the rest is cut off.
    pub until: SystemTime,
}

/// Who may shorten a [`Retention`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetentionMode {
    /// Whoever has `s3:BypassGovernanceRetention`.
    Governance,
    /// Nobody, the owner of the bucket included. It can only be made longer.
    Compliance,
}

impl Retention {
    /// Until then, unless somebody with `s3:BypassGovernanceRetention` shortens it.
    pub fn governance(until: SystemTime) -> Self {
        Self { mode: RetentionMode::Governance, until }
    }

    /// Until then, whatever happens: nobody can take it back.
    pub fn compliance(until: SystemTime) -> Self {
        Self { mode: RetentionMode::Compliance, until }
    }
}
