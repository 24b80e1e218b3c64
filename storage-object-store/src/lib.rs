#![doc = include_str!("../README.md")]

mod as_object_store;
mod backend;
mod builder;
mod completion;
mod conditional_writes;
mod from_url;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod public_urls;
mod storage;
mod translate;
#[cfg(feature = "_http")]
mod transport;

pub use as_object_store::AsObjectStore;
pub use backend::Backend;
pub use builder::ObjectStoreStorageBuilder;
pub use conditional_writes::ConditionalWrites;
pub use from_url::{FromUrl, from_url};
// The types of the public signatures above.
pub use object_store;
pub use storage::ObjectStoreStorage;
