//! Addresses of objects, public and signed.

mod form;
mod upload;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method};
use storage_core::clock::Clock;
use storage_core::url::{MAX_EXPIRY, UrlMethod, UrlSigner, Validity};
use storage_core::{Error, ErrorKind, FileUrl, ObjectKey, Result, UrlOptions};

use crate::addressing::{BucketAddress, encode_key_into};
use crate::credentials::{CredentialCache, Credentials};
use crate::endpoint::PublicBaseUrl;
use crate::sign::{self, Presign, Signer};

/// Makes the URLs and forms of one bucket. Never asks a server, and no credential provider either.
#[derive(Debug)]
pub(crate) struct S3UrlSigner {
    signer: Arc<Signer>,
    credentials: Arc<CredentialCache>,
    address: BucketAddress,
    public_base: Option<PublicBaseUrl>,
    default_expiry: Duration,
    clock: Clock,
}

/// Who signs, as of when, and for how long it holds.
struct Signing {
    credentials: Arc<Credentials>,
    from: SystemTime,
    seconds: u64,
}

impl S3UrlSigner {
    /// `address` is the external one, where there is one. URLs live 7 days unless told otherwise.
    pub(crate) fn new(
        signer: Arc<Signer>,
        credentials: Arc<CredentialCache>,
        address: BucketAddress,
        clock: Clock,
    ) -> Self {
        Self { signer, credentials, address, public_base: None, default_expiry: MAX_EXPIRY, clock }
    }

    /// Sets how long a URL lives whose options do not say.
    pub(crate) fn with_default_expiry(mut self, expiry: Duration) -> Self {
        self.default_expiry = expiry;
        self
    }

    /// Sets what the URLs of public objects begin with.
    pub(crate) fn with_public_base(mut self, base: PublicBaseUrl) -> Self {
        self.public_base = Some(base);
        self
    }

    fn sign(&self, key: &ObjectKey, options: &UrlOptions) -> Result<FileUrl> {
        options.validate()?;
        let signing = self.signing(|now, default| options.validity(now, default))?;
        let query = query_of(options);
        let method = match options.method {
            UrlMethod::Get => &Method::GET,
            UrlMethod::Head => &Method::HEAD,
            UrlMethod::Delete => &Method::DELETE,
            _ => return Err(Error::unsupported("the S3 store does not sign URLs for this method")),
        };
        self.presign(&signing, method, key, &query, &HeaderMap::new())
    }

    /// # Errors
    ///
    /// What [`Validity`] says; `Unauthenticated` if the credentials have expired, or do within a second.
    fn signing(&self, validity: impl FnOnce(SystemTime, Duration) -> Result<Validity>) -> Result<Signing> {
        let now = self.clock.now();
        let Validity { from, seconds, .. } = validity(now, self.default_expiry)?;
        let credentials = self.credentials.snapshot()?;
        remaining_life(&credentials, now)?;
        let seconds = seconds.min(remaining_life(&credentials, from)?);
        Ok(Signing { credentials, from, seconds })
    }

    fn presign(
        &self,
        signing: &Signing,
        method: &Method,
        key: &ObjectKey,
        query: &[(&str, &str)],
        headers: &HeaderMap,
    ) -> Result<FileUrl> {
        let request = Presign {
            method,
            address: &self.address,
            key: key.as_str(),
            query,
            headers,
            expires_in_seconds: signing.seconds,
        };
        self.signer.presign(&request, &signing.credentials, signing.from).map(FileUrl::new)
    }

    fn named(&self, error: Error, operation: &'static str) -> Error {
        error.with_operation(operation).with_store(self.address.bucket().as_str())
    }
}

impl UrlSigner for S3UrlSigner {
    fn public_url(&self, key: &ObjectKey) -> Result<FileUrl> {
        let key = key.as_str();
        let mut url = String::with_capacity(self.address.len() + key.len() * 3);
        if let Some(base) = &self.public_base {
            url.push_str(base.as_str());
            url.push('/');
            encode_key_into(key, &mut url);
        } else {
            self.address.write_base(&mut url);
            self.address.write_object_path(key, &mut url);
        }
        Ok(FileUrl::new(url))
    }

    fn signed_url(&self, key: &ObjectKey, options: &UrlOptions) -> Result<FileUrl> {
        self.sign(key, options).map_err(|error| self.named(error, "signed_url").with_key(key))
    }
}

/// The parameters besides those of the signature, in their order. Allocated at most once.
fn query_of(options: &UrlOptions) -> Vec<(&str, &str)> {
    let further = options.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let version = options.version.as_deref().map(|version| ("versionId", version));
    let count = options.response.iter().count() + usize::from(version.is_some()) + options.query.len();
    let mut query: Vec<(&str, &str)> = Vec::with_capacity(count);
    query.extend(further);
    query.extend(version);
    for (name, value) in options.response.iter() {
        query.push((name, value));
    }
    sign::sort(&mut query);
    query
}

/// Whole seconds that the credentials are valid for: a URL dies with its session token.
fn remaining_life(credentials: &Credentials, now: SystemTime) -> Result<u64> {
    let Some(expires_at) = credentials.expires_at() else { return Ok(u64::MAX) };
    match expires_at.duration_since(now).map(|life| life.as_secs()) {
        Ok(seconds @ 1..) => Ok(seconds),
        _ => Err(Error::new(ErrorKind::Unauthenticated, "the credentials expire within a second")
            .with_hint("make any call on data, which renews them")),
    }
}

#[cfg(test)]
mod tests {
    use storage_core::BucketName;
    use storage_core::url::ResponseOverrides;

    use super::*;
    use crate::addressing::Addressing;
    use crate::endpoint::ExternalEndpoint;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    pub(super) fn credentials() -> Credentials {
        Credentials::new("key", "s3cr3t").unwrap()
    }

    pub(super) fn signer_with(
        credentials: Credentials,
        endpoint: &str,
        addressing: Addressing,
    ) -> S3UrlSigner {
        let endpoint: ExternalEndpoint = endpoint.parse().unwrap();
        let bucket = BucketName::new("photos").unwrap();
        let address = BucketAddress::external(&endpoint, addressing, &bucket).unwrap();
        let clock = Clock::fixed(NOW + Duration::from_millis(1_369_353_600_900));
        let credentials = Arc::new(CredentialCache::fixed(credentials, clock.clone()));
        S3UrlSigner::new(Arc::new(Signer::new("us-east-1")), credentials, address, clock)
    }

    pub(super) fn signer() -> S3UrlSigner {
        signer_with(credentials(), "https://example.org/files", Addressing::Path)
    }

    pub(super) fn key() -> ObjectKey {
        ObjectKey::new("a b/ü+.jpg").unwrap()
    }

    pub(super) fn parameter(url: &FileUrl, name: &str) -> Option<String> {
        let (_, query) = url.as_str().split_once('?')?;
        query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
    }

    #[test]
    fn public_urls_are_encoded() {
        let url = |signer: &S3UrlSigner| signer.public_url(&key()).unwrap().to_string();
        assert_eq!(url(&signer()), "https://example.org/files/photos/a%20b/%C3%BC%2B.jpg");
        let virtual_host = signer_with(credentials(), "http://example.org:8080", Addressing::VirtualHost);
        assert_eq!(url(&virtual_host), "http://photos.example.org:8080/a%20b/%C3%BC%2B.jpg");
        let cdn = signer().with_public_base("https://cdn.example.org/m/".parse().unwrap());
        assert_eq!(url(&cdn), "https://cdn.example.org/m/a%20b/%C3%BC%2B.jpg");
    }

    #[test]
    fn signed_urls_are_for_the_endpoint_also_where_public_ones_are_not() {
        let signer = signer().with_public_base("https://cdn.example.org".parse().unwrap());
        let url = signer.signed_url(&key(), &UrlOptions::new()).unwrap();
        assert!(
            url.as_str().starts_with("https://example.org/files/photos/a%20b/%C3%BC%2B.jpg?X-Amz-"),
            "{url}"
        );
    }

    #[test]
    fn a_base_path_is_not_part_of_the_signature() {
        let plain = signer_with(credentials(), "https://example.org", Addressing::Path);
        let [with_base, without] =
            [signer(), plain].map(|signer| signer.signed_url(&key(), &UrlOptions::new()).unwrap());
        assert_eq!(parameter(&with_base, "X-Amz-Signature"), parameter(&without, "X-Amz-Signature"));
    }

    #[test]
    fn every_option_takes_part() {
        let mut overrides = ResponseOverrides::default();
        for name in [
            "response-cache-control",
            "response-content-encoding",
            "response-content-language",
            "response-expires",
        ] {
            assert!(overrides.set(name, format!("of {name}")));
        }
        let options = UrlOptions::new()
            .method(UrlMethod::Head)
            .expires_in(Duration::from_secs(60))
            .response(overrides)
            .download_as("Übersicht.pdf")
            .response_content_type("text/plain");
        let signer = signer();
        let url = signer.signed_url(&key(), &options).unwrap();
        assert_eq!(parameter(&url, "X-Amz-Expires").as_deref(), Some("60"));
        assert_eq!(parameter(&url, "response-content-type").as_deref(), Some("text%2Fplain"));
        assert_eq!(parameter(&url, "response-cache-control").as_deref(), Some("of%20response-cache-control"));
        let disposition = parameter(&url, "response-content-disposition").unwrap();
        assert!(disposition.contains("UTF-8%27%27%25C3%259Cbersicht.pdf"), "{disposition}");

        let as_get = signer.signed_url(&key(), &options.clone().method(UrlMethod::Get)).unwrap();
        assert_ne!(parameter(&url, "X-Amz-Signature"), parameter(&as_get, "X-Amz-Signature"));
    }

    #[test]
    fn deletes_by_version_and_signs_what_else_is_in_the_query() {
        let options = UrlOptions::new()
            .method(UrlMethod::Delete)
            .version("v/1")
            .query("x-id", "DeleteObject")
            .query("A", "ü");
        let url = signer().signed_url(&key(), &options).unwrap();
        assert_eq!(parameter(&url, "versionId").as_deref(), Some("v%2F1"));
        assert!(url.as_str().contains("?A=%C3%BC&X-Amz-Algorithm="), "{url}");
        assert!(url.as_str().contains("&versionId=v%2F1&x-id=DeleteObject&X-Amz-Signature="), "{url}");
        for name in ["X-Amz-Date", "x-amz-signature", "versionid", ""] {
            let error = signer().signed_url(&key(), &options.clone().query(name, "x")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}");
        }
        let uploading = UrlOptions::new().method(UrlMethod::Put);
        assert_eq!(signer().signed_url(&key(), &uploading).unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn a_stable_url_is_the_same_within_its_window() {
        let at = |seconds: u64| {
            let mut signer = signer();
            signer.clock = Clock::fixed(NOW + Duration::from_secs(1_369_353_600 + seconds));
            let options =
                UrlOptions::new().stable_for(Duration::from_secs(3_600)).expires_in(Duration::from_secs(600));
            signer.signed_url(&key(), &options).unwrap()
        };
        let first = at(0);
        assert_eq!(parameter(&first, "X-Amz-Date").as_deref(), Some("20130524T000000Z"));
        assert_eq!(parameter(&first, "X-Amz-Expires").as_deref(), Some("4200"));
        for second in [1, 1_800, 3_599] {
            assert_eq!(at(second), first);
        }
        assert_ne!(at(3_600), first);
    }

    #[test]
    fn a_stable_url_is_not_made_with_credentials_that_end_now() {
        let start = 1_369_353_600;
        let ends_at = |seconds| {
            let end = NOW + Duration::from_millis((start + 3_000) * 1_000 + seconds);
            let mut signer =
                signer_with(credentials().with_expiry(end), "https://example.org", Addressing::Path);
            signer.clock = Clock::fixed(NOW + Duration::from_secs(start + 3_000));
            let options = UrlOptions::new().stable_for(Duration::from_secs(3_600));
            signer.signed_url(&key(), &options)
        };
        assert_eq!(ends_at(900).unwrap_err().kind(), ErrorKind::Unauthenticated);
        assert_eq!(parameter(&ends_at(1_000).unwrap(), "X-Amz-Expires").as_deref(), Some("3001"));
    }

    #[test]
    fn expiry_is_bounded_and_has_a_default() {
        let signer = signer();
        let expiry = |signer: &S3UrlSigner, options| {
            signer.signed_url(&key(), &options).map(|url| parameter(&url, "X-Amz-Expires"))
        };
        assert_eq!(expiry(&signer, UrlOptions::new()).unwrap().as_deref(), Some("604800"));
        for (seconds, is_valid) in [(0, false), (1, true), (604_800, true), (604_801, false)] {
            let result = expiry(&signer, UrlOptions::new().expires_in(Duration::from_secs(seconds)));
            assert_eq!(result.is_ok(), is_valid, "{result:?}");
        }
        let signer = signer.with_default_expiry(Duration::from_secs(90));
        assert_eq!(expiry(&signer, UrlOptions::new()).unwrap().as_deref(), Some("90"));
    }

    #[test]
    fn a_url_dies_with_its_session_token() {
        let end = |seconds_from_signing: u64| {
            let expires_at = NOW + Duration::from_millis(1_369_353_600_000 + seconds_from_signing * 1_000);
            let temporary = credentials().with_session_token("t/k").unwrap().with_expiry(expires_at);
            let signer = signer_with(temporary, "https://example.org", Addressing::Path);
            signer.signed_url(&key(), &UrlOptions::new().expires_in(Duration::from_secs(100)))
        };
        let url = end(1_000).unwrap();
        assert_eq!(parameter(&url, "X-Amz-Expires").as_deref(), Some("100"));
        assert_eq!(parameter(&url, "X-Amz-Security-Token").as_deref(), Some("t%2Fk"));
        // It is 0.9 s after the full second that the signature names.
        assert_eq!(parameter(&end(31).unwrap(), "X-Amz-Expires").as_deref(), Some("30"));
        for too_late in [0, 1] {
            let error = end(too_late).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unauthenticated);
            assert_eq!((error.operation(), error.key()), (Some("signed_url"), Some(key().as_str())));
        }
    }

    #[test]
    fn what_cannot_be_a_header_is_refused() {
        let options = UrlOptions::new().response_content_disposition("inline\r\nX: 1");
        assert_eq!(signer().signed_url(&key(), &options).unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn debug_shows_no_secret() {
        let signer = signer();
        let url = signer.signed_url(&key(), &UrlOptions::new()).unwrap();
        let text = format!("{signer:?} {url:?}");
        let signature = parameter(&url, "X-Amz-Signature").unwrap();
        assert!(!text.contains("s3cr3t") && !text.contains(&signature), "{text}");
    }
}
