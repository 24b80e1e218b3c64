//! The behaviour suite over stores of `object_store`: memory, a folder, and its S3 client on the server that `STORAGE_TEST_ENDPOINT` names,
//! else on one inside this process.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test finds its server in the environment, and fails by panicking"
)]

use std::env;
use std::sync::Arc;

use s3_testserver::TestServer;
use storage_conformance::{Suite, run_all};
use storage_core::{Result, Storage};
use storage_minio::MinioStorage;
use storage_object_store::from_url;

type Gap = (&'static str, &'static str);

fn main() -> std::io::Result<()> {
    let s3 = {
        let address = Address::find();
        Suite::new(move || s3(address.clone()))
    };
    if let Ok(server) = env::var("STORAGE_TEST_SERVER") {
        let s3 = match server.as_str() {
            "minio" => declare(s3, MINIO).leave_out(
                "torn_reads::an_open_read_is_of_one_object",
                "MinIO may break a read off when the object is replaced; object_store says so, and not that it was replaced",
            ),
            _ => s3,
        };
        run_all([s3.named("s3")]);
        return Ok(());
    }
    let root = tempfile::tempdir()?;
    let folder = url::Url::from_directory_path(root.path()).expect("a path").to_string();
    run_all([
        Suite::new(|| async { from_url("memory:///").build() }).named("memory"),
        declare(
            Suite::new(move || {
                let folder = folder.clone();
                async move { from_url(folder).build() }
            })
            .named("folder"),
            FOLDER,
        ),
        s3.named("s3"),
    ]);
    Ok(())
}

fn declare(suite: Suite, gaps: &[Gap]) -> Suite {
    gaps.iter().fold(suite, |suite, (case, why)| suite.expect_gap(*case, *why))
}

const LONGEST: &str = "LocalFileSystem writes `name#1` first, which then is longer than a file's name may be";

const FOLDER: &[Gap] = &[
    ("odd_keys::segment_of_255_bytes", LONGEST),
    ("odd_keys::segment_of_255_bytes_beyond_ascii", LONGEST),
    ("odd_keys::hash_and_number", "LocalFileSystem keeps names such as `a#1` to itself"),
];

const MINIO_LISTING: &str =
    "MinIO lists nothing of what lies below an object's own key, though it can be read";

/// MinIO, its last source of 2026-02: the gaps that `storage-minio` has there too, and one more.
const MINIO: &[Gap] = &[
    (
        "odd_keys::noncharacter",
        "object_store does not ask for encoded listings, and MinIO writes U+FFFD for U+FFFF in others",
    ),
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

async fn s3(server: Address) -> Result<Arc<dyn Storage>> {
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
    let options = [
        ("aws_endpoint", server.endpoint.as_str()),
        ("aws_region", &server.region),
        ("aws_access_key_id", &server.access_key),
        ("aws_secret_access_key", &server.secret_key),
        ("allow_http", "true"),
    ];
    from_url("s3://object-store").options(options).build()
}
