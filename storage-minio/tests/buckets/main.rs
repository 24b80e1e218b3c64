//! Buckets looked after, and how a store is, on the server that `STORAGE_TEST_ENDPOINT` names, else on one inside this process.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test finds its server in the environment, and fails by panicking"
)]

#[path = "../conformance/address.rs"]
mod address;
mod admin;
mod bulk;
#[path = "../urls/case.rs"]
mod case;
mod fixture;
mod health;
#[allow(dead_code, reason = "the suite on URLs uses the rest")]
#[path = "../urls/http.rs"]
mod http;
#[path = "../conformance/servers/mod.rs"]
mod servers;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::Arguments;

use address::Address;
use fixture::Fixture;
use servers::Server;

fn main() -> ExitCode {
    case::quiet_panics();
    let address = Address::find();
    let mut gaps = Server::named(&address.server).bucket_gaps.to_vec();
    let fixture = Arc::new(Fixture::new(address));
    let cases = admin::cases().into_iter().chain(bulk::cases()).chain(health::cases());
    let mut trials: Vec<_> = cases.map(|case| case.into_trial(&fixture, &mut gaps)).collect();
    trials.extend(gaps.into_iter().map(|(name, _)| case::undeclared(name)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
