//! How large parts are
//! ([S3 user guide, "Multipart upload limits"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)).

use storage_core::{Error, Result};

const MIB: u64 = 1024 * 1024;

/// The smallest part but the last.
pub(crate) const MIN_PART: u64 = 5 * MIB;

/// The largest part.
pub(crate) const MAX_PART: u64 = 5 * 1024 * MIB;

pub(crate) const MAX_PARTS: u64 = 10_000;

/// How many parts are on their way at a time.
pub(super) const PARALLEL: usize = 4;

/// The size of the parts of a content of known length: the one that is set, or as much more as keeps their number within bounds.
pub(super) fn size_for(length: u64, part_size: u64) -> Result<u64> {
    let needed = length.div_ceil(MAX_PARTS).next_multiple_of(MIB);
    match needed > MAX_PART {
        true => Err(Error::invalid_input(format!("{length} bytes are more than an object can have"))),
        false => Ok(part_size.max(needed)),
    }
}

/// The size of the next part of a content of unknown length, after `sent` bytes: the one that is set, as long as a 1,200th of what
/// was sent is less. So 10,000 parts are never met below 5 TiB, and memory grows only beyond 1,200 parts.
pub(super) fn size_after(sent: u64, part_size: u64) -> u64 {
    (sent / 1_200).clamp(part_size, MAX_PART)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIB: u64 = 1024 * 1024 * MIB;

    #[test]
    fn known_lengths_never_need_more_than_ten_thousand_parts() {
        assert_eq!(size_for(100 * MIB, 10 * MIB).unwrap(), 10 * MIB);
        for length in [1, 100 * MIB * 1_000, 5 * TIB, 48 * TIB] {
            let size = size_for(length, MIN_PART).unwrap();
            assert!(length.div_ceil(size) <= MAX_PARTS && size <= MAX_PART, "{length}");
        }
        assert!(size_for(50 * TIB, MIN_PART).is_err());
    }

    #[test]
    fn unknown_lengths_stay_small_for_long_and_reach_five_tebibytes() {
        for part_size in [MIN_PART, 10 * MIB] {
            assert_eq!(size_after(1_000 * part_size, part_size), part_size);
            let (mut sent, mut parts) = (0, 0);
            while sent < 5 * TIB {
                sent += size_after(sent, part_size);
                parts += 1;
            }
            assert!(parts <= MAX_PARTS, "{parts}");
        }
    }
}
