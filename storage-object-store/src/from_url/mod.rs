//! Stores by their URL.

mod address;
#[cfg(feature = "_http")]
mod http_stores;
mod kind;
mod options;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStoreScheme;
use storage_core::wrap::Prefixed;
use storage_core::{Error, Result, Storage};

use self::options::Options;
use crate::ConditionalWrites;

/// Begins to describe the store that a URL names.
///
/// | URL | store | feature |
/// |---|---|---|
/// | `s3://bucket/prefix`, `https://bucket.s3.region.amazonaws.com/prefix`, `https://account.r2.cloudflarestorage.com/bucket` | S3 and its like | `aws` |
/// | `gs://bucket/prefix` | Google Cloud Storage | `gcp` |
/// | `az://container/prefix`, `abfss://container@account.dfs.core.windows.net/prefix` | Azure Blob Storage | `azure` |
/// | `https://host/path`, `http://host/path` | a `WebDAV` server | `webdav` |
/// | `file:///folder` | a folder, which is made if it is not there | `fs` |
/// | `memory:///` | memory | |
///
/// Requests are sent by a client of our own, without proxy: for another one build the store with `object_store` and hand it to
/// [`ObjectStoreStorage::paged`](crate::ObjectStoreStorage::paged).
///
/// ```
/// use std::time::Duration;
///
/// # async fn example() -> storage_core::Result<()> {
/// // Google Cloud Storage, as a service account.
/// let media = storage_object_store::from_url("gs://my-bucket/media")
///     .option("google_service_account", "/run/secrets/gcs.json")
///     .public_base_url("https://cdn.example.org")
///     .name("media")
///     .read_timeout(Duration::from_secs(10));
///
/// // Cloudflare R2.
/// let backups = storage_object_store::from_url("https://0123456789abcdef.r2.cloudflarestorage.com/backups")
///     .option("aws_access_key_id", std::fs::read_to_string("/run/secrets/r2-id")?.trim())
///     .option("aws_secret_access_key", std::fs::read_to_string("/run/secrets/r2-secret")?.trim());
///
/// let (media, backups) = (media.build()?, backups.build()?); // no network
/// # Ok(()) }
/// ```
pub fn from_url(url: impl Into<String>) -> FromUrl {
    FromUrl { url: url.into(), options: Options::default(), name: None }
}

/// Describes a store that a URL names. From [`from_url`].
#[derive(Clone)]
#[must_use = "it is no store before `build`"]
pub struct FromUrl {
    url: String,
    options: Options,
    name: Option<String>,
}

impl FromUrl {
    /// Sets an option of this kind of store by the name that `object_store` gives it, in either case: `google_service_account`,
    /// `aws_region`, `aws_endpoint`, `aws_access_key_id`, `azure_storage_account_name`, `allow_http`, `connect_timeout`, `read_timeout` and so
    /// on. What the methods below set can be set by their names too, which is for settings in files. The last word on an option holds. Nothing
    /// is read from the environment.
    pub fn option(mut self, name: impl AsRef<str>, value: impl Into<String>) -> Self {
        self.options.set(name.as_ref(), value.into());
        self
    }

    /// Sets several options.
    pub fn options<K: AsRef<str>, V: Into<String>>(self, options: impl IntoIterator<Item = (K, V)>) -> Self {
        options.into_iter().fold(self, |this, (name, value)| this.option(name, value))
    }

    /// What errors and logs call the store. Default: its URL.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// How long a connection may take to come about. Default: 5 seconds. For stores that are reached by HTTP only.
    pub fn connect_timeout(self, time: Duration) -> Self {
        self.option("connect_timeout", format!("{}ms", time.as_millis()))
    }

    /// How long an answer may bring nothing new. Default: 30 seconds. For stores that are reached by HTTP only.
    pub fn read_timeout(self, time: Duration) -> Self {
        self.option("read_timeout", format!("{}ms", time.as_millis()))
    }

    /// What the URLs of public objects begin with; see
    /// [`ObjectStoreStorageBuilder::public_base_url`](crate::ObjectStoreStorageBuilder::public_base_url).
    pub fn public_base_url(self, url: impl Into<String>) -> Self {
        self.option(options::PUBLIC_BASE_URL, url)
    }

    /// The size of parts, in bytes; see [`ObjectStoreStorageBuilder::part_size`](crate::ObjectStoreStorageBuilder::part_size).
    pub fn part_size(self, bytes: u64) -> Self {
        self.option(options::PART_SIZE, bytes.to_string())
    }

    /// The largest body that is held in memory where it must be, in bytes; see
    /// [`ObjectStoreStorageBuilder::held_limit`](crate::ObjectStoreStorageBuilder::held_limit).
    pub fn held_limit(self, bytes: u64) -> Self {
        self.option(options::HELD_LIMIT, bytes.to_string())
    }

    /// What an S3 server does with the conditions on writes. Default: Amazon S3 and Cloudflare R2 honour them, as they document; a server
    /// behind an `aws_endpoint` is asked. As an option: `auto`, `true` or `false`.
    pub fn conditional_writes(self, how: ConditionalWrites) -> Self {
        self.option(options::CONDITIONAL_WRITES, options::spelled(how))
    }

    /// Makes the store. No network.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](storage_core::ErrorKind::InvalidInput) for a URL or an option that is not known or cannot be read;
    /// [`Unsupported`](storage_core::ErrorKind::Unsupported), with the name of the feature, for a kind of store that is not compiled in. No
    /// value of an option is shown.
    pub fn build(self) -> Result<Arc<dyn Storage>> {
        let url = address::parse(&self.url)?;
        let (scheme, path) = ObjectStoreScheme::parse(&url)
            .map_err(|_| Error::invalid_input("no kind of store has such a URL").with_hint(address::KNOWN))?;
        let (own, foreign) = self.options.split()?;
        let opened = kind::open(&scheme, &url, path, foreign)?;
        let prefix = opened.prefix.as_ref();
        let builder = own.apply(opened.builder.name(self.name.unwrap_or_else(|| url.to_string())));
        if prefix.is_empty() {
            return Ok(Arc::new(builder.build()?));
        }
        // What the credentials may write to may be no more than the prefix.
        let storage = builder.probe_folder(format!("{prefix}/")).build()?;
        Ok(Arc::new(Prefixed::new(Arc::new(storage), prefix)?))
    }
}

impl fmt::Debug for FromUrl {
    /// Without the options' values, and without a URL that may hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = address::parse(&self.url).map(String::from).unwrap_or_default();
        f.debug_struct("FromUrl").field("url", &url).field("options", &self.options).finish_non_exhaustive()
    }
}
