//! A store on a server inside this process, as several tests want it.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::sync::Arc;

use s3_testserver::TestServer;
use storage_core::options::PutMode;
use storage_core::{ObjectKey, PutOptions, Storage};
use storage_object_store::from_url;

pub(crate) const BUCKET: &str = "photos";
pub(crate) const MIB: usize = 1024 * 1024;

pub(crate) fn options(server: &TestServer) -> Vec<(&'static str, String)> {
    vec![
        ("aws_endpoint", server.endpoint()),
        ("aws_region", "us-east-1".to_owned()),
        ("aws_access_key_id", server.access_key().to_owned()),
        ("aws_secret_access_key", server.secret_key().to_owned()),
        ("allow_http", "true".to_owned()),
        ("part_size", (5 * MIB).to_string()),
    ]
}

/// A server that is known to honour conditions.
pub(crate) async fn store() -> (TestServer, Arc<dyn Storage>) {
    let server = TestServer::start().await;
    server.create_bucket(BUCKET);
    let mut options = options(&server);
    options.push(("conditional_writes", "true".to_owned()));
    let storage = from_url(format!("s3://{BUCKET}")).options(options).build().unwrap();
    (server, storage)
}

pub(crate) fn key(key: &str) -> ObjectKey {
    key.parse().unwrap()
}

pub(crate) fn create() -> PutOptions {
    PutOptions::new().mode(PutMode::Create)
}

pub(crate) fn large() -> Vec<u8> {
    vec![7; 12 * MIB]
}
