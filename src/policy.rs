//! Bucket policies: typed documents, presets, and what they mean. All of the crate `storage-policy`.

pub use storage_policy::{
    Access, AuditOptions, Conditions, Decision, Difference, Doubt, Effect, Grant, MAX_BYTES, OneOrMany,
    ParseError, Policy, Preset, Principal, Request, Scope, Statement, StatementId, TooLarge, Use, Warning,
    WarningKind,
};
