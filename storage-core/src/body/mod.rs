//! Content on its way into a store, and out of it.

mod at_most;
#[allow(clippy::module_inception, reason = "the module is what surrounds a body, the file is the body")]
pub(crate) mod body;
mod exact;
mod file;
mod into_body;
mod prefetch;
mod source;
mod streams;

use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;

pub(crate) use exact::Exact;
pub use file::FileSource;
pub use into_body::IntoBody;
pub(crate) use prefetch::next;
pub use source::BodySource;

use crate::Result;
pub use crate::object::ObjectReader;

/// Chunks of content. A stream that ends without an error is complete.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes>> + Send + 'static>>;
