//! Every key there is, in the order in which it is shown.

/// One key of the settings. Its path in the file is `section.name`; its variable is the path in capitals, with `_` for the
/// first dot and `__` for a further one.
#[derive(Debug)]
pub(super) struct Key {
    /// `minio.endpoint`, without a storage's alias.
    pub(super) path: &'static str,
    /// What holds if nobody sets it, as it would stand in the environment.
    pub(super) default: Option<&'static str>,
    pub(super) secret: bool,
    /// Which stores use it.
    pub(super) scope: Scope,
    /// Why setting it does nothing yet.
    pub(super) without_effect: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Every,
    Embedded,
    Minio,
    ObjectStore,
}

impl Key {
    const fn new(path: &'static str, scope: Scope) -> Self {
        Self { path, default: None, secret: false, scope, without_effect: None }
    }

    const fn secret(path: &'static str, scope: Scope) -> Self {
        Self { secret: true, ..Self::new(path, scope) }
    }

    const fn default(mut self, text: &'static str) -> Self {
        self.default = Some(text);
        self
    }

    const fn without_effect(mut self, reason: &'static str) -> Self {
        self.without_effect = Some(reason);
        self
    }

    /// Its environment variable.
    pub(super) fn variable(&self) -> String {
        self.path.to_ascii_uppercase().replacen('.', "_", 1).replace('.', "__")
    }

    pub(super) fn by_path(path: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|key| key.path == path)
    }
}

use Scope::{Embedded, Every, Minio, ObjectStore};

pub(super) const BACKEND: Key = Key::new("storage.backend", Every);
pub(super) const ROOT: Key = Key::new("storage.root", Embedded);
pub(super) const BASE_URL: Key = Key::new("storage.base_url", Embedded);
pub(super) const SIGNING_KEY: Key = Key::secret("storage.signing_key", Embedded);
pub(super) const DURABILITY: Key = Key::new("storage.durability", Embedded).default("full");
pub(super) const OPTIONS: Key = Key::secret("storage.options", ObjectStore);
pub(super) const OBJECTS_BASE_URL: Key = Key::new("storage.public_base_url", ObjectStore);

pub(super) const ENDPOINT: Key = Key::new("minio.endpoint", Minio);
pub(super) const USE_HTTPS: Key = Key::new("minio.use_https", Minio);
pub(super) const EXTERNAL_ENDPOINT: Key = Key::new("minio.external_endpoint", Minio);
pub(super) const EXTERNAL_USE_HTTPS: Key = Key::new("minio.external_endpoint_use_https", Minio);
pub(super) const REGION: Key = Key::new("minio.region", Minio).default("us-east-1");
pub(super) const ADDRESSING_STYLE: Key = Key::new("minio.addressing_style", Minio).default("path");
pub(super) const PUBLIC_BASE_URL: Key = Key::new("minio.public_base_url", Minio);
pub(super) const PAYLOAD_SIGNING: Key = Key::new("minio.payload_signing", Minio).default("auto");
pub(super) const READ_VERIFICATION: Key = Key::new("minio.read_verification", Minio).default("auto");
pub(super) const CONDITIONAL_WRITES: Key = Key::new("minio.conditional_writes", Minio).default("auto");
pub(super) const ACCESS_KEY: Key = Key::secret("minio.access_key", Minio);
pub(super) const SECRET_KEY: Key = Key::secret("minio.secret_key", Minio);
pub(super) const SESSION_TOKEN: Key = Key::secret("minio.session_token", Minio);

pub(super) const URL_EXPIRY: Key = Key::new("minio.url_expiry_hours", Every).default("7d");
pub(super) const PRIVATE_BUCKETS: Key = Key::new("minio.private_buckets", Every);
pub(super) const PUBLIC_BUCKETS: Key = Key::new("minio.public_buckets", Every);
pub(super) const MEDIA_BUCKET: Key =
    Key::new("minio.media_files_bucket", Every).default("auto-generated-bucket-media-files");
pub(super) const DEFAULT_BUCKET: Key = Key::new("minio.default_bucket", Every);
pub(super) const STATIC_BUCKET: Key =
    Key::new("minio.static_files_bucket", Every).default("auto-generated-bucket-static-files");
pub(super) const POLICY_HOOKS: Key = Key::new("minio.policy_hooks", Every);
pub(super) const CHECK_ON_SAVE: Key = Key::new("minio.bucket_check_on_save", Minio).default("false");
pub(super) const CHECK_ON_START: Key = Key::new("minio.consistency_check_on_start", Every).default("false");

pub(super) const CORS_ORIGINS: Key = Key::new("minio.cors_origins", Minio);
pub(super) const UPLOADS_EXPIRY: Key = Key::new("minio.uploads_expire_after", Minio);
pub(super) const UPLOADS_PREFIX: Key = Key::new("minio.uploads_prefix", Minio).default("uploads/");
pub(super) const VERSIONING: Key = Key::new("minio.versioning", Minio);

pub(super) const CONNECT_TIMEOUT: Key = Key::new("minio.http_client.connect_timeout", Minio).default("3s");
pub(super) const READ_TIMEOUT: Key = Key::new("minio.http_client.read_timeout", Minio).default("30s");
pub(super) const REQUEST_TIMEOUT: Key = Key::new("minio.http_client.request_timeout", Minio);
pub(super) const IDLE_CONNECTIONS: Key = Key::new("minio.http_client.idle_connections", Minio).default("32");
pub(super) const CA_BUNDLE: Key = Key::new("minio.http_client.ca_bundle", Minio);
pub(super) const PROXY: Key = Key::new("minio.http_client.proxy", Minio);
pub(super) const RETRIES: Key = Key::new("minio.http_client.retries", Minio).default("3");
pub(super) const BACKOFF: Key = Key::new("minio.http_client.backoff", Minio).default("200ms");

pub(super) const MULTIPART_UPLOAD: Key = Key::new("minio.multipart_upload", Minio)
    .default("true")
    .without_effect("large content is always sent in parts");
pub(super) const MULTIPART_THRESHOLD: Key = Key::new("minio.multipart_threshold", Minio).default("10MiB");
pub(super) const MULTIPART_PART_SIZE: Key = Key::new("minio.multipart_part_size", Minio).default("10MiB");

pub(super) const URL_CACHING: Key = Key::new("minio.url_caching_enabled", Every).default("false");
pub(super) const URL_CACHING_TIMEOUT: Key = Key::new("minio.url_caching_timeout", Every).default("1h");
pub(super) const URL_CACHING_PREFIX: Key = Key::new("minio.url_caching_prefix", Every)
    .without_effect("URLs stay the same without a cache that would keep them");

/// All of them.
pub(super) const ALL: [&Key; 47] = [
    &BACKEND,
    &ROOT,
    &BASE_URL,
    &SIGNING_KEY,
    &DURABILITY,
    &OPTIONS,
    &OBJECTS_BASE_URL,
    &ENDPOINT,
    &USE_HTTPS,
    &EXTERNAL_ENDPOINT,
    &EXTERNAL_USE_HTTPS,
    &REGION,
    &ADDRESSING_STYLE,
    &PUBLIC_BASE_URL,
    &PAYLOAD_SIGNING,
    &READ_VERIFICATION,
    &CONDITIONAL_WRITES,
    &ACCESS_KEY,
    &SECRET_KEY,
    &SESSION_TOKEN,
    &URL_EXPIRY,
    &PRIVATE_BUCKETS,
    &PUBLIC_BUCKETS,
    &MEDIA_BUCKET,
    &DEFAULT_BUCKET,
    &STATIC_BUCKET,
    &POLICY_HOOKS,
    &CHECK_ON_SAVE,
    &CHECK_ON_START,
    &CORS_ORIGINS,
    &UPLOADS_EXPIRY,
    &UPLOADS_PREFIX,
    &VERSIONING,
    &CONNECT_TIMEOUT,
    &READ_TIMEOUT,
    &REQUEST_TIMEOUT,
    &IDLE_CONNECTIONS,
    &CA_BUNDLE,
    &PROXY,
    &RETRIES,
    &BACKOFF,
    &MULTIPART_UPLOAD,
    &MULTIPART_THRESHOLD,
    &MULTIPART_PART_SIZE,
    &URL_CACHING,
    &URL_CACHING_TIMEOUT,
    &URL_CACHING_PREFIX,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_the_original_names() {
        assert_eq!(ENDPOINT.variable(), "MINIO_ENDPOINT");
        assert_eq!(EXTERNAL_USE_HTTPS.variable(), "MINIO_EXTERNAL_ENDPOINT_USE_HTTPS");
        assert_eq!(CONNECT_TIMEOUT.variable(), "MINIO_HTTP_CLIENT__CONNECT_TIMEOUT");
        assert_eq!(BACKEND.variable(), "STORAGE_BACKEND");
    }

    #[test]
    fn the_documentation_has_each_key_with_its_default() {
        let documentation = include_str!("mod.rs");
        for key in ALL {
            let row = documentation
                .lines()
                .find(|line| line.starts_with("//! |") && line.contains(&format!("`{}`", key.path)));
            let row = row.unwrap_or_else(|| panic!("{} is missing", key.path));
            assert!(key.default.is_none_or(|default| row.contains(&format!("| `{default}` |"))), "{row}");
        }
    }

    #[test]
    fn each_key_is_there_once() {
        let paths: std::collections::BTreeSet<_> = ALL.iter().map(|key| key.path).collect();
        assert_eq!(paths.len(), ALL.len());
    }
}
