//! The behaviour suite on both embedded stores, and on the one for tests.

use storage_conformance::{Suite, run_all};
use storage_local::MemoryStorage;
use storage_local::testing::TestStorage;

#[cfg(not(unix))]
fn main() {
    run_all([memory(), for_tests()]);
}

#[cfg(unix)]
fn main() -> std::io::Result<()> {
    use storage_local::{Durability, LocalStorage};

    let root = tempfile::tempdir()?;
    let folder = root.path().join("conformance");
    run_all([
        memory(),
        for_tests(),
        Suite::new(move || {
            let folder = folder.clone();
            // What `fsync` does is not seen by a test that does not cut the power.
            async move { LocalStorage::builder(folder).durability(Durability::None).build() }
        })
        .named("folder"),
    ]);
    Ok(())
}

fn memory() -> Suite {
    Suite::new(|| async { MemoryStorage::new() }).named("memory")
}

fn for_tests() -> Suite {
    const STILL: &str = "its clock stands still";
    Suite::new(|| async { TestStorage::new() })
        .named("testing")
        .expect_gap("urls::expired_ones_are_not_verified", STILL)
        .expect_gap("uploads::expired_ones_are_refused", STILL)
}
