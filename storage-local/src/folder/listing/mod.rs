//! The folder's keys in their order, with bounded memory.

mod cursor;
mod entries;
pub(super) mod frame;
mod level;
pub(super) mod list;
mod walk;
