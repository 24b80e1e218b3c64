use std::ops::{Range, RangeFrom, RangeInclusive, RangeTo};

use crate::{Error, ErrorKind, Result};

/// Which bytes of an object to read ([RFC 9110 §14.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2)).
///
/// Rust's own ranges convert into it: `0..10`, `0..=9`, `10..`, `..10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteRange {
    /// From the first offset up to, not including, the second. An end beyond the object's end is cut there.
    Bounded(u64, u64),
    /// From an offset to the end.
    From(u64),
    /// The last so many bytes, or all if there are fewer.
    Last(u64),
}

impl ByteRange {
    /// The bytes of an object of `size` bytes that this range means.
    ///
    /// # Errors
    ///
    /// [`RangeNotSatisfiable`](crate::ErrorKind::RangeNotSatisfiable) if it means none of them; only `From(0)` means the whole of an empty
    /// object. [`InvalidInput`](crate::ErrorKind::InvalidInput) if it is empty or backwards.
    pub fn resolve(self, size: u64) -> Result<Range<u64>> {
        self.validate()?;
        let range = match self {
            Self::From(0) => return Ok(0..size),
            Self::Bounded(start, end) => start..end.min(size),
            Self::From(start) => start..size,
            Self::Last(count) => size.saturating_sub(count)..size,
        };
        match range.is_empty() {
            true => Err(Error::new(
                ErrorKind::RangeNotSatisfiable,
                format!("{self:?} of an object of {size} bytes"),
            )),
            false => Ok(range),
        }
    }

    /// Checks that the range can mean anything, before a store is asked.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if it is empty or backwards.
    pub fn validate(self) -> Result<()> {
        match self {
            Self::Bounded(start, end) if start >= end => {
                Err(Error::invalid_input(format!("range {start}..{end} is empty")))
            }
            Self::Last(0) => Err(Error::invalid_input("the last 0 bytes are no range")),
            _ => Ok(()),
        }
    }
}

impl From<Range<u64>> for ByteRange {
    fn from(range: Range<u64>) -> Self {
        Self::Bounded(range.start, range.end)
    }
}

impl From<RangeInclusive<u64>> for ByteRange {
    fn from(range: RangeInclusive<u64>) -> Self {
        Self::Bounded(*range.start(), range.end().saturating_add(1))
    }
}

impl From<RangeFrom<u64>> for ByteRange {
    fn from(range: RangeFrom<u64>) -> Self {
        Self::From(range.start)
    }
}

impl From<RangeTo<u64>> for ByteRange {
    fn from(range: RangeTo<u64>) -> Self {
        Self::Bounded(0, range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_at_all_edges() {
        let resolve = |range: ByteRange, size| range.resolve(size).ok();
        assert_eq!(resolve((0..10).into(), 5), Some(0..5));
        assert_eq!(resolve((4..=4).into(), 5), Some(4..5));
        assert_eq!(resolve((5..6).into(), 5), None);
        assert_eq!(resolve((4..).into(), 5), Some(4..5));
        assert_eq!(resolve((5..).into(), 5), None);
        assert_eq!(resolve((..3).into(), 5), Some(0..3));
        assert_eq!(resolve(ByteRange::Last(9), 5), Some(0..5));
        assert_eq!(resolve(ByteRange::Last(2), 5), Some(3..5));
        assert_eq!(resolve(ByteRange::Last(2), 0), None);
        assert_eq!(resolve((0..).into(), 0), Some(0..0));
        assert_eq!(resolve(ByteRange::Bounded(3, 3), 5), None);
        assert_eq!(resolve(ByteRange::Bounded(4, 3), 5), None);
        assert_eq!(resolve((0..=u64::MAX).into(), 5), Some(0..5));
    }
}
