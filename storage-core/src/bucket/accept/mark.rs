use std::fmt;

use crate::{Result, random};

/// By what an object is known to be a certain upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(u128);

impl Mark {
    pub(super) fn random() -> Result<Self> {
        random::bytes().map(u128::from_ne_bytes).map(Self)
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let mark = u128::from_str_radix(text, 16).ok().map(Self)?;
        (mark.to_string() == text).then_some(mark)
    }

    /// A number for the name that is tried as the `index`th. It is the same for everybody who knows the mark.
    pub(super) fn number(self, index: usize) -> u128 {
        // An odd factor loses nothing, and the upper half of the product depends on all of the lower one.
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15 * (2 * index as u128 + 1)) >> 64
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_mark_reads_back() {
        let mark = Mark(0x0f);
        assert_eq!(Mark::parse(&mark.to_string()), Some(mark));
        for other in ["", "0f", "+000000000000000000000000000000f", "0000000000000000000000000000000F", "x"] {
            assert_eq!(Mark::parse(other), None, "{other}");
        }
    }

    #[test]
    fn each_index_has_a_number_of_its_own() {
        let mark = Mark::random().unwrap();
        let numbers: BTreeSet<u128> = (1..16).map(|index| mark.number(index)).collect();
        assert_eq!(numbers.len(), 15);
        assert_eq!(mark.number(3), Mark(mark.0).number(3));
    }
}
