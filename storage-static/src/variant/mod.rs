//! Compressed variants of files, each an object of its own beside the plain one.

mod accept;
#[cfg(feature = "compress")]
mod compress;
mod effort;
mod encoding;

pub(crate) use accept::accepts;
#[cfg(feature = "compress")]
pub(crate) use compress::compress_always;
#[cfg(feature = "compress")]
pub use compress::{CompressError, compress};
pub use effort::Effort;
pub(crate) use effort::is_worth_it;
pub use encoding::Encoding;
