use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

/// What tells cheaply that a file was changed: its length, its time and its number on the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Stamp {
    /// Length in bytes.
    pub size: u64,
    /// When it was modified last, in nanoseconds since 1970-01-01 UTC; zero where that is not known.
    pub modified: i64,
    /// Its number on the disk; zero where there is none.
    pub inode: u64,
}

impl Stamp {
    /// Of what the system says about a file.
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().map_or(0, nanoseconds);
        Self { size: metadata.len(), modified, inode: inode(metadata) }
    }

    /// Whether the file was modified so shortly before `now` that another change could have left no trace in its time.
    pub(crate) fn is_fresh(&self, now: SystemTime) -> bool {
        const COARSEST: i64 = 2_000_000_000;
        self.modified > nanoseconds(now).saturating_sub(COARSEST)
    }
}

fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_file_is_fresh_for_two_seconds() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000);
        let stamp = |seconds: u64| Stamp {
            modified: nanoseconds(UNIX_EPOCH + Duration::from_secs(seconds)),
            ..Stamp::default()
        };
        assert!(!stamp(998).is_fresh(now));
        assert!(stamp(999).is_fresh(now));
        assert!(stamp(2_000).is_fresh(now));
        assert_eq!(nanoseconds(UNIX_EPOCH - Duration::from_secs(1)), -1_000_000_000);
    }
}
