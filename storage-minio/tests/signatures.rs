//! The signed URLs of a storage are, byte for byte, those of an independent implementation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::test_runner::Config;
use rusty_s3::actions::{DeleteObject, GetObject, HeadObject, PutObject};
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use storage_core::clock::Clock;
use storage_core::options::{Checksum, PutMode, ServerSideEncryption};
use storage_core::url::{ResponseOverrides, SignedUpload, UploadOptions, UrlMethod};
use storage_core::{ETag, ObjectKey, PutOptions, Storage, UrlOptions};
use storage_minio::{Addressing, MinioStorage};

const OVERRIDES: [&str; 6] = [
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
];

/// Who signs, for what, and when.
#[derive(Clone, Debug)]
struct Case {
    key: ObjectKey,
    addressing: Addressing,
    session_token: Option<String>,
    seconds: u64,
}

fn case() -> impl Strategy<Value = Case> {
    let key = "[ -~é漢😀]{1,40}".prop_filter_map("no key", |key| ObjectKey::new(key).ok());
    let addressing = prop_oneof![Just(Addressing::Path), Just(Addressing::VirtualHost)];
    let session_token = of("[!-~]{1,60}");
    (key, addressing, session_token, 700_000_u64..250_000_000_000).prop_map(
        |(key, addressing, session_token, seconds)| Case { key, addressing, session_token, seconds },
    )
}

fn reading() -> impl Strategy<Value = UrlOptions> {
    let overrides = vec((prop::sample::select(&OVERRIDES[..]), "[ -~]{1,30}"), 0..4);
    let method = prop_oneof![Just(UrlMethod::Get), Just(UrlMethod::Head), Just(UrlMethod::Delete)];
    let further = btree_map("[A-Za-z~.-]{1,12}", "[ -~é漢😀]{0,12}", 0..4);
    let window = of(1_u64..=86_400);
    (overrides, method, 1_u64..=518_400, further, of("[ -~]{1,20}"), window).prop_map(
        |(pairs, method, seconds, further, version, window)| {
            let mut options = UrlOptions::new().method(method).expires_in(Duration::from_secs(seconds));
            let mut response = ResponseOverrides::default();
            for (name, value) in pairs.into_iter().filter(|_| method.is_read()) {
                assert!(response.set(name, value));
            }
            options.response = response;
            (options.query, options.version) = (further, version);
            options.stable_for = window.map(Duration::from_secs);
            options
        },
    )
}

fn uploading() -> impl Strategy<Value = UploadOptions> {
    let header = || of("[!-~]([ -~]{0,20}[!-~])?");
    let metadata = btree_map("[a-z0-9_.-]{1,10}", "([!-~é漢😀]([ -~é漢😀]{0,20}[!-~])?)?", 0..4);
    let tags = btree_map("[A-Za-z0-9 +=._:/@-]{1,8}", "[A-Za-z0-9 +=._:/@-]{0,8}", 0..3);
    let checksum = prop_oneof![
        Just(None),
        any::<[u8; 16]>().prop_map(|digest| Some(Checksum::Md5(digest))),
        any::<[u8; 32]>().prop_map(|digest| Some(Checksum::Sha256(digest))),
    ];
    let mode = prop_oneof![
        Just(PutMode::Overwrite),
        Just(PutMode::Create),
        "[a-f0-9]{32}".prop_map(|etag| PutMode::IfMatch(ETag::new(etag)))
    ];
    let others =
        (checksum, mode, of(Just(ServerSideEncryption::Managed)), of("[A-Z_]{1,20}"), of(any::<u64>()));
    (header(), header(), header(), metadata, tags, others, 1_u64..=604_800).prop_map(
        |(content_type, cache_control, language, metadata, tags, others, seconds)| {
            let mut put = PutOptions::new();
            put.attributes.content_type = content_type;
            put.attributes.cache_control = cache_control;
            put.attributes.content_language = language;
            (put.attributes.metadata, put.tags) = (metadata, tags);
            let length;
            (put.checksum, put.mode, put.encryption, put.storage_class, length) = others;
            let mut options = UploadOptions::new().put(put).expires_in(Duration::from_secs(seconds));
            options.content_length = length;
            options
        },
    )
}

/// A small number for every run; as many as `STORAGE_TEST_SIGNATURES` says, if it is set.
#[allow(clippy::disallowed_methods, reason = "a test is told by the environment how long it may take")]
fn config() -> Config {
    let cases = std::env::var("STORAGE_TEST_SIGNATURES").map_or(1_000, |cases| cases.parse().unwrap());
    Config { failure_persistence: None, ..Config::with_cases(cases) }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn of_reading_and_deleting_equal_those_of_rusty_s3(case in case(), options in reading()) {
        let ours = storage(&case).url_signer().unwrap().signed_url(&case.key, &options).unwrap();
        prop_assert_eq!(ours.as_str(), their_url(&case, &options));
    }

    #[test]
    fn of_uploading_equal_those_of_rusty_s3(case in case(), options in uploading()) {
        let ours = storage(&case).upload_signer().unwrap().upload_url(&case.key, &options).unwrap();
        prop_assert_eq!(ours.url.as_str(), their_upload(&case, &options, &ours));
    }
}

fn storage(case: &Case) -> MinioStorage {
    let builder = MinioStorage::builder()
        .endpoint("http://minio:9000")
        .external_endpoint("https://files.example.org")
        .region("eu-central-1")
        .bucket("photos")
        .credentials("access", "secret/+=")
        .addressing(case.addressing)
        .clock(Clock::fixed(SystemTime::UNIX_EPOCH + Duration::from_secs(case.seconds)));
    let builder = match &case.session_token {
        Some(token) => builder.session_token(token),
        None => builder,
    };
    builder.build().unwrap()
}

fn their_bucket(case: &Case) -> (Bucket, Credentials) {
    let style = match case.addressing {
        Addressing::VirtualHost => UrlStyle::VirtualHost,
        _ => UrlStyle::Path,
    };
    let endpoint = "https://files.example.org".parse().unwrap();
    let bucket = Bucket::new(endpoint, style, "photos", "eu-central-1").unwrap();
    let credentials = match &case.session_token {
        Some(token) => Credentials::new_with_token("access", "secret/+=", token),
        None => Credentials::new("access", "secret/+="),
    };
    (bucket, credentials)
}

fn their_url(case: &Case, options: &UrlOptions) -> String {
    let (bucket, credentials) = their_bucket(case);
    let key = case.key.as_str();
    match options.method {
        UrlMethod::Get => their_signed(GetObject::new(&bucket, Some(&credentials), key), case, options),
        UrlMethod::Head => their_signed(HeadObject::new(&bucket, Some(&credentials), key), case, options),
        UrlMethod::Delete => their_signed(DeleteObject::new(&bucket, Some(&credentials), key), case, options),
        other => panic!("{other:?}"),
    }
}

fn their_signed<'a>(mut action: impl S3Action<'a>, case: &'a Case, options: &'a UrlOptions) -> String {
    let query = action.query_mut();
    options.response.iter().for_each(|(name, value)| query.insert(name, value));
    options.query.iter().for_each(|(name, value)| query.insert(name.as_str(), value.as_str()));
    options.version.iter().for_each(|version| query.insert("versionId", version.as_str()));
    // A window rounds the time down, and is added to the life.
    let window = options.stable_for.map_or(0, |window| window.as_secs());
    let from = case.seconds - case.seconds.checked_rem(window).unwrap_or(0);
    let life = options.expires_in.unwrap() + Duration::from_secs(window);
    action.sign_with_time(life, &timestamp(from)).into()
}

/// With the headers that ours tells whoever uploads.
fn their_upload(case: &Case, options: &UploadOptions, ours: &SignedUpload) -> String {
    let (bucket, credentials) = their_bucket(case);
    let mut action = PutObject::new(&bucket, Some(&credentials), case.key.as_str());
    for (name, value) in &ours.headers {
        action.headers_mut().insert(name.as_str(), value.as_str());
    }
    if let Some(length) = options.content_length {
        action.headers_mut().insert("content-length", length.to_string());
    }
    action.sign_with_time(options.expires_in.unwrap(), &timestamp(case.seconds)).into()
}

fn timestamp(seconds: u64) -> Timestamp {
    Timestamp::try_from(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap()
}
