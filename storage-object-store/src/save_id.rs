use storage_core::{Error, ErrorKind, Result};

use crate::Backend;

/// The entry of user metadata that holds the id; the same as `storage-minio`'s.
const ENTRY: &str = "storage-save-id";

/// Azure takes identifiers only.
const ENTRY_ON_AZURE: &str = "storagesaveid";

/// A random id that a conditional write carries in its metadata, by which it knows its own earlier success when a repetition is refused.
/// It is hidden on reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SaveId(String);

impl SaveId {
    pub(crate) fn random() -> Result<Self> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| {
            Error::new(ErrorKind::Other, "the operating system gave no random bytes").with_source(error)
        })?;
        Ok(Self(format!("{:032x}", u128::from_ne_bytes(bytes))))
    }

    /// 32 hexadecimal digits.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn entry(backend: Backend) -> &'static str {
        match backend {
            Backend::AzureBlobStorage => ENTRY_ON_AZURE,
            _ => ENTRY,
        }
    }

    /// Whether an entry of user metadata holds an id.
    pub(crate) fn is_entry(name: &str) -> bool {
        name == ENTRY || name == ENTRY_ON_AZURE
    }
}
