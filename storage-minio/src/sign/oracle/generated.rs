use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::test_runner::Config;
use storage_core::{BucketName, ObjectKey};

use crate::addressing::{Addressing, BucketAddress};
use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::sign::{Payload, Signer};

/// Enough cases for every run of the tests, and no files left behind. As many as `STORAGE_TEST_SIGNATURES` says, if it is set.
#[allow(clippy::disallowed_methods, reason = "a test is told by the environment how long it may take")]
pub(super) fn config() -> Config {
    let cases = std::env::var("STORAGE_TEST_SIGNATURES").map_or(1_000, |cases| cases.parse().unwrap());
    Config { failure_persistence: None, ..Config::with_cases(cases) }
}

/// Everything that a signature depends on.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) method: Method,
    pub(super) endpoint: String,
    pub(super) addressing: Addressing,
    pub(super) key: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) secrets: Secrets,
    pub(super) region: String,
    pub(super) seconds: u64,
    pub(super) expires_in_seconds: u64,
    pub(super) payload: Payload,
}

#[derive(Clone, Debug)]
pub(super) struct Secrets {
    pub(super) access_key: String,
    pub(super) secret_key: String,
    pub(super) session_token: Option<String>,
}

pub(super) const BUCKET: &str = "photos.example";

impl Case {
    pub(super) fn address(&self) -> BucketAddress {
        let bucket = BucketName::new(BUCKET).unwrap();
        let endpoint: Endpoint = self.endpoint.parse().unwrap();
        BucketAddress::internal(&endpoint, self.addressing, &bucket).unwrap()
    }

    pub(super) fn signer(&self) -> Signer {
        Signer::new(self.region.as_str())
    }

    pub(super) fn credentials(&self) -> Credentials {
        let credentials = Credentials::new(&self.secrets.access_key, &self.secrets.secret_key).unwrap();
        match &self.secrets.session_token {
            Some(token) => credentials.with_session_token(token).unwrap(),
            None => credentials,
        }
    }

    pub(super) fn time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.seconds)
    }

    pub(super) fn query_pairs(&self) -> Vec<(&str, &str)> {
        self.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    pub(super) fn header_pairs(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn header_map(&self) -> HeaderMap {
        self.header_pairs()
            .map(|(name, value)| {
                (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
            })
            .collect()
    }
}

/// Keys, parameters and headers of any content, names repeated.
pub(super) fn any_case() -> impl Strategy<Value = Case> {
    let key = prop_oneof![any::<String>(), odd_text(), "[a-z./%+ ]{0,30}"];
    let query = vec((prop_oneof![parameter_name(), "\\PC{1,8}"], odd_text()), 0..5);
    let headers = vec((header_name(), header_value()), 0..6);
    case(key, query, headers)
}

/// What URLs of the `url` crate can hold and what sorts alike before and after it is encoded; no name twice.
pub(super) fn plain_case() -> impl Strategy<Value = Case> {
    let key = prop_oneof![odd_text(), any::<String>(), "[a-z./%+ ]{0,30}"]
        .prop_filter_map("no key", |key| ObjectKey::new(key).map(String::from).ok());
    let query = btree_map(parameter_name(), odd_text(), 0..5)
        .prop_map(|pairs: BTreeMap<_, _>| pairs.into_iter().collect());
    let headers = btree_map(header_name(), header_value(), 0..6)
        .prop_map(|pairs: BTreeMap<_, _>| pairs.into_iter().collect());
    case(key, query, headers)
}

fn case(
    key: impl Strategy<Value = String>,
    query: impl Strategy<Value = Vec<(String, String)>>,
    headers: impl Strategy<Value = Vec<(String, String)>>,
) -> impl Strategy<Value = Case> {
    let method = prop_oneof![
        Just(Method::GET),
        Just(Method::HEAD),
        Just(Method::PUT),
        Just(Method::POST),
        Just(Method::DELETE)
    ];
    let place = prop_oneof![
        (
            "https?://[a-z]{1,8}\\.example(:(80|443|9000))?",
            prop_oneof![Just(Addressing::Path), Just(Addressing::VirtualHost)]
        ),
        ("https?://(127\\.0\\.0\\.1|\\[::1\\])(:9000)?", Just(Addressing::Path)),
    ];
    let secret = "[!-~]{1,80}";
    let secrets = ("[!-+./0-9:;<>?@A-Za-z~-]{1,30}", secret, proptest::option::of("[!-~]{1,200}")).prop_map(
        |(access_key, secret_key, session_token)| Secrets { access_key, secret_key, session_token },
    );
    let region = prop_oneof![Just("us-east-1".to_owned()), "[a-z]{2}-[a-z]{4,9}-[0-9]", "[!-~]{1,10}"];
    let payload = prop_oneof![
        Just(Payload::Unsigned),
        Just(Payload::Empty),
        any::<[u8; 32]>().prop_map(Payload::Sha256)
    ];
    let times = (0_u64..250_000_000_000, 1_u64..=604_800);
    (method, place, (key, query, headers), secrets, region, times, payload).prop_map(
        |(method, (endpoint, addressing), (key, query, headers), secrets, region, times, payload)| Case {
            method,
            endpoint,
            addressing,
            key,
            query,
            headers,
            secrets,
            region,
            seconds: times.0,
            expires_in_seconds: times.1,
            payload,
        },
    )
}

/// Names and values of fields, and whether the value is a prefix.
pub(super) fn any_fields() -> impl Strategy<Value = Vec<(String, String, bool)>> {
    vec(("[A-Za-z][A-Za-z0-9_-]{0,12}", prop_oneof![odd_text(), any::<String>()], any::<bool>()), 0..6)
}

/// What has a meaning somewhere: separators, escapes, quotes, other scripts, control characters.
fn odd_text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(
        "abcXYZ019-._~/%+ &=?#:;,@!$'()*[]{}<>|\\^`\"\t\r\n\0\u{7f}é漢😀\u{a0}\u{202e}"
            .chars()
            .collect::<Vec<_>>(),
    );
    vec(odd, 0..24).prop_map(|characters| characters.into_iter().collect())
}

/// Names before, among and after those of the signature.
fn parameter_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9._~-]{1,12}",
        "X-Amz-[A-Z][a-z]{1,3}",
        Just("response-content-disposition".to_owned()),
        Just("versionId".to_owned()),
    ]
}

/// Names before and after `host`; none that a signer sets itself or leaves out.
fn header_name() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "content-type",
        "content-md5",
        "content-length",
        "range",
        "if-none-match",
        "cache-control",
        "x-amz-copy-source",
        "content-disposition",
        "x-amz-meta-name",
        "hos",
        "hosta",
        "x-amz-server-side-encryption",
    ]);
    prop_oneof![
        known.prop_map(str::to_owned),
        "x-amz-meta-[a-z0-9_.-]{1,10}",
        "[a-z][a-z0-9!#$&'*+.^_`|~-]{0,10}"
    ]
    .prop_filter("special", |name| {
        !super::super::signed_headers::UNSIGNED.contains(&name.as_str()) && name != "host"
    })
}

/// Spaces in all places, and letters of other scripts.
fn header_value() -> impl Strategy<Value = String> {
    prop_oneof![" {0,3}([!-~]{0,5} {0,4}){0,4}", "[ -~é漢😀]{0,20}"]
}
