use storage_core::outcome::PutOutcome;
use storage_core::{CopyOptions, ObjectKey, Result, Storage, copy_by_stream};

/// Copies within the store what turns out to be its own, seen through any wrapper; else by reading it.
pub(crate) async fn copy_from(
    store: &impl Storage,
    source: &dyn Storage,
    from: &ObjectKey,
    to: &ObjectKey,
    options: CopyOptions,
) -> Result<PutOutcome> {
    let own = store.copy_source(to);
    match source.copy_source(from) {
        Some(found) if own.is_some_and(|own| own.place == found.place) => {
            store.copy(&found.key, to, options).await
        }
        _ => copy_by_stream(store, source, from, to, options).await,
    }
}
