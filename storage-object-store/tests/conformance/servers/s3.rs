//! S3 servers: one inside this process, MinIO, and any other.

use std::sync::Arc;

use s3_testserver::TestServer;
use storage_conformance::Suite;
use storage_core::{Result, Storage};
use storage_minio::MinioStorage;
use storage_object_store::from_url;

use super::{Address, Gap, declare};

pub(super) fn suite(address: Address) -> Suite {
    let is_minio = address.server == "minio";
    let suite = Suite::new(move || storage(address.clone())).named("s3");
    match is_minio {
        true => declare(suite, MINIO).leave_out(
            "torn_reads::an_open_read_is_of_one_object",
            "MinIO may break a read off when the object is replaced; object_store says so, and not that it was replaced",
        ),
        false => suite,
    }
}

/// On a server that lives as long as the suite.
pub(crate) fn in_process() -> Suite {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let server = Arc::new(runtime.block_on(TestServer::start()));
    let address = Address {
        server: "in-process".to_owned(),
        endpoint: server.endpoint(),
        region: "us-east-1".to_owned(),
        access_key: server.access_key().to_owned(),
        secret_key: server.secret_key().to_owned(),
    };
    Suite::new(move || {
        let (_held, address) = (Arc::clone(&server), address.clone());
        storage(address)
    })
    .named("s3")
}

async fn storage(server: Address) -> Result<Arc<dyn Storage>> {
    let bucket = MinioStorage::builder()
        .endpoint(&server.endpoint)
        .region(&server.region)
        .credentials(&server.access_key, &server.secret_key)
        .bucket("object-store")
        .build()?;
    match bucket.create_bucket().await {
        Err(error) if !error.is_already_exists() => return Err(error),
        _ => {}
    }
    from_url("s3://object-store")
        .option("aws_endpoint", server.endpoint)
        .option("aws_region", server.region)
        .option("aws_access_key_id", server.access_key)
        .option("aws_secret_access_key", server.secret_key)
        .option("allow_http", "true")
        .build()
}

const LISTING: &str = "MinIO lists nothing of what lies below an object's own key, though it can be read";

/// MinIO, its last source of 2026-02: the gaps that `storage-minio` has there too, and one more.
const MINIO: &[Gap] = &[
    (
        "odd_keys::noncharacter",
        "object_store does not ask for encoded listings, and MinIO writes U+FFFD for U+FFFF in others",
    ),
    ("list::in_the_order_of_bytes_with_objects_beside_folders", LISTING),
    (
        "list::starts_after_a_key_beyond_a_folder_with_a_longer_name",
        "MinIO leaves out what comes after a key, `a/1`, if a folder whose name goes on, `a-b/`, has more than a page; storage-minio asks otherwise",
    ),
    ("list_level::an_object_beside_a_folder_of_its_name", LISTING),
    ("odd_keys::object_then_one_below_it", LISTING),
    ("odd_keys::object_then_one_above_it", LISTING),
    ("odd_keys::object_above_others_at_every_level", LISTING),
    ("odd_keys::backslash_dot_dot", "MinIO takes a backslash for a slash when it looks for `..`"),
    (
        "torn_reads::an_open_read_of_a_deleted_object_is_whole_or_fails",
        "MinIO answers a DELETE only when nobody reads the object any more; it ends in the time-out",
    ),
];
