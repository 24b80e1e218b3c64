//! The suite on a store that is known to be right, as anybody runs it on theirs.

use storage_local::MemoryStorage;

fn main() {
    storage_conformance::run(|| async { MemoryStorage::new() });
}
