//! Compressed variants of files, each an object of its own beside the plain one.

mod accept;
mod encoding;

pub(crate) use accept::accepts;
pub use encoding::Encoding;
