use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::Stat;
use storage_core::ETag;

/// Which writing of a file this is: its size and its time of change, to the nanosecond.
///
/// A store sets the time itself, and no two writings of one key get the same. Size and time survive a rename, and `cp -a`,
/// `rsync -a` and backups; device and inode would not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) size: u64,
    pub(crate) modified: SystemTime,
}

impl Identity {
    #[allow(
        clippy::useless_conversion,
        clippy::unnecessary_fallible_conversions,
        reason = "the fields' types differ by system"
    )]
    pub(crate) fn of(stat: &Stat) -> Self {
        let seconds = i64::from(stat.st_mtime);
        let nanos = Duration::from_nanos(u64::try_from(stat.st_mtime_nsec).unwrap_or(0));
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let time = match seconds < 0 {
            true => UNIX_EPOCH.checked_sub(whole),
            false => UNIX_EPOCH.checked_add(whole),
        };
        Self {
            size: u64::try_from(stat.st_size).unwrap_or(0),
            modified: time.and_then(|time| time.checked_add(nanos)).unwrap_or(UNIX_EPOCH),
        }
    }

    /// The entity tag of content whose digest nobody has taken.
    pub(crate) fn etag(&self) -> ETag {
        ETag::new(self.to_string())
    }
}

/// `{size}-{nanoseconds since 1970}`
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = match self.modified.duration_since(UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
            Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
        };
        write!(f, "{}-{nanos}", self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_writings_apart_by_size_and_nanosecond() {
        let at = |nanos| Identity { size: 3, modified: UNIX_EPOCH + Duration::from_nanos(nanos) };
        assert_eq!(at(1_000_000_001).to_string(), "3-1000000001");
        assert_ne!(at(1).to_string(), at(2).to_string());
        let before = Identity { size: 0, modified: UNIX_EPOCH - Duration::from_nanos(5) };
        assert_eq!(before.to_string(), "0--5");
    }
}
