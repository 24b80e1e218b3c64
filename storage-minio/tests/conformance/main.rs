//! The behaviour suite on an S3 server: the one that `STORAGE_TEST_ENDPOINT` names, else one inside this process.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test finds its server in the environment, and fails by panicking"
)]

mod address;
mod servers;

use storage_conformance::{Suite, run_all};
use storage_core::Result;
use storage_minio::MinioStorage;

use address::Address;
use servers::Server;

fn main() {
    let address = Address::find();
    let server = Server::named(&address.server);
    let suite = Suite::new(move || store(address.clone(), server));
    let suite = server.gaps.iter().fold(suite, |suite, (case, why)| suite.expect_gap(*case, *why));
    run_all([server.left_out.iter().fold(suite, |suite, (case, why)| suite.leave_out(*case, *why))]);
}

async fn store(address: Address, server: Server) -> Result<MinioStorage> {
    let described = MinioStorage::builder()
        .endpoint(address.endpoint)
        .region(address.region)
        .credentials(address.access_key, address.secret_key)
        .bucket("conformance");
    let store = server
        .lacks
        .iter()
        .fold(described, |described, ability| described.without_ability(*ability))
        .build()?;
    match store.create_bucket().await {
        Err(error) if error.is_already_exists() => Ok(store),
        created => created.map(|()| store),
    }
}
