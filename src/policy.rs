//! Bucket policies: typed documents, presets, and what they mean. All of the crate `storage-policy`.

pub use storage_policy::{
    Access, Conditions, Difference, Effect, Grant, MAX_BYTES, OneOrMany, ParseError, Policy, Preset,
    Principal, Scope, Statement, TooLarge,
};
