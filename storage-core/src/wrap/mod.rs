//! Stores around a store.

mod prefixed;

pub use prefixed::Prefixed;
