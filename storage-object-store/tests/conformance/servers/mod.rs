//! Real servers, a file each: how a store on it is made, and what it does otherwise.

mod azurite;
mod s3;
mod webdav;

use std::env;

use storage_conformance::Suite;

pub(crate) use s3::in_process;

/// A case that does not hold, and why.
pub(crate) type Gap = (&'static str, &'static str);

/// Where the server is.
#[derive(Clone)]
pub(crate) struct Address {
    server: String,
    endpoint: String,
    region: String,
    access_key: String,
    secret_key: String,
}

impl Address {
    /// Of the server that the environment names, if it names one.
    pub(crate) fn from_environment() -> Option<Self> {
        let endpoint = env::var("STORAGE_TEST_ENDPOINT").ok()?;
        let variable = |name| env::var(name).expect("all of STORAGE_TEST_… is set if the endpoint is");
        Some(Self {
            server: variable("STORAGE_TEST_SERVER"),
            endpoint,
            region: variable("STORAGE_TEST_REGION"),
            access_key: variable("STORAGE_TEST_ACCESS_KEY"),
            secret_key: variable("STORAGE_TEST_SECRET_KEY"),
        })
    }
}

pub(crate) fn suite(address: Address) -> Suite {
    match address.server.as_str() {
        "azurite" => azurite::suite(address),
        "webdav" => webdav::suite(address),
        _ => s3::suite(address),
    }
}

pub(crate) fn declare(suite: Suite, gaps: &[Gap]) -> Suite {
    gaps.iter().fold(suite, |suite, (case, why)| suite.expect_gap(*case, *why))
}
