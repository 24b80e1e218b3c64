use std::sync::Arc;

use storage_core::wrap::Prefixed;
use storage_core::{BucketName, Result, Storage};

use crate::settings::{Buckets, ObjectStoreSettings};

/// A store for each bucket: a folder of its name, or if none is named what the URL names itself. They share their connections.
pub(super) fn stores(settings: &ObjectStoreSettings, buckets: &Buckets) -> Result<Vec<Arc<dyn Storage>>> {
    let options = settings.options.iter().map(|(name, value)| (name.as_str(), value.expose()));
    let described = storage_object_store::from_url(&settings.url).options(options);
    let described = match &settings.public_base_url {
        Some(base) => described.public_base_url(base),
        None => described,
    };
    let whole = described.build()?;
    if buckets.private.is_empty() && buckets.public.is_empty() {
        return Ok(buckets.all().map(|_| Arc::clone(&whole)).collect());
    }
    let folder = |name: &BucketName| -> Result<Arc<dyn Storage>> {
        Ok(Arc::new(Prefixed::new(Arc::clone(&whole), name.as_str())?))
    };
    buckets.all().map(folder).collect()
}
