use std::sync::atomic::{AtomicBool, Ordering};

use http::header::SERVER;
use http::{HeaderMap, HeaderName};

const RATE_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const HOST_ID: HeaderName = HeaderName::from_static("x-amz-id-2");

/// The oldest SeaweedFS whose conditional writes were seen to be atomic; 3.96 ignored conditions.
const SEAWEEDFS: (u32, u32) = (4, 48);

/// What a server's answers have told of it.
#[derive(Debug, Default)]
pub(crate) struct ServerTraits {
    /// The endpoint is one of Amazon's, so that `Server: AmazonS3` can be believed; others call themselves that too.
    is_amazon: bool,
    has_answered: AtomicBool,
    honours_conditions: AtomicBool,
    is_seaweedfs: AtomicBool,
    is_versitygw: AtomicBool,
    keeps_tags: AtomicBool,
    encrypts: AtomicBool,
    encrypts_by_customers: AtomicBool,
}

impl ServerTraits {
    /// Nothing is known yet of the server with this host name.
    pub(crate) fn of_host(host: &str) -> Self {
        let is_amazon = [".amazonaws.com", ".amazonaws.com.cn"].iter().any(|domain| host.ends_with(domain));
        Self { is_amazon, ..Self::default() }
    }

    pub(super) fn learn_from(&self, headers: &HeaderMap) {
        self.has_answered.store(true, Ordering::Relaxed);
        let Some(server) = headers.get(SERVER).and_then(|server| server.to_str().ok()) else { return };
        if server.starts_with("SeaweedFS") {
            self.is_seaweedfs.store(true, Ordering::Relaxed);
        } else if server.starts_with("VERSITYGW") {
            self.is_versitygw.store(true, Ordering::Relaxed);
        }
        if self.is_known_to_honour(server, headers) {
            self.honours_conditions.store(true, Ordering::Relaxed);
        }
    }

    /// SeaweedFS behind a proxy that drops its name: only its ids of uploads are a SHA-1 and a UUID.
    pub(crate) fn learn_from_upload(&self, id: &str) {
        let is_hex = |text: &str, digits| {
            text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        if id.split_once('_').is_some_and(|(sha1, uuid)| is_hex(sha1, 40) && is_hex(uuid, 32)) {
            self.is_seaweedfs.store(true, Ordering::Relaxed);
        }
    }

    /// By name, and by what only those versions send that have conditional writes: MinIO got `If-None-Match: *` in 2024-05 and the rate
    /// limit's header in 2024-08, VersityGW got conditions in 1.0.18 and the host id in 1.5.
    fn is_known_to_honour(&self, server: &str, headers: &HeaderMap) -> bool {
        match server {
            "MinIO" => headers.contains_key(RATE_LIMIT),
            "VERSITYGW" => headers.contains_key(HOST_ID),
            "AmazonS3" => self.is_amazon,
            _ => seaweedfs_version(server).is_some_and(|version| version >= SEAWEEDFS),
        }
    }

    /// Whether any answer came yet, a refusal too.
    pub(crate) fn has_answered(&self) -> bool {
        self.has_answered.load(Ordering::Relaxed)
    }

    /// Whether the server is one that is known to honour conditions on writes.
    pub(crate) fn honours_conditions(&self) -> bool {
        self.honours_conditions.load(Ordering::Relaxed)
    }

    /// Whether several conditional completions may succeed for one key, and a conditional copy has to decide instead: SeaweedFS 4.48 checks
    /// the condition of a CompleteMultipartUpload, but not atomically, so that of eight racers up to seven succeeded. Its conditional
    /// CopyObject is atomic, which other servers ignore.
    pub(crate) fn completes_in_races(&self) -> bool {
        self.is_seaweedfs.load(Ordering::Relaxed)
    }

    /// Whether a bare 404 may mean that the access key is unknown, as VersityGW 1.8 answers.
    pub(crate) fn hides_unknown_access_keys(&self) -> bool {
        self.is_versitygw.load(Ordering::Relaxed)
    }

    /// Whether a copy onto itself with other attributes keeps those that are not replaced, as on VersityGW 1.8.
    pub(crate) fn mixes_attributes_of_self_copies(&self) -> bool {
        self.is_versitygw.load(Ordering::Relaxed)
    }

    /// Whether tags were once seen to be known.
    pub(crate) fn keeps_tags(&self) -> bool {
        self.keeps_tags.load(Ordering::Relaxed)
    }

    pub(crate) fn seen_to_keep_tags(&self) {
        self.keeps_tags.store(true, Ordering::Relaxed);
    }

    /// Whether an object was once seen to be encrypted, by the server's keys or by the customer's.
    pub(crate) fn encrypts(&self, by_customer: bool) -> bool {
        self.encryption(by_customer).load(Ordering::Relaxed)
    }

    pub(crate) fn seen_to_encrypt(&self, by_customer: bool) {
        self.encryption(by_customer).store(true, Ordering::Relaxed);
    }

    fn encryption(&self, by_customer: bool) -> &AtomicBool {
        if by_customer { &self.encrypts_by_customers } else { &self.encrypts }
    }
}

/// Of `SeaweedFS 8000GB 4.48`, the last word.
fn seaweedfs_version(server: &str) -> Option<(u32, u32)> {
    let mut words = server.strip_prefix("SeaweedFS ")?.split(' ');
    let (major, minor) = words.next_back()?.split_once('.')?;
    let minor = minor.split('.').next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn seen(host: &str, headers: &[(HeaderName, &'static str)]) -> ServerTraits {
        let traits = ServerTraits::of_host(host);
        assert!(!traits.has_answered());
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        traits.learn_from(&headers.collect());
        assert!(traits.has_answered());
        traits
    }

    #[test]
    fn servers_that_honour_conditions_are_known_by_version_and_not_by_name_alone() {
        for (host, headers, is_known) in [
            ("minio", vec![(SERVER, "MinIO"), (RATE_LIMIT, "100")], true),
            ("minio", vec![(SERVER, "MinIO")], false),
            ("minio", vec![(SERVER, "nginx"), (RATE_LIMIT, "100")], false),
            ("weed", vec![(SERVER, "SeaweedFS 8000GB 4.48")], true),
            ("weed", vec![(SERVER, "SeaweedFS 8000GB 5.0")], true),
            ("weed", vec![(SERVER, "SeaweedFS 30GB 4.101")], true),
            ("weed", vec![(SERVER, "SeaweedFS 30GB 3.96")], false),
            ("weed", vec![(SERVER, "SeaweedFS 30GB 4.9")], false),
            ("weed", vec![(SERVER, "SeaweedFS")], false),
            ("versity", vec![(SERVER, "VERSITYGW"), (HOST_ID, "x")], true),
            ("versity", vec![(SERVER, "VERSITYGW")], false),
            ("s3.eu-west-1.amazonaws.com", vec![(SERVER, "AmazonS3")], true),
            ("mock.example.org", vec![(SERVER, "AmazonS3")], false),
            ("s3.amazonaws.com.example.org", vec![(SERVER, "AmazonS3")], false),
            ("garage", vec![], false),
        ] {
            assert_eq!(seen(host, &headers).honours_conditions(), is_known, "{host} {headers:?}");
        }
    }

    #[test]
    fn seaweedfs_is_known_by_name_or_by_its_ids() {
        assert!(seen("weed", &[(SERVER, "SeaweedFS 30GB 3.96")]).completes_in_races());
        assert!(!seen("minio", &[(SERVER, "MinIO")]).completes_in_races());
        for (id, is_seaweedfs) in [
            ("1cf1f856e0d33c8a394780ba3877c0685339b2ca_94e5f32529244de5903aecffb5d5a8a4", true),
            ("1cf1f856e0d33c8a394780ba3877c0685339b2c_94e5f32529244de5903aecffb5d5a8a4", false),
            ("1CF1F856E0D33C8A394780BA3877C0685339B2CA_94e5f32529244de5903aecffb5d5a8a4", false),
            ("ZTZjMjg5NWEtY2RmMy00MTE5LTlmNDEtOGFjZWM5MDYxYzljLmE0", false),
            ("1cf1f856e0d33c8a394780ba3877c0685339b2ca94e5f32529244de5903aecff", false),
        ] {
            let traits = ServerTraits::default();
            traits.learn_from_upload(id);
            assert_eq!(traits.completes_in_races(), is_seaweedfs, "{id}");
        }
    }
}
