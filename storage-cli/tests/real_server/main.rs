//! The real command against a server: the one that `STORAGE_TEST_ENDPOINT` names, else one inside this process.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test finds its server in the environment, and helpers of tests may fail loudly"
)]

mod aspects;
mod buckets;
mod budget;
mod collect;
mod collect_faults;
mod failures;
mod files;
mod http;
mod library;
mod mc;
mod orphans;
mod races;
#[allow(dead_code, reason = "the suite on policies uses the rest")]
mod server;
mod unsupported;
mod uploads;
mod urls;
