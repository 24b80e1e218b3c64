//! Signed URLs and forms, used as browsers use them, on the server that `STORAGE_TEST_ENDPOINT` names, else on one inside this process: the
//! right ones are taken, and those with any one thing changed are refused.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test finds its server in the environment, and fails by panicking"
)]

mod accepted;
#[path = "../conformance/address.rs"]
mod address;
mod case;
mod fixture;
mod forms;
mod http;
mod reads;
#[path = "../conformance/servers/mod.rs"]
mod servers;
mod uploads;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::Arguments;

use address::Address;
use fixture::Fixture;
use servers::Server;

fn main() -> ExitCode {
    case::quiet_panics();
    let address = Address::find();
    let mut gaps = Server::named(&address.server).url_gaps.to_vec();
    let fixture = Arc::new(Fixture::new(address));
    let cases =
        reads::cases().into_iter().chain(uploads::cases()).chain(forms::cases()).chain(accepted::cases());
    let mut trials: Vec<_> = cases.map(|case| case.into_trial(&fixture, &mut gaps)).collect();
    trials.extend(gaps.into_iter().map(|(name, _)| case::undeclared(name)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
