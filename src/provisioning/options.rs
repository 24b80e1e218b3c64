use crate::Storages;
use crate::storages::UnknownName;

/// What [`Storages::initialize`] may do, and to which buckets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProvisionOptions {
    /// Whether what somebody else wrote is replaced, too: policies, and lifecycle rules that are called as ours.
    pub replace_foreign: bool,
    /// Empty for all.
    only: Vec<Only>,
}

/// A bucket of a storage, or all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Only {
    alias: String,
    bucket: Option<String>,
}

impl ProvisionOptions {
    /// All buckets of all storages; what others wrote is kept.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces what somebody else wrote, too.
    pub fn replace_foreign(mut self) -> Self {
        self.replace_foreign = true;
        self
    }

    /// Only the buckets of this storage, and what else is named so.
    pub fn only_storage(mut self, alias: impl Into<String>) -> Self {
        self.only.push(Only { alias: alias.into(), bucket: None });
        self
    }

    /// Only this bucket of this storage, and what else is named so.
    pub fn only_bucket(mut self, alias: impl Into<String>, bucket: impl Into<String>) -> Self {
        self.only.push(Only { alias: alias.into(), bucket: Some(bucket.into()) });
        self
    }

    pub(super) fn is_meant(&self, alias: &str, bucket: &str) -> bool {
        let is_it = |only: &Only| only.alias == alias && only.bucket.as_deref().is_none_or(|it| it == bucket);
        self.only.is_empty() || self.only.iter().any(is_it)
    }

    /// Whether all that is named is there.
    pub(super) fn check_names(&self, storages: &Storages) -> Result<(), UnknownName> {
        self.only.iter().try_for_each(|only| match &only.bucket {
            Some(bucket) => storages.bucket_of(&only.alias, bucket).map(drop),
            None => storages.storage(&only.alias).map(drop),
        })
    }
}
