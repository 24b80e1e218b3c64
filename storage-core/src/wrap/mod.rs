//! Stores around a store: each adds one thing, and they compose.
//!
//! - [`Prefixed`]: the part of a store below a prefix.
//! - [`ReadOnly`]: what can be read and not changed.
//! - [`Validated`]: takes only what holds rules of length, content type, and the application's own.
//! - [`Mirrored`]: writes to a second store too, and repairs it.
//! - [`Limited`]: asks for so much at once, and not more.
//! - `Traced`, with the features `tracing` and `metrics`: shows each operation, how long it took, and what became of it.
//!
//! [`Bucket::wrapped`](crate::Bucket::wrapped) puts one around a bucket's store. The last is asked first, so that what refuses stands
//! before what waits, and what watches stands where it shall see:
//!
//! ```
//! use std::sync::Arc;
//! use storage_core::wrap::{Limited, Mirrored, Validated};
//! use storage_core::{Bucket, Storage};
//!
//! fn guarded(photos: &Bucket, backup: Arc<dyn Storage>) -> Bucket {
//!     photos
//!         .wrapped(|storage| Mirrored::new(storage, backup))
//!         .wrapped(|storage| Limited::new(storage, 32))
//!         .wrapped(|storage| Validated::new(storage).min_length(1).max_length(10 * 1024 * 1024))
//! }
//! ```
//!
//! Without a bucket, a wrapper takes an `Arc<dyn Storage>` and is a [`Storage`](crate::Storage) itself:
//! `ReadOnly::new(Arc::new(Limited::new(storage, 32)))`.
//!
//! # Signed uploads
//!
//! Whoever uploads by a signed URL or a form goes to the store itself, around everything that a wrapper does on the way of a `put`.
//! `ReadOnly` never signs one; `Validated` and `Mirrored` do if they are told that what came is accepted later, which is where it is looked at
//! and from where it is mirrored. `Limited` and `Traced` let them pass uncounted and unseen, `Prefixed` below its prefix.

mod limited;
mod mirrored;
mod prefixed;
mod read_only;
#[cfg(any(feature = "metrics", feature = "tracing"))]
mod traced;
mod validated;

pub use limited::Limited;
pub use mirrored::{Difference, MirrorFailure, Mirrored, RepairOptions, RepairReport};
pub use prefixed::Prefixed;
pub use read_only::ReadOnly;
#[cfg(any(feature = "metrics", feature = "tracing"))]
pub use traced::Traced;
pub use validated::{Incoming, Validated};
