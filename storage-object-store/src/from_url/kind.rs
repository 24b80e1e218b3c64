use std::collections::BTreeMap;
use std::sync::Arc;

use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreScheme};
use storage_core::{Error, Result};
use url::Url;

use crate::{Backend, ObjectStoreStorage, ObjectStoreStorageBuilder};

/// A store, and the prefix in it.
pub(super) struct Opened {
    pub(super) builder: ObjectStoreStorageBuilder,
    pub(super) prefix: Path,
}

/// Describes the store that a URL of this kind names.
pub(super) fn open(
    scheme: &ObjectStoreScheme,
    url: &Url,
    prefix: Path,
    options: BTreeMap<String, String>,
) -> Result<Opened> {
    match scheme {
        ObjectStoreScheme::Memory => {
            only_ours(&options)?;
            let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
            Ok(Opened { builder: ObjectStoreStorage::builder(objects).backend(Backend::Memory), prefix })
        }
        #[cfg(feature = "fs")]
        ObjectStoreScheme::Local => {
            only_ours(&options)?;
            folder(url)
        }
        #[cfg(feature = "aws")]
        ObjectStoreScheme::AmazonS3 => super::http_stores::amazon_s3(url, prefix, options),
        #[cfg(feature = "gcp")]
        ObjectStoreScheme::GoogleCloudStorage => {
            super::http_stores::google_cloud_storage(url, prefix, options)
        }
        #[cfg(feature = "azure")]
        ObjectStoreScheme::MicrosoftAzure => super::http_stores::azure_blob_storage(url, prefix, options),
        #[cfg(feature = "webdav")]
        ObjectStoreScheme::Http => super::http_stores::web_dav(url, prefix, options),
        other => Err(missing(other, url)),
    }
}

fn missing(scheme: &ObjectStoreScheme, url: &Url) -> Error {
    let feature = match scheme {
        ObjectStoreScheme::Local => "fs",
        ObjectStoreScheme::AmazonS3 => "aws",
        ObjectStoreScheme::GoogleCloudStorage => "gcp",
        ObjectStoreScheme::MicrosoftAzure => "azure",
        ObjectStoreScheme::Http => "webdav",
        _ => return Error::unsupported("this build has no store for such a URL"),
    };
    Error::unsupported(format!(
        "this build has no store for {}:// URLs: enable the feature `{feature}` of storage-object-store",
        url.scheme()
    ))
}

#[cfg(feature = "fs")]
fn folder(url: &Url) -> Result<Opened> {
    use object_store::local::LocalFileSystem;

    let folder =
        url.to_file_path().map_err(|()| Error::invalid_input("the URL is no path of this system"))?;
    let named = |error: std::io::Error| {
        Error::from(error).with_operation("from_url").with_key(folder.to_string_lossy())
    };
    std::fs::create_dir_all(&folder).map_err(named)?;
    let objects = LocalFileSystem::new_with_prefix(&folder).map_err(crate::translate::errors::translate)?;
    let builder = ObjectStoreStorage::builder(Arc::new(objects.with_automatic_cleanup(true)));
    Ok(Opened { builder: builder.backend(Backend::LocalFolder), prefix: Path::ROOT })
}

fn only_ours(options: &BTreeMap<String, String>) -> Result<()> {
    match options.keys().next() {
        None => Ok(()),
        Some(key) => Err(unknown(key)),
    }
}

/// An option that this kind of store does not have. Its value may be a secret.
pub(super) fn unknown(key: &str) -> Error {
    Error::invalid_input(format!("this kind of store has no option `{}`", key.escape_debug()))
}
