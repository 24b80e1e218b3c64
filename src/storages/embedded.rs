use std::sync::Arc;

use storage_core::{Result, Storage};

use crate::settings::{Buckets, EmbeddedSettings};

#[cfg(feature = "local")]
pub(super) fn memories(settings: &EmbeddedSettings, buckets: &Buckets) -> Result<Vec<Arc<dyn Storage>>> {
    let store = |name: &storage_core::BucketName| -> Result<Arc<dyn Storage>> {
        let mut builder =
            storage_local::MemoryStorage::builder().name(name.as_str()).base_url(settings.base_url.as_str());
        if let Some(key) = &settings.signing_key {
            builder = builder.signing_key(key.expose());
        }
        Ok(Arc::new(builder.build()?))
    };
    buckets.all().map(store).collect()
}

/// Each bucket is a folder of its name below the root.
#[cfg(all(feature = "local", unix))]
pub(super) fn folders(settings: &EmbeddedSettings, buckets: &Buckets) -> Result<Vec<Arc<dyn Storage>>> {
    use crate::settings::Durability;

    let durability = match settings.durability {
        Durability::Full => storage_local::Durability::Full,
        Durability::None => storage_local::Durability::None,
    };
    let store = |name: &storage_core::BucketName| -> Result<Arc<dyn Storage>> {
        let mut builder = storage_local::LocalStorage::builder(settings.root.join(name.as_str()))
            .name(name.as_str())
            .base_url(settings.base_url.as_str())
            .durability(durability);
        if let Some(key) = &settings.signing_key {
            builder = builder.signing_key(key.expose());
        }
        Ok(Arc::new(builder.build()?))
    };
    buckets.all().map(store).collect()
}

#[cfg(not(all(feature = "local", unix)))]
pub(super) fn folders(_: &EmbeddedSettings, _: &Buckets) -> Result<Vec<Arc<dyn Storage>>> {
    Err(storage_core::Error::unsupported("this build has no folder store"))
}

#[cfg(not(feature = "local"))]
pub(super) fn memories(_: &EmbeddedSettings, _: &Buckets) -> Result<Vec<Arc<dyn Storage>>> {
    Err(storage_core::Error::unsupported("this build has no memory store"))
}
