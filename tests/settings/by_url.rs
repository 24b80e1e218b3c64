//! Stores by URL.

use storage_suite::Settings;

use crate::faults;

#[test]
fn a_store_by_url_needs_its_feature_and_a_known_scheme() {
    let told = |url: &str| faults(Settings::from_sources("", [("STORAGE_BACKEND", url)])).join("\n");
    if !cfg!(feature = "object-store-gcp") {
        let fault = told("gs://bucket/media");
        assert!(fault.contains("`object-store-gcp` of storage-suite"), "{fault}");
    }
    assert!(told("ftp://host").contains("gs://"), "{}", told("ftp://host"));
    assert!(told("gcs").contains("a URL such as gs://"), "{}", told("gcs"));
}

#[cfg(feature = "object-store")]
#[test]
fn options_of_a_store_by_url_are_secret_and_have_an_effect_only_there() {
    let bad = [("STORAGE_BACKEND", "memory:///"), ("STORAGE_OPTIONS", "hunter2")];
    let told = faults(Settings::from_sources("", bad));
    assert!(told[0].contains("name=value") && !told[0].contains("hunter2"), "{told:?}");
    let elsewhere = [("STORAGE_BACKEND", "memory"), ("STORAGE_OPTIONS", "a=b")];
    let notes: Vec<_> =
        Settings::from_sources("", elsewhere).unwrap().notes().iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["STORAGE_OPTIONS has no effect: no URL names the store"]);
}
