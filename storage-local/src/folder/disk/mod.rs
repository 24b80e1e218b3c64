//! Folders and files as the operating system has them.

pub(super) mod blocking;
pub(super) mod case;
pub(super) mod dir;
pub(super) mod faults;
pub(super) mod identity;
