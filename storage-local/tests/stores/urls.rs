use http::HeaderMap;
use std::time::{Duration, UNIX_EPOCH};

use storage_core::clock::Clock;
use storage_core::url::UrlRefusal;
use storage_core::{ErrorKind, Storage, UrlOptions};
use storage_local::MemoryStorage;

use crate::{key, on_each};

#[tokio::test]
async fn a_store_grants_what_it_signed_and_its_clone_too() {
    on_each(|storage| async move {
        let (signer, verifier) = (storage.url_signer().unwrap(), storage.url_verifier().unwrap());
        let options = UrlOptions::new().download_as("Übersicht.pdf");
        let url = signer.signed_url(&key("a b/ü"), &options).unwrap();
        assert!(url.as_str().starts_with("/files/") && url.as_str().contains("/a%20b/%C3%BC?expires="));
        let grant = verifier.verify_url("GET", url.as_str(), &HeaderMap::new()).unwrap();
        assert_eq!((grant.key, grant.response), (key("a b/ü"), options.response));
        let public = signer.public_url(&key("a b/ü")).unwrap();
        assert_eq!(verifier.verify_url("GET", public.as_str(), &HeaderMap::new()), Err(UrlRefusal::Unsigned));
    })
    .await;
}

#[test]
fn the_settings_are_checked() {
    let build = || MemoryStorage::builder().name("photos");
    for broken in [
        build().base_url("files"),
        build().signing_key("short"),
        build().url_expiry(Duration::ZERO),
        build().url_expiry(Duration::from_secs(8 * 24 * 3_600)),
    ] {
        assert_eq!(broken.build().unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_000));
    let storage = build()
        .base_url("https://example.org/m/")
        .signing_key(*b"0123456789abcdef")
        .url_expiry(Duration::from_secs(10))
        .clock(clock)
        .build()
        .unwrap();
    let url = storage.url_signer().unwrap().signed_url(&key("k"), &UrlOptions::new()).unwrap();
    assert!(url.as_str().starts_with("https://example.org/m/photos/k?expires=1010&signature="), "{url}");
    let settings = format!("{:?}", build().signing_key("a secret signing key"));
    assert!(!settings.contains("secret") && !settings.contains("97, 32"), "{settings}");
}

#[test]
fn two_stores_in_memory_have_two_keys() {
    let [one, two] = [MemoryStorage::new(), MemoryStorage::new()];
    let url = one.url_signer().unwrap().signed_url(&key("k"), &UrlOptions::new()).unwrap();
    assert!(one.clone().url_verifier().unwrap().verify_url("GET", url.as_str(), &HeaderMap::new()).is_ok());
    assert_eq!(
        two.url_verifier().unwrap().verify_url("GET", url.as_str(), &HeaderMap::new()),
        Err(UrlRefusal::SignatureMismatch)
    );
}
