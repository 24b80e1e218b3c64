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
        "minio" => MINIO,
        "seaweedfs" => SEAWEEDFS,
        _ => &[],
    }
}

const MINIO_LISTING: &str =
    "MinIO lists nothing of what lies below an object's own key, though it can be read";

/// MinIO, its last source of 2026-02.
const MINIO: &[(&str, &str)] = &[
    ("list::in_the_order_of_bytes_with_objects_beside_folders", MINIO_LISTING),
    ("list_level::an_object_beside_a_folder_of_its_name", MINIO_LISTING),
    ("odd_keys::object_then_one_below_it", MINIO_LISTING),
    ("odd_keys::object_then_one_above_it", MINIO_LISTING),
    ("odd_keys::object_above_others_at_every_level", MINIO_LISTING),
    ("odd_keys::backslash_dot_dot", "MinIO takes a backslash for a slash when it looks for `..`"),
    (
        "torn_reads::an_open_read_of_a_deleted_object_is_whole_or_fails",
        "MinIO answers a DELETE only when nobody reads the object any more; it ends in the time-out",
    ),
];

const SEAWEEDFS_TYPE: &str = "SeaweedFS drops `application/octet-stream` and guesses a type from the content";
const SEAWEEDFS_ORDER: &str =
    "SeaweedFS lists folder by folder, and `start-after` skips folders that sort after it by bytes";
const SEAWEEDFS_FOLDER: &str = "SeaweedFS keeps a folder that has become empty";

/// SeaweedFS 4.48.
const SEAWEEDFS: &[(&str, &str)] = &[
    ("get::an_object_without_a_content_type", SEAWEEDFS_TYPE),
    ("attributes::none_at_all", SEAWEEDFS_TYPE),
    ("list::in_the_order_of_bytes", SEAWEEDFS_ORDER),
    ("list::in_the_order_of_bytes_with_objects_beside_folders", SEAWEEDFS_ORDER),
    ("list::starts_after_a_key_that_is_not_there", SEAWEEDFS_ORDER),
    ("delete::leaves_no_empty_folder", SEAWEEDFS_FOLDER),
    ("rename::into_and_out_of_a_folder", SEAWEEDFS_FOLDER),
    ("list_level::of_a_missing_folder_is_empty", "SeaweedFS finds a folder below `a//` where there is none"),
    ("odd_keys::backslash", "SeaweedFS takes a backslash for a slash"),
    ("odd_keys::backslash_dot_dot", "SeaweedFS takes a backslash for a slash"),
    (
        "capabilities::encryption_is_done_or_refused",
        "SeaweedFS without a key service answers 500 to a request to encrypt",
    ),
];

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
