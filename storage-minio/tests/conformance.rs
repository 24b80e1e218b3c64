//! The behaviour suite on an S3 server: the one that `STORAGE_TEST_ENDPOINT` names, else one inside this process.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test finds its server in the environment, and fails by panicking"
)]

use std::env;
use std::sync::Arc;

use s3_testserver::TestServer;
use storage_conformance::{Suite, run_all};
use storage_core::Result;
use storage_minio::MinioStorage;

fn main() {
    let server = env::var("STORAGE_TEST_SERVER").unwrap_or_else(|_| "in-process".to_owned());
    let address = Address::find();
    let suite = Suite::new(move || store(address.clone()));
    run_all([gaps(&server).iter().fold(suite, |suite, (case, why)| suite.expect_gap(*case, *why))]);
}

/// What a server does otherwise than S3: the case that fails for it, and why.
fn gaps(server: &str) -> &'static [(&'static str, &'static str)] {
    match server {
        _ => &[],
    }
}

/// Where the server is. The one inside this process lives as long as this is held.
#[derive(Clone)]
struct Address {
    endpoint: String,
    region: String,
    access_key: String,
    secret_key: String,
    _in_process: Option<Arc<TestServer>>,
}

impl Address {
    fn find() -> Self {
        let Ok(endpoint) = env::var("STORAGE_TEST_ENDPOINT") else { return Self::in_process() };
        let variable = |name| env::var(name).expect("all of STORAGE_TEST_… is set if the endpoint is");
        Self {
            endpoint,
            region: variable("STORAGE_TEST_REGION"),
            access_key: variable("STORAGE_TEST_ACCESS_KEY"),
            secret_key: variable("STORAGE_TEST_SECRET_KEY"),
            _in_process: None,
        }
    }

    fn in_process() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let server = runtime.block_on(TestServer::start());
        Self {
            endpoint: server.endpoint(),
            region: "us-east-1".to_owned(),
            access_key: server.access_key().to_owned(),
            secret_key: server.secret_key().to_owned(),
            _in_process: Some(Arc::new(server)),
        }
    }
}

async fn store(server: Address) -> Result<MinioStorage> {
    let store = MinioStorage::builder()
        .endpoint(server.endpoint)
        .region(server.region)
        .credentials(server.access_key, server.secret_key)
        .bucket("conformance")
        .build()?;
    match store.create_bucket().await {
        Err(error) if error.is_already_exists() => Ok(store),
        created => created.map(|()| store),
    }
}
