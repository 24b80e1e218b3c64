//! Where in the folder a key's object is: found, or made room for.

pub(super) mod find;
pub(super) mod layout;
mod room;
