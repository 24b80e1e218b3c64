use std::fmt::Display;

use super::embedded::base_url;
use super::endpoint::Endpoint;
use super::external_endpoint::ExternalEndpoint;
use super::http_client::{self, HttpClientSettings};
use super::key::{self, Key};
use super::parse;
use super::reader::Reader;
#[cfg(feature = "minio")]
use super::store_rules::{self, Parts};
use super::{Origin, Secret};

/// Settings of a MinIO or any other S3 server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MinioSettings {
    /// Where the application reaches the server.
    pub endpoint: Endpoint,
    /// Where the users' browsers reach it, if that is somewhere else. URLs are signed for it.
    pub external_endpoint: Option<ExternalEndpoint>,
    /// Default: `us-east-1`.
    pub region: String,
    /// How the bucket stands in an address. Default: in the path.
    pub addressing_style: AddressingStyle,
    /// What the URLs of public objects begin with, instead of an endpoint's address: a CDN. The key follows it.
    pub public_base_url: Option<String>,
    /// Whether requests are signed over their content too. Default: automatic.
    pub payload_signing: PayloadSigning,
    /// Whether what is read is compared with its `ETag`. Default: automatic.
    pub read_verification: ReadVerification,
    /// Whether the server heeds conditions (`If-None-Match`, `If-Match`) on writes. Default: it is found out. For one that ignores them, as
    /// Garage does, names are made free by a random suffix.
    pub conditional_writes: ConditionalWrites,
    /// The credentials' name.
    pub access_key: Secret,
    /// The credentials' secret.
    pub secret_key: Secret,
    /// The token that temporary credentials come with.
    pub session_token: Option<Secret>,
    /// Whether saving into a missing bucket creates it. Default: no.
    pub bucket_check_on_save: bool,
    /// Content of more bytes than this is sent in parts. Default: 10 MiB.
    pub multipart_threshold: u64,
    /// How many bytes a part has. Default: 10 MiB.
    pub multipart_part_size: u64,
    /// Time-outs, retries and the like.
    pub http_client: HttpClientSettings,
}

/// How the bucket stands in an address
/// ([S3 user guide, "Virtual hosting of general purpose buckets"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressingStyle {
    /// `https://host/bucket/key`: works everywhere.
    #[default]
    Path,
    /// `https://bucket.host/key`: needs a DNS name for each bucket.
    VirtualHost,
}

/// Whether requests are signed over their content too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PayloadSigning {
    /// Without TLS only: over TLS the content is safe on its way, and hashing it is most of the work of an upload.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Whether an object that is read whole is compared with the MD5 that its `ETag` is, if it is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadVerification {
    /// Without TLS only, which checks the content on its way by itself.
    #[default]
    Auto,
    /// Always: also what changed on the server is noticed.
    Always,
    /// Never: for a server whose `ETag`s look like an MD5 and are none.
    Never,
}

/// Whether the server heeds conditions on writes, or takes them and ignores them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConditionalWrites {
    /// It is found out when the first write needs it: `auto`.
    #[default]
    Auto,
    /// It does: `true`.
    Honoured,
    /// It heeds `If-None-Match`, but not `If-Match`: `create-only`.
    CreateOnly,
    /// It does not: `false`.
    Ignored,
}

const CONDITIONS: [(&str, ConditionalWrites); 8] = [
    ("auto", ConditionalWrites::Auto),
    ("true", ConditionalWrites::Honoured),
    ("false", ConditionalWrites::Ignored),
    ("create-only", ConditionalWrites::CreateOnly),
    ("1", ConditionalWrites::Honoured),
    ("0", ConditionalWrites::Ignored),
    ("yes", ConditionalWrites::Honoured),
    ("no", ConditionalWrites::Ignored),
];

const SIGNINGS: [(&str, PayloadSigning); 3] =
    [("auto", PayloadSigning::Auto), ("always", PayloadSigning::Always), ("never", PayloadSigning::Never)];

const VERIFICATIONS: [(&str, ReadVerification); 3] = [
    ("auto", ReadVerification::Auto),
    ("always", ReadVerification::Always),
    ("never", ReadVerification::Never),
];

const STYLES: [(&str, AddressingStyle); 2] =
    [("path", AddressingStyle::Path), ("virtual", AddressingStyle::VirtualHost)];

/// The limits of S3 for a part ([S3 user guide, "Multipart upload limits"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)).
const PART_SIZES: std::ops::RangeInclusive<u64> = 5 << 20..=5 << 30;

/// Reads all keys, and faults missing ones only if the server `is_used`.
pub(super) fn read(reader: &mut Reader<'_>, is_used: bool) -> Option<MinioSettings> {
    let endpoint = endpoint(reader, &INTERNAL, is_used);
    let external_endpoint = endpoint_of_users(reader);
    let region = reader.read(&key::REGION, region);
    let addressing_style = reader.read(&key::ADDRESSING_STYLE, |value| parse::choice(value, &STYLES));
    let public_base_url = reader.read(&key::PUBLIC_BASE_URL, |value| absolute_url(&parse::text(value)?));
    let payload_signing = reader.read(&key::PAYLOAD_SIGNING, |value| parse::choice(value, &SIGNINGS));
    let read_verification =
        reader.read(&key::READ_VERIFICATION, |value| parse::choice(value, &VERIFICATIONS));
    let conditional_writes = reader.read(&key::CONDITIONAL_WRITES, |value| parse::choice(value, &CONDITIONS));
    let access_key = credential(reader, &key::ACCESS_KEY, is_used);
    let secret_key = credential(reader, &key::SECRET_KEY, is_used);
    let session_token = reader.secret(&key::SESSION_TOKEN);
    let bucket_check_on_save = reader.read(&key::CHECK_ON_SAVE, parse::boolean);
    let multipart_threshold = reader.read(&key::MULTIPART_THRESHOLD, |value| parse::bytes(value, PART_SIZES));
    let multipart_part_size = reader.read(&key::MULTIPART_PART_SIZE, |value| parse::bytes(value, PART_SIZES));
    let http_client = http_client::read(reader);
    #[cfg(feature = "minio")]
    store_rules::check(
        reader,
        &Parts {
            endpoint: endpoint.as_ref(),
            external_endpoint: external_endpoint.as_ref(),
            addressing_style,
            public_base_url: public_base_url.as_ref(),
            access_key: access_key.as_ref(),
            secret_key: secret_key.as_ref(),
            session_token: session_token.as_ref(),
        },
    );
    Some(MinioSettings {
        endpoint: endpoint?,
        external_endpoint,
        region: region?,
        addressing_style: addressing_style?,
        public_base_url,
        payload_signing: payload_signing?,
        read_verification: read_verification?,
        conditional_writes: conditional_writes?,
        access_key: access_key?,
        secret_key: secret_key?,
        session_token,
        bucket_check_on_save: bucket_check_on_save?,
        multipart_threshold: multipart_threshold?,
        multipart_part_size: multipart_part_size?,
        http_client: http_client?,
    })
}

/// How one of the two endpoints is read.
struct Reading<T> {
    key: &'static Key,
    use_https: &'static Key,
    from_authority: fn(&str, bool) -> Result<T, String>,
    from_url: fn(&str) -> Result<T, String>,
    is_https: fn(&T) -> bool,
}

const INTERNAL: Reading<Endpoint> = Reading {
    key: &key::ENDPOINT,
    use_https: &key::USE_HTTPS,
    from_authority: Endpoint::from_authority,
    from_url: Endpoint::from_url,
    is_https: Endpoint::is_https,
};

const EXTERNAL: Reading<ExternalEndpoint> = Reading {
    key: &key::EXTERNAL_ENDPOINT,
    use_https: &key::EXTERNAL_USE_HTTPS,
    from_authority: ExternalEndpoint::from_authority,
    from_url: ExternalEndpoint::from_url,
    is_https: |endpoint| endpoint.endpoint().is_https(),
};

fn endpoint<T: Display>(reader: &mut Reader<'_>, reading: &Reading<T>, is_needed: bool) -> Option<T> {
    let (key, use_https) = (reading.key, reading.use_https);
    let https = reader.read(use_https, parse::boolean);
    if !reader.is_set(key) {
        if is_needed {
            reader.missing(key, "a MinIO store needs its host[:port]");
        }
        return None;
    }
    if reader.origin(key) == Origin::Code {
        let endpoint = reader.read(key, |value| (reading.from_url)(&parse::text(value)?))?;
        if https.is_some_and(|https| https != (reading.is_https)(&endpoint)) {
            let rule = format!("it contradicts the scheme of {endpoint}; leave it out");
            reader.fault(use_https, rule);
        }
        return Some(endpoint);
    }
    if is_needed && !reader.is_set(use_https) {
        reader.missing(use_https, "say true or false: whether the endpoint is https must not be guessed");
    }
    let https_or_any = https.unwrap_or(true);
    let endpoint = reader.read(key, |value| (reading.from_authority)(&parse::text(value)?, https_or_any))?;
    https.map(|_| endpoint)
}

fn endpoint_of_users(reader: &mut Reader<'_>) -> Option<ExternalEndpoint> {
    let (key, use_https) = (EXTERNAL.key, EXTERNAL.use_https);
    let in_code = reader.origin(key) == Origin::Code;
    match (reader.is_set(key), reader.is_set(use_https)) {
        (true, false) if !in_code => {
            reader.missing(use_https, "the external endpoint is set, so this must be set too");
        }
        (false, true) => {
            reader.missing(
                key,
                "whether the external endpoint uses https is set, so the endpoint must be set too",
            );
        }
        _ => {}
    }
    endpoint(reader, &EXTERNAL, false)
}

fn credential(reader: &mut Reader<'_>, key: &Key, is_needed: bool) -> Option<Secret> {
    if is_needed && !reader.is_set(key) {
        reader.missing(key, "a MinIO store needs it");
    }
    reader.secret(key)
}

fn absolute_url(text: &str) -> parse::Parsed<String> {
    match base_url(text)? {
        path if path.starts_with('/') => Err("it must begin with https:// or http://".into()),
        url => Ok(url),
    }
}

fn region(value: &config::Value) -> parse::Parsed<String> {
    let region = parse::text(value)?;
    match region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        true => Ok(region),
        false => Err("it must be made of letters, digits, `-` and `_`".into()),
    }
}
