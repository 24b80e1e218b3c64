//! What changes the folder: each at once and whole, under the store's lock.

pub(super) mod commit;
pub(super) mod copy;
pub(super) mod delete;
pub(super) mod rename;
pub(super) mod temp;
pub(super) mod touched;
pub(super) mod upload;
