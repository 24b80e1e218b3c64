//! The values of settings, each for itself: what is accepted is within its limits, and is accepted again as it is shown.

use std::time::Duration;

use config::Value;

use super::embedded::base_url;
use super::endpoint::Endpoint;
use super::layer::is_alias;
use super::parse::{self, Bare};
use super::shown::shown;
use super::suggest::nearest;

/// Durations, sizes, lists, addresses.
pub const SEEDS: &[&[u8]] = &[
    b"7d12h30m90s500ms",
    b"18446744073709551615",
    b"10MiB",
    b"[\"a\", \"b\"]",
    b"photos, documents,",
    b"[::1]:9000",
    b"https://user:pw@Files.Example.org:443/m%C3%BC/",
    b"/files/../x//",
    b"minio_1:65536",
    b"endpont",
];

/// Takes the input for each kind of value.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let value = Value::new(None, &*text);
    let visible = shown(&value);
    assert!(visible.chars().count() <= 201 && !visible.contains(char::is_control), "{visible:?}");
    durations(&text, &value);
    if let Ok(size) = parse::bytes(&value, 5 << 20..=5 << 30) {
        assert!((5 << 20..=5 << 30).contains(&size));
        assert_eq!(parse::bytes(&Value::new(None, size.to_string()), 5 << 20..=5 << 30), Ok(size));
    }
    if let Ok(count) = parse::count(&value, 20) {
        assert!(count <= 20);
    }
    if let Ok(items) = parse::list(&value) {
        let json = serde_json::to_string(&items).unwrap_or_default();
        assert_eq!(parse::list(&Value::new(None, json)), Ok(items));
    }
    if let Ok(base) = base_url(&text) {
        assert_eq!(base_url(&base), Ok(base.clone()), "{base}");
        let is_root = base == "/";
        assert!(is_root || base_url(&format!("{base}/")).as_ref() == Ok(&base), "{base}");
        assert!((is_root || !base.ends_with('/')) && base.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    addresses(&text);
    if let Some(near) = nearest(&text, ["endpoint", "region"]) {
        assert!(text.chars().count().abs_diff(near.len()) <= 3);
    }
    assert!(
        !is_alias(&text)
            || text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    );
}

fn durations(text: &str, value: &Value) {
    if let Some(duration) = parse::parse_duration(text) {
        let millis = duration.as_millis();
        if let Ok(millis) = u64::try_from(millis) {
            assert_eq!(parse::parse_duration(&format!("{millis}ms")), Some(duration));
        }
        assert_eq!(parse::parse_duration(&format!("{text}0s")), Some(duration), "{text}");
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
    for (bare, seconds) in [(Bare::Hours, 3_600), (Bare::Seconds, 1)] {
        if let (Ok(duration), Ok(number)) = (parse::duration(value, bare), text.trim().parse::<u64>()) {
            assert_eq!(Some(duration), number.checked_mul(seconds).map(Duration::from_secs));
        }
    }
}

fn addresses(text: &str) {
    for https in [true, false] {
        if let Ok(endpoint) = Endpoint::from_authority(text, https) {
            assert_eq!(Endpoint::from_url(&endpoint.to_string()).as_ref(), Ok(&endpoint));
            assert_eq!(Endpoint::from_authority(endpoint.authority(), https).as_ref(), Ok(&endpoint));
        }
    }
    if let Ok(endpoint) = Endpoint::from_url(text) {
        assert!(!endpoint.to_string().contains('@'));
        assert_eq!(Endpoint::from_url(&endpoint.to_string()), Ok(endpoint));
    }
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("setting_values", run, SEEDS);
}
