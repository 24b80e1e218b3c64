use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use storage_core::capability::Capabilities;
use storage_core::url::{MAX_EXPIRY, MIN_EXPIRY};
use storage_core::{BucketName, Error, Result};

use super::faults::Faults;
use super::{Access, MinioStorageBuilder, PayloadSigning, ReadVerification, Said};
use crate::addressing::BucketAddress;
use crate::client::{Client, ClientOptions, ServerTraits, Throttle};
use crate::credentials::{CredentialCache, Credentials};
use crate::endpoint::{Endpoint, ExternalEndpoint, PublicBaseUrl};
use crate::sign::Signer;
use crate::storage::{Conditions, Extraction, Knowledge, MAX_PART, MIN_PART, MinioStorage, Store};
use crate::transport::{HyperTransport, Transport};
use crate::url_signer::S3UrlSigner;

impl MinioStorageBuilder {
    /// Builds the store. It needs no network.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](storage_core::ErrorKind::InvalidInput) names all that is missing or wrong, but no secret.
    pub fn build(self) -> Result<MinioStorage> {
        let mut faults = Faults::default();
        let endpoint = faults.given("endpoint", self.endpoint.as_deref(), |url| Ok(Endpoint::new(url)?));
        let external = faults.optional("external endpoint", self.external_endpoint.as_deref(), |url| {
            Ok(ExternalEndpoint::new(url)?)
        });
        let public_base = faults
            .optional("public base URL", self.public_base_url.as_deref(), |url| Ok(PublicBaseUrl::new(url)?));
        let bucket = faults.given("bucket", self.bucket.as_deref(), |name| Ok(BucketName::new(name)?));
        let credentials = faults.keep(self.credential_cache());
        faults.keep(self.check_limits());
        faults.keep(self.client_options.validate());

        let internal = match (&endpoint, &bucket) {
            (Some(endpoint), Some(bucket)) => {
                faults.keep(BucketAddress::internal(endpoint, self.addressing, bucket).map_err(Error::from))
            }
            _ => None,
        };
        let outside = match (&external, &bucket) {
            (Some(external), Some(bucket)) => {
                faults.keep(BucketAddress::external(external, self.addressing, bucket).map_err(Error::from))
            }
            _ => internal.clone(),
        };
        let transport = match (&self.transport, &endpoint) {
            (Some(transport), _) => Some(Arc::clone(transport)),
            (None, Some(endpoint)) => faults.keep(default_transport(endpoint, &self.client_options)),
            (None, None) => None,
        };
        faults.into_result()?;
        let (Some(endpoint), Some(bucket), Some(credentials), Some(address), Some(outside), Some(transport)) =
            (endpoint, bucket, credentials, internal, outside, transport)
        else {
            return Err(Error::invalid_input("the store is not described completely"));
        };

        let signer = Arc::new(Signer::new(self.region.as_str()));
        let credentials = Arc::new(credentials);
        let mut url_signer =
            S3UrlSigner::new(Arc::clone(&signer), Arc::clone(&credentials), outside, self.clock.clone())
                .with_default_expiry(self.url_expiry);
        if let Some(base) = public_base {
            url_signer = url_signer.with_public_base(base);
        }
        let client = Client {
            transport,
            bucket,
            address,
            server: endpoint.to_string().into(),
            signer,
            region: self.region,
            credentials,
            sign_payload: match self.payload_signing {
                PayloadSigning::Auto => !endpoint.is_tls(),
                PayloadSigning::Always => true,
                PayloadSigning::Never => false,
            },
            options: self.client_options,
            clock: self.clock,
            bucket_seen: AtomicBool::new(false),
            traits: Arc::new(ServerTraits::of_host(endpoint.host())),
            throttle: Arc::new(Throttle::default()),
        };
        let all = Capabilities::all().with_single_put_limit(self.multipart_threshold);
        let store = Store {
            client,
            capabilities: self.abilities.into_iter().fold(all, |abilities, (ability, said)| match said {
                Said::There => abilities.with(ability),
                Said::Lacking => abilities.without(ability),
            }),
            conditions: Knowledge::said(self.conditional_writes),
            extraction: Extraction::default(),
            part_size: self.part_size,
            create_bucket_on_save: self.create_bucket_on_save,
            verifies_reads: match self.read_verification {
                ReadVerification::Auto => !endpoint.is_tls(),
                ReadVerification::Always => true,
                ReadVerification::Never => false,
            },
        };
        Ok(MinioStorage::new(store, url_signer))
    }

    fn credential_cache(&self) -> Result<CredentialCache> {
        match &self.access {
            Access::Missing => Err(Error::invalid_input("credentials are missing")),
            Access::Keys(access_key, secret_key) => {
                let mut credentials = Credentials::new(access_key, secret_key)?;
                if let Some(token) = &self.session_token {
                    credentials = credentials.with_session_token(token)?;
                }
                Ok(CredentialCache::fixed(credentials, self.clock.clone()))
            }
            Access::Provider(_) if self.session_token.is_some() => {
                Err(Error::invalid_input("a session token goes with keys, not with a credential provider"))
            }
            Access::Provider(provider) => {
                Ok(CredentialCache::provided(Arc::clone(provider), self.clock.clone()))
            }
        }
    }

    fn check_limits(&self) -> Result<()> {
        let region_is_word =
            self.region.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if self.region.is_empty() || !region_is_word {
            return Err(Error::invalid_input("the region is a word such as `us-east-1`"));
        }
        if !(1..=MAX_PART).contains(&self.multipart_threshold) {
            return Err(Error::invalid_input("the multipart threshold lies between 1 byte and 5 GiB"));
        }
        if !(MIN_PART..=MAX_PART).contains(&self.part_size) {
            return Err(Error::invalid_input("the part size lies between 5 MiB and 5 GiB"));
        }
        if self.abilities.iter().any(|(ability, _)| Conditions::DEPENDENT.contains(ability)) {
            return Err(Error::invalid_input(
                "what depends on conditions on writes is said by `conditional_writes`, not ability by ability",
            ));
        }
        match (MIN_EXPIRY..=MAX_EXPIRY).contains(&self.url_expiry) {
            true => Ok(()),
            false => Err(Error::invalid_input("the expiry of URLs lies between 1 second and 7 days")),
        }
    }
}

fn default_transport(endpoint: &Endpoint, options: &ClientOptions) -> Result<Arc<dyn Transport>> {
    Ok(Arc::new(match endpoint.is_tls() {
        true => HyperTransport::new(options)?,
        false => HyperTransport::without_tls(options)?,
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use storage_core::capability::Ability;

    use super::*;
    use crate::addressing::Addressing;

    fn complete() -> MinioStorageBuilder {
        MinioStorage::builder()
            .endpoint("http://127.0.0.1:9000")
            .credentials("key", "s3cr3t-value")
            .bucket("photos")
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let error = MinioStorage::builder()
            .endpoint("127.0.0.1:9000")
            .bucket("NOT A BUCKET")
            .part_size(1)
            .client_options(ClientOptions::new().proxy("socks5://x"))
            .build()
            .unwrap_err();
        for fault in ["endpoint: ", "bucket: ", "credentials are missing", "part size"] {
            assert!(error.message().contains(fault), "{fault}: {error}");
        }
        let error = complete().client_options(ClientOptions::new().proxy("socks5://x")).build().unwrap_err();
        assert!(error.message().contains("proxy"), "{error}");
    }

    #[test]
    fn debug_shows_no_secret() {
        let builder =
            complete().session_token("t0k3n").client_options(ClientOptions::new().proxy("http://u:pr0xy@h"));
        let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
        for secret in ["s3cr3t", "t0k3n", "pr0xy"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("photos"));
    }

    #[test]
    fn limits_hold() {
        assert!(complete().build().is_ok());
        for builder in [
            complete().url_expiry(Duration::ZERO),
            complete().url_expiry(MAX_EXPIRY + Duration::from_secs(1)),
            complete().multipart_threshold(0),
            complete().part_size(MAX_PART + 1),
            complete().region(""),
            complete().region("a/b"),
            complete().addressing(Addressing::VirtualHost),
            complete().external_endpoint("ftp://x"),
            complete().with_ability(Ability::CreateIfAbsent),
            complete().without_ability(Ability::PutIfMatch),
            complete().client_options(ClientOptions::new().read_timeout(Duration::ZERO)),
        ] {
            assert!(builder.clone().build().is_err(), "{builder:?}");
        }
    }
}
