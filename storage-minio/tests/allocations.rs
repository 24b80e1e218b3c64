//! What a signed URL costs: memory, counted by an allocator of this binary's own, and requests.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use allocation_counter::measure;
use storage_core::url::{FormKey, FormOptions, UploadOptions, UrlMethod};
use storage_core::{Bucket, ObjectKey, PutOptions, Storage, UrlOptions};
use storage_minio::MinioStorage;
use support::{Scripted, key};

fn storage() -> MinioStorage {
    Scripted::replies([]).storage()
}

fn plain() -> UrlOptions {
    UrlOptions::new().expires_in(Duration::from_secs(3_600))
}

fn with_everything() -> UrlOptions {
    plain()
        .download_as("Übersicht.pdf")
        .response_content_type("application/pdf")
        .response_cache_control("no-store")
        .stable_for(Duration::from_secs(60))
        .version("v1")
        .query("x-id", "GetObject")
}

/// How often memory is asked for, once the key of the day is made.
fn allocations(storage: &MinioStorage, key: &ObjectKey, options: &UrlOptions) -> u64 {
    let signer = storage.url_signer().unwrap();
    signer.signed_url(key, options).unwrap();
    let counted = measure(|| drop(signer.signed_url(key, options).unwrap()));
    assert_eq!((counted.count_current, counted.bytes_current), (0, 0), "something is kept");
    counted.count_total
}

#[test]
fn a_signed_url_is_one_allocation_and_one_more_for_parameters() {
    let (storage, key) = (storage(), key("cats/2026/11/23/Ü b.jpg"));
    assert_eq!(allocations(&storage, &key, &plain()), 1);
    assert_eq!(allocations(&storage, &key, &plain().method(UrlMethod::Head)), 1);
    assert_eq!(allocations(&storage, &key, &plain().method(UrlMethod::Delete).version("v")), 2);
    assert_eq!(allocations(&storage, &key, &with_everything()), 2);
    let longest: ObjectKey = "ü".repeat(512).parse().unwrap();
    assert_eq!(allocations(&storage, &longest, &with_everything()), 2);
}

/// Of other days and keys too. A million with `STORAGE_TEST_URLS=1000000`.
#[test]
#[allow(clippy::disallowed_methods, reason = "a test is told by the environment how long it may take")]
fn memory_stays_flat() {
    let count = std::env::var("STORAGE_TEST_URLS").map_or(20_000, |count| count.parse().unwrap());
    let storage = storage();
    let signer = storage.url_signer().unwrap();
    let sign = |count: u64| {
        measure(|| {
            for number in 0..count {
                let key: ObjectKey = format!("cats/{number:07}.jpg").parse().unwrap();
                // Days of the last week, so that keys are derived and forgotten.
                let window = Duration::from_secs(86_400 * (number % 6 + 1));
                let options = UrlOptions::new().expires_in(Duration::from_secs(60)).stable_for(window);
                signer.signed_url(&key, &options).unwrap();
            }
        })
    };
    let (warm_up, few, many) = (sign(100), sign(100), sign(count));
    assert!(warm_up.count_total > 0);
    assert_eq!((many.count_current, many.bytes_current), (0, 0), "{count} URLs left something");
    assert_eq!(many.bytes_max, few.bytes_max, "{count} URLs need more at once than 100");
}

/// The transport has no reply to give: the first request would be a panic.
#[test]
fn no_url_asks_anybody_also_not_the_first() {
    let transport = Scripted::replies([]);
    let bucket = Bucket::new(Arc::new(transport.storage()) as Arc<dyn Storage>);
    bucket.url("a").unwrap();
    for method in [UrlMethod::Get, UrlMethod::Head, UrlMethod::Delete] {
        bucket.url_with("a", with_everything_but_overrides(method)).unwrap();
    }
    let put = PutOptions::new().content_type("image/png").metadata("a", "b");
    bucket.upload_url("a", UploadOptions::new().put(put).content_length(3)).unwrap();
    bucket.upload_form(&FormKey::Exact(key("a")), FormOptions::new()).unwrap();
    bucket.upload_form(&FormKey::Below(key("a")), FormOptions::new()).unwrap();
    assert_eq!(transport.asked().len(), 0);
}

fn with_everything_but_overrides(method: UrlMethod) -> UrlOptions {
    plain().method(method).version("v1").query("x-id", "a").stable_for(Duration::from_secs(60))
}
