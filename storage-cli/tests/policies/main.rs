//! The real command and policies: buckets initialised, presets tried by people without credentials, and what credentials need. Against the
//! server that `STORAGE_TEST_ENDPOINT` names, else one inside this process. What a server has not is shown as ignored.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test finds its server in the environment, and helpers of tests may fail loudly"
)]

mod case;
#[allow(dead_code, reason = "the end-to-end suite uses the rest")]
#[path = "../real_server/http.rs"]
mod http;
mod init;
mod proxied;
mod required;
#[allow(dead_code, reason = "the end-to-end suite uses the rest")]
#[path = "../real_server/server.rs"]
mod server;
mod sts;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    case::quiet_panics();
    let cases = init::cases().into_iter().chain(required::cases()).chain(proxied::cases());
    libtest_mimic::run(&Arguments::from_args(), cases.map(case::Case::into_trial).collect()).exit_code()
}
