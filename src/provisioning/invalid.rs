use std::fmt;

/// Hooks that are no policies for their buckets; all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPolicies(pub(super) Vec<String>);

impl InvalidPolicies {
    /// One sentence for each fault; it names the storage and the bucket.
    pub fn faults(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for InvalidPolicies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "policies of hooks are wrong: {}", self.0.join("; "))
    }
}

impl std::error::Error for InvalidPolicies {}

impl From<InvalidPolicies> for storage_core::Error {
    fn from(invalid: InvalidPolicies) -> Self {
        Self::invalid_input(invalid.to_string())
    }
}
