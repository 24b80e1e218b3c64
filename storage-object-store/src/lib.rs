#![doc = include_str!("../README.md")]

mod as_object_store;
mod attributes;
mod backend;
mod builder;
mod completion;
mod encoded_word;
mod errors;
mod etag_form;
mod from_url;
#[cfg(feature = "_http")]
mod http;
#[cfg(feature = "_http")]
mod http_stores;
mod key_path;
mod public_urls;
mod raw_name;
mod save_id;
mod storage;

pub use as_object_store::AsObjectStore;
pub use backend::Backend;
pub use builder::ObjectStoreStorageBuilder;
pub use from_url::from_url;
// The types of the public signatures above.
pub use object_store;
pub use storage::ObjectStoreStorage;
