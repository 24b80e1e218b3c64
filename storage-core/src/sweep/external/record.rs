//! How a record is written: the lengths of its two parts, four bytes each, then the parts.

use std::cmp::Ordering;

use crate::{Error, Result};

/// Length of what stands before the parts.
pub(super) const HEADER: usize = 8;

/// Adds a record.
pub(super) fn encode(buffer: &mut Vec<u8>, key: &[u8], rest: &[u8]) -> Result<()> {
    let (key_length, rest_length) = (length(key)?, length(rest)?);
    buffer.extend_from_slice(&key_length.to_le_bytes());
    buffer.extend_from_slice(&rest_length.to_le_bytes());
    buffer.extend_from_slice(key);
    buffer.extend_from_slice(rest);
    Ok(())
}

fn length(part: &[u8]) -> Result<u32> {
    u32::try_from(part.len()).map_err(|_| Error::invalid_input("a key is too long to be sorted"))
}

/// How long the two parts are, of a record of which at least the [`HEADER`] is there.
pub(super) fn lengths(bytes: &[u8]) -> (usize, usize) {
    let number = |at: usize| {
        bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes) as usize
    };
    (number(0), number(4))
}

/// The parts of the record that `bytes` begins with, and the record as it is.
pub(super) fn split(bytes: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let (key, rest) = lengths(bytes);
    let end = HEADER + key + rest;
    (&bytes[HEADER..HEADER + key], &bytes[HEADER + key..end], &bytes[..end])
}

/// By the key, then by the rest.
pub(super) fn order(one: &[u8], other: &[u8]) -> Ordering {
    let (key, rest, _) = split(one);
    let (other_key, other_rest, _) = split(other);
    key.cmp(other_key).then_with(|| rest.cmp(other_rest))
}
