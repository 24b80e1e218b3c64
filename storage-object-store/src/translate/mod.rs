//! What `object_store` and `storage-core` say in words of their own: keys, names, attributes, entity tags and errors.

pub(crate) mod attributes;
pub(crate) mod errors;
pub(crate) mod etag_form;
pub(crate) mod key_path;
pub(crate) mod raw_name;
pub(crate) mod save_id;
