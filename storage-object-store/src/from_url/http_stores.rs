//! The stores that are reached by HTTP, made from a URL and options.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use object_store::ClientConfigKey;
use object_store::path::Path;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "webdav"))]
use object_store::{BackoffConfig, RetryConfig};
use storage_core::{Error, Result};
use url::Url;

use super::kind::{Opened, unknown};
#[cfg(feature = "aws")]
use crate::ConditionalWrites;
use crate::transport::Connector;
use crate::{Backend, ObjectStoreStorage};

type Options = BTreeMap<String, String>;

/// Every builder of `object_store` has these methods, and no trait of them.
macro_rules! configured {
    ($builder:expr, $key:ty, $options:expr) => {{
        let builder = $builder
            .with_client_options(Connector::default_options())
            .with_retry(retry())
            .with_http_connector(Connector);
        checked::<$key>($options)?
            .into_iter()
            .fold(builder, |builder, (key, value)| builder.with_config(key, value))
    }};
}

#[cfg(feature = "aws")]
pub(super) fn amazon_s3(url: &Url, prefix: Path, options: Options) -> Result<Opened> {
    use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
    use storage_core::capability::Ability;

    let builder = configured!(AmazonS3Builder::new().with_url(url.as_str()), AmazonS3ConfigKey, options);
    let copies_if_absent = builder
        .get_config_value(&AmazonS3ConfigKey::CopyIfNotExists)
        .is_some_and(|how| how.starts_with("header"));
    // What is not sent cannot be heeded.
    let is_unconditional = builder
        .get_config_value(&AmazonS3ConfigKey::ConditionalPut)
        .is_some_and(|how| how.eq_ignore_ascii_case("disabled"));
    // Amazon and Cloudflare document that they honour conditions; behind an address of one's own is who knows what.
    let is_known =
        builder.get_config_value(&AmazonS3ConfigKey::Endpoint).is_none_or(|endpoint| is_of_r2(&endpoint));
    let objects = builder.build().map_err(refused)?;
    let builder = ObjectStoreStorage::paged(Arc::new(objects)).backend(Backend::AmazonS3);
    let builder = builder.completes_conditionally();
    let builder = match (is_unconditional, is_known) {
        (true, _) => builder.conditional_writes(ConditionalWrites::Ignored),
        (_, true) => builder.conditional_writes(ConditionalWrites::Honoured),
        _ => builder,
    };
    let builder = match copies_if_absent {
        true => builder.with_ability(Ability::CopyIfAbsent),
        false => builder,
    };
    Ok(Opened { builder, prefix })
}

/// Whether an address is that of Cloudflare R2, which `object_store` also makes of such a URL.
#[cfg(feature = "aws")]
fn is_of_r2(endpoint: &str) -> bool {
    let host = Url::parse(endpoint).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| host.ends_with(".r2.cloudflarestorage.com"))
}

#[cfg(feature = "gcp")]
pub(super) fn google_cloud_storage(url: &Url, prefix: Path, options: Options) -> Result<Opened> {
    use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};

    let builder =
        configured!(GoogleCloudStorageBuilder::new().with_url(url.as_str()), GoogleConfigKey, options);
    let objects = builder.build().map_err(refused)?;
    Ok(Opened {
        builder: ObjectStoreStorage::paged(Arc::new(objects)).backend(Backend::GoogleCloudStorage),
        prefix,
    })
}

#[cfg(feature = "azure")]
pub(super) fn azure_blob_storage(url: &Url, prefix: Path, options: Options) -> Result<Opened> {
    use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};

    let builder = configured!(MicrosoftAzureBuilder::new().with_url(url.as_str()), AzureConfigKey, options);
    let objects = builder.build().map_err(refused)?;
    Ok(Opened {
        builder: ObjectStoreStorage::paged(Arc::new(objects)).backend(Backend::AzureBlobStorage),
        prefix,
    })
}

#[cfg(feature = "webdav")]
pub(super) fn web_dav(url: &Url, prefix: Path, options: Options) -> Result<Opened> {
    use object_store::http::HttpBuilder;

    let origin = &url[..url::Position::BeforePath];
    let builder = configured!(HttpBuilder::new().with_url(origin), ClientConfigKey, options);
    let objects = builder.build().map_err(refused)?;
    Ok(Opened { builder: ObjectStoreStorage::builder(Arc::new(objects)).backend(Backend::WebDav), prefix })
}

/// The options by their keys. One that is not known is an error: `object_store` would ignore it.
fn checked<K: FromStr>(options: Options) -> Result<Vec<(K, String)>> {
    let mut checked = Vec::with_capacity(options.len());
    for (key, value) in options {
        let means = key
            .strip_prefix("aws_")
            .or(key.strip_prefix("google_"))
            .or(key.strip_prefix("azure_"))
            .unwrap_or(&key);
        if let Ok(client) = means.parse::<ClientConfigKey>()
            && Connector::UNSUPPORTED.contains(&client)
        {
            return Err(Error::unsupported(format!(
                "the option `{key}` is not supported by the client of `from_url`"
            ))
            .with_hint("build the store with object_store and hand it to `ObjectStoreStorage::paged`"));
        }
        let known = key.parse().map_err(|_| unknown(&key))?;
        checked.push((known, value));
    }
    Ok(checked)
}

/// Three more attempts within half a minute; `object_store`'s own ten within three minutes keep a request of a web application waiting.
fn retry() -> RetryConfig {
    RetryConfig { backoff: BackoffConfig::default(), max_retries: 3, retry_timeout: Duration::from_secs(30) }
}

fn refused(error: object_store::Error) -> Error {
    Error::invalid_input("the store's URL and options do not fit together")
        .with_source(crate::translate::errors::translate(error))
}
