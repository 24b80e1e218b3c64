use storage_core::backend::SaveId;

use crate::Backend;

/// Azure takes identifiers only.
const ENTRY_ON_AZURE: &str = "storagesaveid";

/// The entry of user metadata that holds the id of a write.
pub(crate) fn entry(backend: Backend) -> &'static str {
    match backend {
        Backend::AzureBlobStorage => ENTRY_ON_AZURE,
        _ => SaveId::ENTRY,
    }
}

/// Whether an entry of user metadata holds an id.
pub(crate) fn is_entry(name: &str) -> bool {
    name == SaveId::ENTRY || name == ENTRY_ON_AZURE
}
