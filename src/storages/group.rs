use std::collections::BTreeMap;
use std::sync::Arc;

use storage_core::{Bucket, Result, Storage, Visibility};

use super::embedded;
use crate::settings::{Backend, StorageSettings};
#[cfg(feature = "policy")]
use crate::settings::{BucketAspects, PolicyHook};

/// The buckets of one storage.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    media: Bucket,
    buckets: BTreeMap<String, Bucket>,
    #[cfg(feature = "static")]
    statics: Option<Bucket>,
    #[cfg(feature = "policy")]
    policy_hooks: Vec<PolicyHook>,
    #[cfg(feature = "policy")]
    bucket_aspects: Option<BucketAspects>,
    #[cfg(feature = "policy")]
    initializes_on_connect: bool,
}

impl Group {
    pub(super) fn new(settings: &StorageSettings) -> Result<Self> {
        let stores = stores(settings)?;
        let mut buckets = BTreeMap::new();
        for (name, store) in settings.buckets.all().zip(stores) {
            let visibility = match settings.buckets.is_public(name) {
                true => Visibility::Public,
                false => Visibility::Private,
            };
            let mut bucket =
                Bucket::new(store).with_visibility(visibility).with_url_expiry(settings.url_expiry);
            if let Some(window) = settings.url_caching.window() {
                bucket = bucket.with_stable_urls(window);
            }
            buckets.insert(name.as_str().to_owned(), bucket);
        }
        let media = settings.buckets.media.as_str();
        match buckets.get(media).cloned() {
            Some(media) => Ok(Self {
                media,
                #[cfg(feature = "static")]
                statics: buckets.get(settings.buckets.static_files.as_str()).cloned(),
                buckets,
                #[cfg(feature = "policy")]
                policy_hooks: settings.policy_hooks.clone(),
                #[cfg(feature = "policy")]
                bucket_aspects: Some(settings.bucket_aspects.clone()),
                #[cfg(feature = "policy")]
                initializes_on_connect: settings.consistency_check_on_start,
            }),
            None => Err(storage_core::Error::invalid_input(format!("there is no media bucket `{media}`"))),
        }
    }

    pub(super) fn of(bucket: Bucket) -> Self {
        let buckets = BTreeMap::from([(bucket.name().to_owned(), bucket.clone())]);
        Self {
            buckets,
            #[cfg(feature = "static")]
            statics: None,
            media: bucket,
            #[cfg(feature = "policy")]
            policy_hooks: Vec::new(),
            #[cfg(feature = "policy")]
            bucket_aspects: None,
            #[cfg(feature = "policy")]
            initializes_on_connect: false,
        }
    }

    pub(super) fn media(&self) -> &Bucket {
        &self.media
    }

    /// Where static files go, if the settings name a bucket for them.
    #[cfg(feature = "static")]
    pub(super) fn statics(&self) -> Option<&Bucket> {
        self.statics.as_ref()
    }

    pub(super) fn bucket(&self, name: &str) -> Option<&Bucket> {
        self.buckets.get(name)
    }

    #[cfg(feature = "policy")]
    pub(crate) fn initializes_on_connect(&self) -> bool {
        self.initializes_on_connect
    }

    #[cfg(feature = "policy")]
    pub(crate) fn policy_hooks(&self) -> &[PolicyHook] {
        &self.policy_hooks
    }

    /// `None` for a bucket that code brought, of which the settings say nothing.
    #[cfg(feature = "policy")]
    pub(crate) fn bucket_aspects(&self) -> Option<&BucketAspects> {
        self.bucket_aspects.as_ref()
    }

    /// By the names that the settings call them.
    #[cfg(feature = "policy")]
    pub(crate) fn named_buckets(&self) -> impl Iterator<Item = (&str, &Bucket)> {
        self.buckets.iter().map(|(name, bucket)| (name.as_str(), bucket))
    }

    pub(crate) fn buckets(&self) -> impl Iterator<Item = &Bucket> {
        self.buckets.values()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.buckets.keys().map(String::as_str)
    }
}

/// A store for each bucket, in their order.
fn stores(settings: &StorageSettings) -> Result<Vec<Arc<dyn Storage>>> {
    match &settings.backend {
        Backend::Local(folder) => embedded::folders(folder, &settings.buckets),
        Backend::Memory(memory) => embedded::memories(memory, &settings.buckets),
        #[cfg(feature = "minio")]
        Backend::Minio(server) => super::minio::stores(server, &settings.buckets),
        #[cfg(feature = "object-store")]
        Backend::ObjectStore(store) => super::object_store::stores(store, &settings.buckets),
        #[cfg(not(feature = "object-store"))]
        Backend::ObjectStore(_) => Err(storage_core::Error::unsupported("this build has no stores by URL")),
        #[cfg(not(feature = "minio"))]
        Backend::Minio(_) => Err(storage_core::Error::unsupported("this build has no MinIO store")),
    }
}
