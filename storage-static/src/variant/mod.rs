//! Compressed variants of files, each an object of its own beside the plain one.

mod accept;
#[cfg(feature = "compress")]
mod compress;
mod encoding;

pub(crate) use accept::accepts;
#[cfg(feature = "compress")]
pub use compress::{CompressError, compress};
pub use encoding::Encoding;
