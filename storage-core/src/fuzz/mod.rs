//! Fuzz targets: functions that panic on an input that shows a fault. Compiled for tests, which run them briefly, and for fuzzers only.

#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a target says what is wrong by a panic"
)]

pub mod content_types;
pub mod disposition;
pub mod keys;
pub mod naming;
pub mod values;

/// What separates the fields of an input: a byte that no UTF-8 has.
const SEPARATOR: u8 = 0xff;

/// The fields of an input as texts.
fn fields(data: &[u8]) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
    data.split(|byte| *byte == SEPARATOR).map(String::from_utf8_lossy)
}

/// The first eight bytes of a field as a number, little end first.
fn number(field: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(field).for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(bytes)
}
