use std::sync::Arc;

use storage_core::wrap::Prefixed;
use storage_core::{BucketName, Result, Storage};

use crate::settings::{Buckets, ObjectStoreSettings};

/// A store for each bucket: a folder of its name, or if none is named what the URL names itself. They share their connections.
pub(super) fn stores(settings: &ObjectStoreSettings, buckets: &Buckets) -> Result<Vec<Arc<dyn Storage>>> {
    let options = settings.options.iter().map(|(name, value)| (name.as_str(), value.expose()));
    let base_url = settings.public_base_url.as_deref().map(|url| ("public_base_url", url));
    let whole = storage_object_store::from_url(&settings.url, options.chain(base_url))?;
    if buckets.private.is_empty() && buckets.public.is_empty() {
        return Ok(buckets.all().map(|_| Arc::clone(&whole)).collect());
    }
    let folder = |name: &BucketName| -> Result<Arc<dyn Storage>> {
        Ok(Arc::new(Prefixed::new(Arc::clone(&whole), name.as_str())?))
    };
    buckets.all().map(folder).collect()
}
