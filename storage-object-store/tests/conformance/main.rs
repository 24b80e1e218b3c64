//! The behaviour suite over stores of `object_store`: memory, a folder, and its S3 client on a server inside this process; or the client that
//! fits the server of `STORAGE_TEST_SERVER` and `STORAGE_TEST_ENDPOINT`.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test finds its server in the environment, and fails by panicking"
)]

mod servers;

use storage_conformance::{Suite, run_all};
use storage_object_store::from_url;

use servers::Address;

fn main() -> std::io::Result<()> {
    if let Some(address) = Address::from_environment() {
        run_all([servers::suite(address)]);
        return Ok(());
    }
    let root = tempfile::tempdir()?;
    let folder = url::Url::from_directory_path(root.path()).expect("a path").to_string();
    run_all([
        Suite::new(|| async { from_url("memory:///").build() }).named("memory"),
        servers::declare(
            Suite::new(move || {
                let folder = folder.clone();
                async move { from_url(folder).build() }
            })
            .named("folder"),
            FOLDER,
        ),
        servers::in_process(),
    ]);
    Ok(())
}

const LONGEST: &str = "LocalFileSystem writes `name#1` first, which then is longer than a file's name may be";

const FOLDER: &[servers::Gap] = &[
    ("odd_keys::segment_of_255_bytes", LONGEST),
    ("odd_keys::segment_of_255_bytes_beyond_ascii", LONGEST),
    ("odd_keys::hash_and_number", "LocalFileSystem keeps names such as `a#1` to itself"),
];
