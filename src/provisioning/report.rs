use super::BucketReport;

/// What became of all buckets, in the order of the storages' aliases and of the buckets' names.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// One for each bucket.
    pub buckets: Vec<BucketReport>,
}

impl Report {
    /// Whether nothing failed, and nothing is left that must not be taken for success.
    pub fn is_ok(&self) -> bool {
        self.buckets.iter().all(BucketReport::is_ok)
    }

    /// Whether all is as the settings say; a check that finds this has found no drift.
    pub fn is_as_wanted(&self) -> bool {
        self.buckets.iter().all(BucketReport::is_as_wanted)
    }
}
