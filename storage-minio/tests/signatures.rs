//! The signed URLs of a storage are, byte for byte, those of an independent implementation.

#![allow(clippy::unwrap_used, reason = "a failure here is a failure of the test")]

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;
use rusty_s3::actions::{GetObject, HeadObject};
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use storage_core::clock::Clock;
use storage_core::url::{ResponseOverrides, UrlMethod};
use storage_core::{ObjectKey, Storage, UrlOptions};
use storage_minio::{Addressing, MinioStorage};

const OVERRIDES: [&str; 6] = [
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
];

#[derive(Clone, Debug)]
struct Case {
    key: ObjectKey,
    options: UrlOptions,
    addressing: Addressing,
    session_token: Option<String>,
    seconds: u64,
}

fn case() -> impl Strategy<Value = Case> {
    let key = "[ -~é漢😀]{1,40}".prop_filter_map("no key", |key| ObjectKey::new(key).ok());
    let options = (
        vec((prop::sample::select(&OVERRIDES[..]), "[ -~]{1,30}"), 0..4),
        prop_oneof![Just(UrlMethod::Get), Just(UrlMethod::Head)],
        1_u64..=604_800,
    );
    let options = options.prop_map(|(pairs, method, seconds)| {
        let mut response = ResponseOverrides::default();
        for (name, value) in pairs {
            assert!(response.set(name, value));
        }
        UrlOptions::new().method(method).response(response).expires_in(Duration::from_secs(seconds))
    });
    let addressing = prop_oneof![Just(Addressing::Path), Just(Addressing::VirtualHost)];
    let session_token = proptest::option::of("[!-~]{1,60}");
    (key, options, addressing, session_token, 0_u64..250_000_000_000).prop_map(
        |(key, options, addressing, session_token, seconds)| Case {
            key,
            options,
            addressing,
            session_token,
            seconds,
        },
    )
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(2_000) })]

    #[test]
    fn equal_those_of_rusty_s3(case in case()) {
        prop_assert_eq!(our_url(&case), their_url(&case));
    }
}

fn our_url(case: &Case) -> String {
    let builder = MinioStorage::builder()
        .endpoint("http://minio:9000")
        .external_endpoint("https://files.example.org")
        .region("eu-central-1")
        .bucket("photos")
        .credentials("access", "secret/+=")
        .addressing(case.addressing)
        .clock(Clock::fixed(time(case)));
    let builder = match &case.session_token {
        Some(token) => builder.session_token(token),
        None => builder,
    };
    let storage = builder.build().unwrap();
    storage.url_signer().unwrap().signed_url(&case.key, &case.options).unwrap().to_string()
}

fn their_url(case: &Case) -> String {
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
    let (expires_in, time) = (case.options.expires_in.unwrap(), Timestamp::try_from(time(case)).unwrap());
    let key = case.key.as_str();
    let url = if case.options.method == UrlMethod::Head {
        let mut action = HeadObject::new(&bucket, Some(&credentials), key);
        case.options.response.iter().for_each(|(name, value)| action.query_mut().insert(name, value));
        action.sign_with_time(expires_in, &time)
    } else {
        let mut action = GetObject::new(&bucket, Some(&credentials), key);
        case.options.response.iter().for_each(|(name, value)| action.query_mut().insert(name, value));
        action.sign_with_time(expires_in, &time)
    };
    url.into()
}

fn time(case: &Case) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(case.seconds)
}
