use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::key::RawKey;
use crate::list::ListItem;

/// Of a time that is not known. It sorts after all others.
const UNKNOWN: u64 = u64::MAX;

/// What a sweep needs of a line of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) key: RawKey,
    pub(super) size: u64,
    /// Nanoseconds since 1970, or [`UNKNOWN`].
    modified: u64,
}

impl Listed {
    pub(super) fn new(key: RawKey, size: u64, modified: Option<SystemTime>) -> Self {
        Self { key, size, modified: modified.map_or(UNKNOWN, nanoseconds) }
    }

    pub(super) fn last_modified(&self) -> Option<SystemTime> {
        (self.modified != UNKNOWN).then(|| UNIX_EPOCH + Duration::from_nanos(self.modified))
    }

    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        self.modified > other.modified
    }

    /// As the rest of a record beside the key: of several with one key the newest comes last.
    pub(super) fn encode(&self) -> [u8; 16] {
        let mut rest = [0; 16];
        rest[..8].copy_from_slice(&self.modified.to_be_bytes());
        rest[8..].copy_from_slice(&self.size.to_be_bytes());
        rest
    }

    pub(super) fn decode(key: &[u8], rest: &[u8]) -> Self {
        let number = |at: usize| {
            rest.get(at..at + 8).and_then(|eight| eight.try_into().ok()).map_or(UNKNOWN, u64::from_be_bytes)
        };
        Self {
            key: RawKey::from(String::from_utf8_lossy(key).into_owned()),
            size: number(8),
            modified: number(0),
        }
    }
}

impl From<ListItem> for Listed {
    fn from(item: ListItem) -> Self {
        match item {
            ListItem::Object(entry) => Self::new(entry.key.into(), entry.size, entry.last_modified),
            ListItem::Unaddressable(entry) => Self::new(entry.key, entry.size, entry.last_modified),
        }
    }
}

/// What was written before 1970 is old enough, and what is written after 2554 too new.
fn nanoseconds(time: SystemTime) -> u64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => u64::try_from(since.as_nanos()).unwrap_or(UNKNOWN).min(UNKNOWN - 1),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was() {
        for modified in
            [None, Some(UNIX_EPOCH), Some(UNIX_EPOCH + Duration::from_nanos(1_700_000_000_123_456_789))]
        {
            let listed = Listed::new("ü/a".into(), 7, modified);
            let back = Listed::decode("ü/a".as_bytes(), &listed.encode());
            assert_eq!((&back, back.last_modified()), (&listed, modified));
        }
        let early = Listed::new("a".into(), 0, Some(UNIX_EPOCH - Duration::from_secs(1)));
        assert_eq!(early.last_modified(), Some(UNIX_EPOCH));
    }
}
