//! What a call may be told beyond its operands. Every type has a `Default` and chainable setters.

mod checksum;
pub(crate) mod copy;
mod encryption;
pub(crate) mod get;
mod object_lock;
mod progress;
pub(crate) mod put;

pub use checksum::Checksum;
pub use encryption::{CustomerKey, ServerSideEncryption};
pub use object_lock::{Retention, RetentionMode};
pub use progress::{Progress, ProgressFn};
pub use put::PutMode;
