//! The behaviour suite on both embedded stores.

use storage_conformance::{Suite, run_all};
use storage_local::MemoryStorage;

#[cfg(not(unix))]
fn main() {
    run_all([Suite::new(|| async { MemoryStorage::new() })]);
}

#[cfg(unix)]
fn main() -> std::io::Result<()> {
    use storage_local::{Durability, LocalStorage};

    let root = tempfile::tempdir()?;
    let folder = root.path().join("conformance");
    run_all([
        Suite::new(|| async { MemoryStorage::new() }).named("memory"),
        Suite::new(move || {
            let folder = folder.clone();
            // What `fsync` does is not seen by a test that does not cut the power.
            async move { LocalStorage::builder(folder).durability(Durability::None).build() }
        })
        .named("folder"),
    ]);
    Ok(())
}
