//! Signed URLs: what is signed is granted as it was signed, and nothing else is granted.

use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use storage_core::clock::Clock;
use storage_core::url::{
    MAX_EXPIRY, ResponseOverrides, SignedUpload, UploadOptions, UploadSigner as _, UploadTerms, UrlMethod,
    UrlRefusal, UrlSigner as _, UrlVerifier as _,
};
use storage_core::{ObjectKey, PutOptions, UrlOptions};

use crate::signed_url::{BaseUrl, Signer, SigningKey};

/// A base, a store, a key, headers of the answer, and two numbers that choose the change.
pub const SEEDS: &[&[u8]] = &[
    "/files\u{0}photos\u{0}docs/Übersicht 1.pdf\u{0}attachment; filename=\"x.pdf\"\u{0}text/plain\u{0}\u{0}41\u{0}7".as_bytes(),
    b"https://example.org/f/\0my store\0a+b?c&d=e%20.txt\0\0\0no-store\x00200\x001",
    b"/\0\0a\0\0\0\x000\x000",
    b"/files\0photos\0/files/photos/a?expires=1764000060&signature=0000000000000000000000000000000000000000000000000000000000000000\0\0\0\x009\x003",
];

const NOW: u64 = 1_764_000_000;

/// Fields separated by NUL, which no key has.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut fields = text.split('\0');
    let mut next = || fields.next().unwrap_or_default();
    let (base, store, key, disposition, content_type, cache_control) =
        (next(), next(), next(), next(), next(), next());
    let (place, change) = (next().parse().unwrap_or(0_usize), next().parse().unwrap_or(0_u8));
    let Ok(base) = BaseUrl::new(base) else { return };
    let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(NOW));
    let signer = Signer::new(store, base, SigningKey::given(b"0123456789abcdef").unwrap(), MAX_EXPIRY, clock);
    // Whoever knows no signature is granted nothing.
    for (method, target) in [("GET", key), ("HEAD", &*text), ("PUT", key), ("DELETE", &*text)] {
        assert!(signer.verify_url(method, target, &HeaderMap::new()).is_err());
    }
    let Ok(key) = ObjectKey::new(key) else { return };
    upload(&signer, &key, (disposition, content_type, cache_control), place, change);

    let mut response = ResponseOverrides::default();
    let given = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
    response.content_disposition = given(disposition);
    response.content_type = given(content_type);
    response.cache_control = given(cache_control);
    let life = 1 + place as u64 % MAX_EXPIRY.as_secs();
    let options = UrlOptions::new().expires_in(Duration::from_secs(life)).response(response);
    let url = match signer.signed_url(&key, &options) {
        Ok(url) => url.to_string(),
        Err(_) => return assert!(options.validate().is_err()),
    };
    let public = signer.public_url(&key).unwrap().to_string();
    let (path, _) = url.split_once('?').unwrap();
    assert!(url.bytes().all(|byte| byte.is_ascii_graphic()) && public == path, "{url}");
    assert!(percent_decode_str(path).decode_utf8_lossy().ends_with(&format!("{store}/{key}")), "{url}");
    granted(&signer, &key, &options, path_and_query(&url), life);
    assert_ne!(signer.verify_url("GET", path_and_query(&public), &HeaderMap::new()).err(), None);
    refused(&signer, ("GET", &HeaderMap::new()), path_and_query(&url), place, change);
}

/// The same texts as what an upload has to be like.
fn upload(signer: &Signer, key: &ObjectKey, texts: (&str, &str, &str), place: usize, change: u8) {
    let (metadata, content_type, tag) = texts;
    let mut put = PutOptions::new().metadata("m", metadata);
    put.attributes.content_type = Some(content_type.to_owned()).filter(|value| !value.is_empty());
    if !tag.is_empty() {
        put = put.tag(tag, metadata);
    }
    let options = UploadOptions::new().content_length(place as u64).put(put);
    let Ok(upload) = signer.upload_url(key, &options) else {
        return assert!(options.validate().is_err());
    };
    let (url, headers) = (path_and_query(upload.url.as_str()), sent(&upload));
    let grant = signer.verify_url("PUT", url, &headers).unwrap();
    let terms = UploadTerms::new(options.put).with_length(place as u64, place as u64);
    assert_eq!((grant.key, grant.upload), (key.clone(), Some(terms)));
    refused(signer, ("PUT", &headers), url, place, change);
    for name in headers.keys() {
        let mut less = headers.clone();
        less.remove(name);
        assert_eq!(signer.verify_url("PUT", url, &less), Err(UrlRefusal::HeaderMismatch), "without {name}");
    }
}

fn sent(upload: &SignedUpload) -> HeaderMap {
    let headers = upload.headers.iter().map(|(name, value)| {
        let name: HeaderName = name.parse().unwrap();
        (name, HeaderValue::from_str(value).unwrap())
    });
    let mut headers: HeaderMap = headers.collect();
    headers.insert("content-length", upload.content_length.unwrap().into());
    headers
}

fn path_and_query(url: &str) -> &str {
    if url.starts_with('/') {
        return url;
    }
    url.split_once("://").map_or("", |(_, rest)| &rest[rest.find('/').unwrap_or(rest.len())..])
}

fn granted(signer: &Signer, key: &ObjectKey, options: &UrlOptions, url: &str, life: u64) {
    let grant = signer.verify_url("GET", url, &HeaderMap::new()).unwrap();
    assert_eq!((&grant.key, grant.method, &grant.response), (key, UrlMethod::Get, &options.response));
    assert_eq!(grant.expires_at, Some(UNIX_EPOCH + Duration::from_secs(NOW + life)));
    assert_eq!(signer.verify_url("HEAD", url, &HeaderMap::new()), Err(UrlRefusal::SignatureMismatch));
}

/// One character less, more, or another, somewhere.
fn refused(signer: &Signer, request: (&str, &HeaderMap), url: &str, place: usize, change: u8) {
    let (method, headers) = request;
    let at = place % url.len();
    let (before, after) = (&url[..at], &url[at + 1..]);
    let other = char::from(0x20 + change % 0x5f);
    let changed = [
        format!("{before}{after}"),
        format!("{before}{other}{}", &url[at..]),
        format!("{before}{other}{after}"),
        format!("{before}%{:02X}{after}", url.as_bytes()[at]),
        format!("{before}{after}{}", &url[at..=at]),
        format!("{url}{other}"),
        format!("{url}&{}", url.split('&').next_back().unwrap_or_default()),
    ];
    for changed in changed.iter().filter(|changed| *changed != url) {
        assert!(signer.verify_url(method, changed, headers).is_err(), "{changed} instead of {url}");
    }
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("signed_urls", run, SEEDS);
}
