//! Settings: defaults, below a TOML file, below the environment, below code.
//!
//! | in the file | in the environment |
//! |---|---|
//! | `[minio]` `endpoint = "minio:9000"` | `MINIO_ENDPOINT=minio:9000` |
//! | `[minio.http_client]` `connect_timeout = "3s"` | `MINIO_HTTP_CLIENT__CONNECT_TIMEOUT=3s` |
//! | `[storage]` `backend = "local"` | `STORAGE_BACKEND=local` |
//! | `[storages.archive.minio]` `endpoint = "…"` | `STORAGES__ARCHIVE__MINIO_ENDPOINT=…` |
//!
//! The file is the one that `STORAGE_CONFIG` names, else `storage.toml` in the working directory if it is there; it has at most 1 MiB. Paths in
//! the settings are relative to the working directory.
//!
//! A list is `a,b`, JSON, or TOML's own; a boolean `true`, `false`, `1`, `0`, `yes`, `no`; a duration `7d`, `12h`, `90s`. A secret can be
//! read from a file: `MINIO_SECRET_KEY_FILE`, `secret_key_file`. An empty variable counts as not set, except where it would choose
//! another store: an empty `MINIO_ENDPOINT` or `STORAGE_BACKEND` is a fault.
//!
//! # Which store
//!
//! What `storage.backend` says: `local`, `memory`, `minio`, or a URL such as `gs://bucket/prefix`. Without it, MinIO if an endpoint is set, else the
//! folder `./storage`, and then [`Settings::notes`] and a log line say so.
//!
//! # Every key
//!
//! | key | default | what |
//! |---|---|---|
//! | `storage.backend` | | `local`, `memory`, `minio`, or the URL of a store of `object_store` |
//! | `storage.root` | `./storage` | the folder, with a sub-folder for each bucket |
//! | `storage.base_url` | `/files` | what URLs of the embedded stores begin with; bucket and key follow |
//! | `storage.signing_key` | a random one | signs URLs of the embedded stores; 16 bytes or more. The folder keeps its random one in `.storage/url-key`, memory forgets it |
//! | `storage.durability` | `full` | `full` waits for the disk, `none` does not |
//! | `storage.options` | | of the store that a URL names, a secret as a whole: `name=value,name=value` or a JSON object |
//! | `storage.public_base_url` | | what public URLs of that store begin with; the path in its bucket follows |
//! | `minio.endpoint` | | `host[:port]`; in code a URL |
//! | `minio.use_https` | | whether the endpoint speaks TLS; must be said |
//! | `minio.external_endpoint` | the endpoint | where the users' browsers reach the server; perhaps with a path, which a proxy strips: `example.org/files` |
//! | `minio.external_endpoint_use_https` | | must be set with it |
//! | `minio.region` | `us-east-1` | |
//! | `minio.addressing_style` | `path` | `path` or `virtual` |
//! | `minio.public_base_url` | | what public URLs begin with instead: a CDN |
//! | `minio.payload_signing` | `auto` | `auto` signs content without TLS only, `always`, `never` |
//! | `minio.read_verification` | `auto` | `auto` compares what is read with its `ETag` without TLS only, `always`, `never` |
//! | `minio.conditional_writes` | `auto` | whether the server honours `If-None-Match` and `If-Match`: `auto` finds out, `true`, `create-only` (not `If-Match`) and `false` say it |
//! | `minio.access_key`, `minio.secret_key` | | the credentials |
//! | `minio.session_token` | | of temporary credentials |
//! | `minio.url_expiry_hours` | `7d` | life of signed URLs, `1s` to `7d`; a bare number means hours |
//! | `minio.private_buckets`, `minio.public_buckets` | | every bucket; a server needs at least one |
//! | `minio.media_files_bucket`, also `minio.default_bucket` | `auto-generated-bucket-media-files` | where uploads go; in one of the lists if it is set |
//! | `minio.static_files_bucket` | `auto-generated-bucket-static-files` | where `storage collect` and `Storages::statics` have static files; in one of the lists if it is set |
//! | `minio.policy_hooks` | | `[bucket, policy]` pairs, one for a bucket: what initialising puts on these buckets; a policy is an object, its JSON text or a file |
//! | `minio.bucket_check_on_save` | `false` | whether saving into a missing bucket creates it |
//! | `minio.consistency_check_on_start` | `false` | connecting also initialises the buckets, as `storage init` does |
//! | `minio.cors_origins` | | initialising lets pages of these origins (`https://www.example.org`) upload and read directly; `[]`: of none; unset: CORS is not touched |
//! | `minio.uploads_expire_after` | | initialising has the server delete direct uploads, finished or not, that are so old: whole days (`1d`), `0` for never; unset: lifecycle rules are not touched |
//! | `minio.uploads_prefix` | `uploads/` | where direct uploads arrive, ends with `/` |
//! | `minio.versioning` | | initialising turns the keeping of versions on or off; unset: it is not touched |
//! | `minio.http_client.connect_timeout` | `3s` | time-outs are more than zero and at most 24 hours |
//! | `minio.http_client.read_timeout` | `30s` | how long nothing may arrive |
//! | `minio.http_client.request_timeout` | none | of a whole request, with its body |
//! | `minio.http_client.idle_connections` | `32` | at most 10,000, for each bucket |
//! | `minio.http_client.ca_bundle` | the system's | a PEM file |
//! | `minio.http_client.proxy` | none | `http://[user:password@]host:port` |
//! | `minio.http_client.retries` | `3` | at most 20 |
//! | `minio.http_client.backoff` | `200ms` | the first pause, doubled each time; at most 60 seconds |
//! | `minio.multipart_upload` | `true` | without effect: large content is always sent in parts |
//! | `minio.multipart_threshold` | `10MiB` | content of more bytes is sent in parts; 5 MiB to 5 GiB |
//! | `minio.multipart_part_size` | `10MiB` | 5 MiB to 5 GiB |
//! | `minio.url_caching_enabled` | `false` | whether a signed URL stays the same for a while, so that browsers and CDNs can cache it; nothing is kept |
//! | `minio.url_caching_timeout` | `1h` | how long it stays the same, `1s` to less than `7d` in whole seconds; a bare number means seconds |
//! | `minio.url_caching_prefix` | | without effect: there is no cache whose names it would begin |
//!
//! # Stores by URL
//!
//! With the feature `object-store` and one for each kind of store: `object-store-gcp` for `gs://bucket/prefix`, `object-store-azure` for
//! `az://container/prefix`, `object-store-aws` for `s3://bucket/prefix`, `object-store-webdav` for `WebDAV` at `https://host/path`, `object-store-fs` for
//! `file:///folder`; `memory:///` needs none. What the URL names is the media bucket itself; if buckets are named too, each is a folder there.
//! The options are those of `storage_object_store::from_url`:
//!
//! ```sh
//! STORAGE_BACKEND=gs://my-bucket/media STORAGE_OPTIONS=google_service_account=/run/secrets/gcs.json
//! ```
//!
//! # Several storages
//!
//! Named storages have the same keys below `storages.NAME`. They take nothing from the default storage or from each other. A bucket that several of
//! them have on one server, or in one folder, must be the same to all: private or public, with one policy hook, and the like.

mod bucket_aspects;
mod buckets;
mod builder;
mod conflicts;
mod embedded;
mod endpoint;
mod entry;
mod environment;
mod error;
mod external_endpoint;
mod file;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod http_client;
mod key;
mod layer;
mod minio;
mod note;
mod object_store;
mod origin;
mod parse;
mod policy_hook;
mod reader;
mod secret;
mod setting_value;
mod shown;
mod storage;
#[cfg(feature = "minio")]
mod store_rules;
mod suggest;
mod text_file;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;

pub use bucket_aspects::{BucketAspects, parse_origin};
pub use buckets::Buckets;
pub use builder::SettingsBuilder;
pub use embedded::{Durability, EmbeddedSettings};
pub use endpoint::Endpoint;
pub use entry::Entry;
pub use error::{Fault, SettingsError};
pub use external_endpoint::ExternalEndpoint;
pub use http_client::HttpClientSettings;
pub use minio::{AddressingStyle, ConditionalWrites, MinioSettings, PayloadSigning, ReadVerification};
pub use note::Note;
pub use object_store::ObjectStoreSettings;
pub use origin::Origin;
pub use parse::{parse_duration, parse_size};
pub use policy_hook::PolicyHook;
pub use secret::Secret;
pub use setting_value::SettingValue;
pub use storage::{Backend, StorageSettings, UrlCaching};

/// Checked settings of the default storage and any number of named ones. See the [module](self) for where they come from.
#[derive(Clone)]
pub struct Settings {
    default: StorageSettings,
    named: BTreeMap<String, StorageSettings>,
    entries: Vec<Entry>,
    notes: Vec<Note>,
}

impl Settings {
    /// From the settings file and the process's environment.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] lists everything that is wrong.
    pub fn load() -> Result<Self, SettingsError> {
        Self::builder().load()
    }

    /// As [`load`](Self::load), with some keys set in code.
    ///
    /// ```
    /// use storage_suite::Settings;
    ///
    /// # #[cfg(feature = "minio")] {
    /// let settings = Settings::builder()
    ///     .code_only()
    ///     .set("minio.endpoint", "https://minio.example.org")
    ///     .set("minio.access_key", "app")
    ///     .set("minio.secret_key", "correct-horse-battery-staple")
    ///     .set("minio.private_buckets", ["photos"])
    ///     .load()?;
    /// # }
    /// # Ok::<(), storage_suite::SettingsError>(())
    /// ```
    pub fn builder() -> SettingsBuilder {
        SettingsBuilder::new()
    }

    /// From a file's text (`""` for none) and these variables, and from nothing else.
    ///
    /// ```
    /// # #[cfg(feature = "local")] {
    /// use storage_suite::Settings;
    ///
    /// let settings = Settings::from_sources("[storage]\nroot = 'uploads'", [("STORAGE_BACKEND", "local")])?;
    /// assert!(settings.notes().is_empty());
    /// # }
    /// # Ok::<(), storage_suite::SettingsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SettingsError`] lists everything that is wrong.
    pub fn from_sources<K, V>(
        file: &str,
        environment: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, SettingsError>
    where
        K: Into<OsString>,
        V: Into<OsString>,
    {
        Self::builder().file_text(file).environment(environment).load()
    }

    /// The default storage.
    pub fn default_storage(&self) -> &StorageSettings {
        &self.default
    }

    /// The named storages, by alias.
    pub fn named_storages(&self) -> &BTreeMap<String, StorageSettings> {
        &self.named
    }

    /// Every key of every storage, with what holds for it and where that came from. Secrets are masked.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What is allowed, and what somebody should know all the same.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}

impl fmt::Debug for Settings {
    /// The keys that hold a value, with secrets masked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.entries.iter().filter_map(|entry| Some((&entry.key, entry.value.as_ref()?)));
        f.write_str("Settings ")?;
        f.debug_map().entries(values).finish()
    }
}

impl serde::Serialize for Settings {
    /// The list of [`entries`](Settings::entries).
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.entries)
    }
}
