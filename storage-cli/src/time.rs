use std::time::SystemTime;

use storage_suite::storage_core::backend::calendar::UtcTime;

/// `2026-11-23T15:04:05Z` ([RFC 3339](https://www.rfc-editor.org/rfc/rfc3339)), rounded down to the second.
pub(crate) fn rfc_3339(time: SystemTime) -> String {
    UtcTime::of(time).to_string()
}
