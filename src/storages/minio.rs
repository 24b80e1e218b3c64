use std::sync::Arc;

use storage_core::{BucketName, Result, Storage};
use storage_minio::transport::HyperTransport;
use storage_minio::{Addressing, CaBundle, ClientOptions, MinioStorage, MinioStorageBuilder, RetryOptions};

use crate::settings::{
    AddressingStyle, Buckets, ConditionalWrites, HttpClientSettings, MinioSettings, PayloadSigning,
    ReadVerification,
};

/// A store for each bucket. Over TLS they share their connections and the certificates that are trusted.
pub(super) fn stores(settings: &MinioSettings, buckets: &Buckets) -> Result<Vec<Arc<dyn Storage>>> {
    let options = client_options(&settings.http_client);
    let mut builder = builder(settings, options.clone());
    if settings.endpoint.is_https() {
        builder = builder.transport(Arc::new(HyperTransport::new(&options)?));
    }
    let store = |name: &BucketName| -> Result<Arc<dyn Storage>> {
        Ok(Arc::new(builder.clone().bucket(name.as_str()).build()?))
    };
    buckets.all().map(store).collect()
}

fn builder(settings: &MinioSettings, options: ClientOptions) -> MinioStorageBuilder {
    let mut builder = MinioStorage::builder()
        .endpoint(settings.endpoint.to_string())
        .region(settings.region.as_str())
        .credentials(settings.access_key.expose(), settings.secret_key.expose())
        .addressing(match settings.addressing_style {
            AddressingStyle::Path => Addressing::Path,
            AddressingStyle::VirtualHost => Addressing::VirtualHost,
        })
        .payload_signing(match settings.payload_signing {
            PayloadSigning::Auto => storage_minio::PayloadSigning::Auto,
            PayloadSigning::Always => storage_minio::PayloadSigning::Always,
            PayloadSigning::Never => storage_minio::PayloadSigning::Never,
        })
        .read_verification(match settings.read_verification {
            ReadVerification::Auto => storage_minio::ReadVerification::Auto,
            ReadVerification::Always => storage_minio::ReadVerification::Always,
            ReadVerification::Never => storage_minio::ReadVerification::Never,
        })
        .conditional_writes(match settings.conditional_writes {
            ConditionalWrites::Auto => storage_minio::ConditionalWrites::Auto,
            ConditionalWrites::Honoured => storage_minio::ConditionalWrites::Honoured,
            ConditionalWrites::CreateOnly => storage_minio::ConditionalWrites::CreateOnly,
            ConditionalWrites::Ignored => storage_minio::ConditionalWrites::Ignored,
        })
        .multipart_threshold(settings.multipart_threshold)
        .part_size(settings.multipart_part_size)
        .client_options(options);
    if let Some(endpoint) = &settings.external_endpoint {
        builder = builder.external_endpoint(endpoint.to_string());
    }
    if let Some(url) = &settings.public_base_url {
        builder = builder.public_base_url(url);
    }
    if let Some(token) = &settings.session_token {
        builder = builder.session_token(token.expose());
    }
    if settings.bucket_check_on_save {
        builder = builder.create_bucket_on_save();
    }
    builder
}

fn client_options(settings: &HttpClientSettings) -> ClientOptions {
    let mut options = ClientOptions::new()
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.read_timeout)
        .idle_connections(usize::try_from(settings.idle_connections).unwrap_or(usize::MAX))
        .retry(RetryOptions::new().count(settings.retries).backoff(settings.backoff));
    if let Some(timeout) = settings.request_timeout {
        options = options.request_timeout(timeout);
    }
    if let Some(path) = &settings.ca_bundle {
        options = options.ca_bundle(CaBundle::File(path.clone()));
    }
    if let Some(proxy) = &settings.proxy {
        options = options.proxy(proxy.expose());
    }
    options
}
