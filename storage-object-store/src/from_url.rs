use std::collections::BTreeMap;
use std::sync::Arc;

use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreScheme};
use storage_core::wrap::Prefixed;
use storage_core::{Error, Result, Storage};
use url::Url;

use crate::{Backend, ObjectStoreStorage, ObjectStoreStorageBuilder};

/// Opens the store that a URL names, without any network call.
///
/// | URL | store | feature |
/// |---|---|---|
/// | `s3://bucket/prefix`, `https://bucket.s3.region.amazonaws.com/prefix`, `https://account.r2.cloudflarestorage.com/bucket` | S3 and its like | `aws` |
/// | `gs://bucket/prefix` | Google Cloud Storage | `gcp` |
/// | `az://container/prefix`, `abfss://container@account.dfs.core.windows.net/prefix` | Azure Blob Storage | `azure` |
/// | `https://host/path`, `http://host/path` | a `WebDAV` server | `http` |
/// | `file:///folder` | a folder, which is made if it is not there | `fs` |
/// | `memory:///` | memory | |
///
/// The options are those of `object_store` for the kind of store, by the names that it gives them: `google_service_account`,
/// `aws_region`, `aws_endpoint`, `aws_access_key_id`, `azure_storage_account_name`, `allow_http`, `connect_timeout`, `read_timeout` and so
/// on. To them come `public_base_url`, `part_size` and `held_limit`, which are those of [`ObjectStoreStorageBuilder`]. Nothing is read from
/// the environment.
///
/// Requests are sent by a client of our own, without proxy: for another one build the store with `object_store` and hand it to
/// [`ObjectStoreStorage::paged`].
///
/// ```
/// # async fn example() -> storage_core::Result<()> {
/// let storage = storage_object_store::from_url("memory:///media", [("part_size", "16777216")])?;
/// assert_eq!(storage.name(), "memory:///media");
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// [`InvalidInput`](storage_core::ErrorKind::InvalidInput) for a URL or an option that is not known or cannot be read;
/// [`Unsupported`](storage_core::ErrorKind::Unsupported), with the name of the feature, for a kind of store that is not compiled in. No
/// value of an option is shown.
pub fn from_url<K, V>(
    url: impl AsRef<str>,
    options: impl IntoIterator<Item = (K, V)>,
) -> Result<Arc<dyn Storage>>
where
    K: AsRef<str>,
    V: Into<String>,
{
    let url = parse(url.as_ref())?;
    let options = options.into_iter().map(|(key, value)| (key.as_ref().to_ascii_lowercase(), value.into()));
    let mut options: BTreeMap<String, String> = options.collect();
    let (scheme, path) = ObjectStoreScheme::parse(&url)
        .map_err(|_| Error::invalid_input("no kind of store has such a URL").with_hint(KNOWN))?;
    let (public_base_url, part_size, held_limit) = (
        options.remove("public_base_url"),
        bytes(&mut options, "part_size")?,
        bytes(&mut options, "held_limit")?,
    );
    let opened = open(&scheme, &url, path, options)?;
    let mut builder = opened.builder.name(shown(&url));
    if let Some(base) = public_base_url {
        builder = builder.public_base_url(base);
    }
    if let Some(bytes) = part_size {
        builder = builder.part_size(bytes);
    }
    if let Some(bytes) = held_limit {
        builder = builder.held_limit(bytes);
    }
    let storage: Arc<dyn Storage> = Arc::new(builder.build()?);
    match opened.prefix.as_ref() {
        "" => Ok(storage),
        prefix => Ok(Arc::new(Prefixed::new(storage, prefix)?)),
    }
}

const KNOWN: &str = "s3://bucket, gs://bucket, az://container, https://host, file:///folder or memory:///, each with a path or without";

/// A store, and the prefix in it.
pub(crate) struct Opened {
    pub(crate) builder: ObjectStoreStorageBuilder,
    pub(crate) prefix: Path,
}

fn open(
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
        ObjectStoreScheme::AmazonS3 => crate::http_stores::amazon_s3(url, prefix, options),
        #[cfg(feature = "gcp")]
        ObjectStoreScheme::GoogleCloudStorage => {
            crate::http_stores::google_cloud_storage(url, prefix, options)
        }
        #[cfg(feature = "azure")]
        ObjectStoreScheme::MicrosoftAzure => crate::http_stores::azure_blob_storage(url, prefix, options),
        #[cfg(feature = "http")]
        ObjectStoreScheme::Http => crate::http_stores::web_dav(url, prefix, options),
        other => Err(missing(other, url)),
    }
}

fn missing(scheme: &ObjectStoreScheme, url: &Url) -> Error {
    let feature = match scheme {
        ObjectStoreScheme::Local => "fs",
        ObjectStoreScheme::AmazonS3 => "aws",
        ObjectStoreScheme::GoogleCloudStorage => "gcp",
        ObjectStoreScheme::MicrosoftAzure => "azure",
        ObjectStoreScheme::Http => "http",
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
    let objects = LocalFileSystem::new_with_prefix(&folder).map_err(crate::errors::translate)?;
    let builder = ObjectStoreStorage::builder(Arc::new(objects.with_automatic_cleanup(true)));
    Ok(Opened { builder: builder.backend(Backend::LocalFolder), prefix: Path::ROOT })
}

/// A URL without anything that could be a secret.
fn parse(url: &str) -> Result<Url> {
    let parsed = Url::parse(url).map_err(|error| {
        Error::invalid_input(format!("the store's URL cannot be read: {error}")).with_hint(KNOWN)
    })?;
    // `abfss://container@account…` has the container where others have a user.
    let is_container = matches!(parsed.scheme(), "abfs" | "abfss" | "az" | "azure" | "adl");
    if parsed.password().is_some() || (!is_container && !parsed.username().is_empty()) {
        return Err(Error::invalid_input("the store's URL holds credentials; give them as options"));
    }
    match parsed.query().is_none() && parsed.fragment().is_none() {
        true => Ok(parsed),
        false => {
            Err(Error::invalid_input("the store's URL has a query or a fragment; give options as options"))
        }
    }
}

fn shown(url: &Url) -> String {
    url.as_str().to_owned()
}

fn bytes(options: &mut BTreeMap<String, String>, key: &str) -> Result<Option<u64>> {
    let Some(text) = options.remove(key) else { return Ok(None) };
    text.parse()
        .map(Some)
        .map_err(|_| Error::invalid_input(format!("the option `{key}` must be a number of bytes")))
}

fn only_ours(options: &BTreeMap<String, String>) -> Result<()> {
    match options.keys().next() {
        None => Ok(()),
        Some(key) => Err(unknown(key)),
    }
}

/// An option that this kind of store does not have. Its value may be a secret.
pub(crate) fn unknown(key: &str) -> Error {
    Error::invalid_input(format!("this kind of store has no option `{}`", key.escape_debug()))
}
