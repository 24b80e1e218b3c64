//! The behaviour suite through each wrapper around a memory store, and through some of them at once.

use std::sync::Arc;

use storage_conformance::{Suite, run_all};
use storage_core::Storage;
use storage_core::wrap::{Limited, Mirrored, Prefixed, Traced, Validated};
use storage_local::MemoryStorage;

#[path = "wrap/read_through.rs"]
mod read_through;

use read_through::ReadThrough;

fn memory() -> Arc<dyn Storage> {
    Arc::new(MemoryStorage::new())
}

fn validated(storage: Arc<dyn Storage>) -> Validated {
    Validated::new(storage).max_length(1 << 40).check(|incoming| async move {
        assert!(incoming.length.is_none_or(|length| length >= incoming.head.len() as u64));
        Ok(())
    })
}

fn main() {
    run_all([
        Suite::new(|| async { Prefixed::new(memory(), "part/of/it") })
            .named("prefixed")
            .expect_gap("odd_keys::of_1024_bytes", "the prefix counts towards the limit of a key"),
        Suite::new(|| async { ReadThrough::new(MemoryStorage::new()) }).named("read_only"),
        Suite::new(|| async { Traced::new(memory()) }).named("traced"),
        Suite::new(|| async { Mirrored::new(memory(), memory()).read_second_when_unavailable() })
            .named("mirrored"),
        Suite::new(|| async { validated(memory()) }).named("validated"),
        // One case opens 20 objects and reads none of them meanwhile.
        Suite::new(|| async { Limited::new(memory(), 20) }).named("limited"),
        Suite::new(|| async {
            let mirrored = Mirrored::new(memory(), memory());
            Limited::new(Arc::new(validated(Arc::new(Traced::new(Arc::new(mirrored))))), 20)
        })
        .named("stacked"),
    ]);
}
