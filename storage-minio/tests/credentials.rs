//! Credentials that come from a provider, and that nothing shows.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use storage_core::clock::Clock;
use storage_core::{ErrorKind, Result, Storage, UrlOptions};
use storage_minio::{CredentialProvider, Credentials, MinioStorage};
use support::{Reply, SECRET, Scripted, key};

const TOKEN: &str = "s3ss10n-t0k3n-value";

/// Temporary credentials that live for an hour.
#[derive(Debug)]
struct Temporary(SystemTime);

#[async_trait]
impl CredentialProvider for Temporary {
    async fn credentials(&self) -> Result<Credentials> {
        let credentials = Credentials::new("access-key", SECRET)?.with_session_token(TOKEN)?;
        Ok(credentials.with_expiry(self.0 + Duration::from_secs(3_600)))
    }
}

fn storage(now: SystemTime, transport: &Arc<Scripted>) -> MinioStorage {
    MinioStorage::builder()
        .endpoint("http://minio.test:9000")
        .credential_provider(Arc::new(Temporary(now)))
        .bucket("photos")
        .clock(Clock::fixed(now))
        .transport(Arc::clone(transport) as Arc<_>)
        .build()
        .unwrap()
}

#[tokio::test]
async fn urls_need_credentials_that_were_fetched_and_live_no_longer_than_they() {
    let transport = Scripted::replies([]);
    let storage = storage(SystemTime::now(), &transport);
    let sign = || storage.url_signer().unwrap().signed_url(&key("a"), &UrlOptions::new());
    assert_eq!(sign().unwrap_err().kind(), ErrorKind::Unauthenticated);

    storage.refresh_credentials().await.unwrap();
    let url = sign().unwrap().to_string();
    assert!(url.contains("X-Amz-Expires=3600") && url.contains("X-Amz-Security-Token="), "{url}");
    assert!(transport.asked().is_empty(), "making a URL asked the server");
}

#[tokio::test]
async fn secrets_are_shown_nowhere() {
    let refused =
        "<Error><Code>SignatureDoesNotMatch</Code><Message>AWS4-HMAC-SHA256 Signature=abc</Message></Error>";
    let transport = Scripted::new(move |_| Reply::status(403).body(refused));
    let storage = storage(SystemTime::now(), &transport);
    let error = storage.stat(&key("a")).await.unwrap_err();
    let get = storage.get(&key("a"), storage_core::GetOptions::new()).await.unwrap_err();
    let url = storage.url_signer().unwrap().signed_url(&key("a"), &UrlOptions::new()).unwrap();
    let provided = Temporary(SystemTime::now()).credentials().await.unwrap();
    let builder = MinioStorage::builder().credentials("access-key", SECRET).session_token(TOKEN);
    let shown = format!(
        "{storage:?} {error} {error:?} {get} {get:?} {url:?} {provided:?} {builder:?} {:?}",
        storage.url_signer()
    );
    for secret in [SECRET, TOKEN, "Signature=abc", url.as_str().split("X-Amz-Signature=").nth(1).unwrap()] {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
}
