//! What a call may be told beyond its operands. Every type has a `Default` and chainable setters.

mod checksum;
mod copy;
mod encryption;
mod get;
mod progress;
mod put;

pub use checksum::Checksum;
pub use copy::CopyOptions;
pub use encryption::{CustomerKey, ServerSideEncryption};
pub use get::GetOptions;
pub use progress::{Progress, ProgressFn};
pub use put::PutMode;
pub use put::PutOptions;
